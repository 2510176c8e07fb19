/** Words of everything but the timer. Amounts and lengths arrive as text already, in the customer's language. */
export interface PanelStrings {
  addTime: string;
  pause: string;
  resume: string;
  end: string;
  dismiss: string;
  keepGoing: string;
  notNow: string;
  tryAgain: string;
  getTokens: string;
  goBack: string;
  timeLeft: string;
  /** @param duration such as `5 minutes`. */
  left(duration: string): string;
  /** The banner. @param time by the customer's clock @param canExtend whether time can be added */
  warning(time: string, canExtend: boolean): string;
  warningTitle: string;
  warningText: string;
  extendTitle: string;
  extendText: string;
  endTitle: string;
  endText: string;
  endNow: string;
  /** @param duration such as `15 minutes` @param price such as `15 tokens` */
  confirmExtend(duration: string, price: string): string;
  chooseExtend: string;
  working: string;
  tokens(amount: number, text: string): string;
  endsAt(time: string): string;
  extended(duration: string, time: string | null): string;
  tooFewTokens: string;
  limitReached: string;
  pausedFor(duration: string): string;
  resumed: string;
  reconnecting: string;
  reconnected: string;
  offline: string;
  endedTitle: string;
  timeUpTitle: string;
  used: string;
  cost: string;
  refund: string;
  goBackYourself: string;
  reference(code: string): string;
}

export const english: PanelStrings = {
  addTime: 'Add time',
  pause: 'Pause',
  resume: 'Resume',
  end: 'End',
  dismiss: 'Dismiss',
  keepGoing: 'Keep going',
  notNow: 'Not now',
  tryAgain: 'Try again',
  getTokens: 'Get more tokens',
  goBack: 'Back to the marketplace',
  timeLeft: 'Time left',
  left: (duration) => `${duration} left.`,
  warning: (time, canExtend) => `Your session ends at ${time}.${canExtend ? ' Add time to stay.' : ''}`,
  warningTitle: 'Your time is almost up',
  warningText: 'When it is up, the session closes. You can add time and stay.',
  extendTitle: 'Add time',
  extendText: 'The time is added to what you have left.',
  endTitle: 'End the session now?',
  endText: 'You pay for the time used. The rest goes back to your tokens.',
  endNow: 'End now',
  confirmExtend: (duration, price) => `Add ${duration} for ${price}`,
  chooseExtend: 'How much time?',
  working: 'One moment…',
  tokens: (amount, text) => (amount === 1 ? `${text} token` : `${text} tokens`),
  endsAt: (time) => `ends ${time}`,
  extended: (duration, time) => `${duration} added.${time ? ` The session now ends at ${time}.` : ''}`,
  tooFewTokens: 'You have too few tokens',
  limitReached: 'Longer than this session can be',
  pausedFor: (duration) => `Paused. The time goes on by itself after ${duration} at the latest.`,
  resumed: 'The time is running again.',
  reconnecting: 'No connection to the marketplace. Your time keeps running.',
  reconnected: 'Back online.',
  offline: 'You are offline. Time can be added once you are back; it keeps running until then.',
  endedTitle: 'The session has ended',
  timeUpTitle: 'Your time is up',
  used: 'Time used',
  cost: 'Cost',
  refund: 'Back to your wallet',
  goBackYourself: 'Your session is settled. Go back to the marketplace to see it there.',
  reference: (code) => `Reference: ${code}`,
};
