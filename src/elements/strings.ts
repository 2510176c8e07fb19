/** Words of the timer, which are there from the first second. */
export interface TimerStrings {
  timeLeft: string;
  loading: string;
  paused: string;
  /** @param time by the customer's clock, such as `15:00`. */
  endsAt(time: string): string;
}

export const englishTimer: TimerStrings = {
  timeLeft: 'Time left',
  loading: 'Checking your session…',
  paused: 'Paused',
  endsAt: (time) => `ends ${time}`,
};
