import type { TimerWords } from '../shared/words.js';

/** The timer's words until those of another language are there. */
export const englishTimer: TimerWords = {
  timeLeft: 'Time left',
  loading: 'Checking your session…',
  paused: 'Paused',
  waiting: 'Waiting to start',
  ending: 'Settling your session…',
  endsAt: 'ends {time}',
};
