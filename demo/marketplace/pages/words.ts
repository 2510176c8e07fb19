import { formatRemaining } from '../../../src/protocol/time.js';
import type { Session } from '../../../src/sdk/index.js';

const number = new Intl.NumberFormat('en');
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric', month: 'short' });

/** `1 token`, `300 tokens`. */
export const tokens = (count: number) => `${number.format(count)} ${count === 1 ? 'token' : 'tokens'}`;

/** `1 minute`, `15 minutes`. */
export const minutes = (count: number) => `${count} ${count === 1 ? 'minute' : 'minutes'}`;

/** A length in seconds, as minutes where it is whole ones. */
export const length = (seconds: number) =>
  seconds % 60 === 0 ? minutes(seconds / 60) : `${formatRemaining(seconds)} min`;

/** An instant as `14:05`. */
export const timeOfDay = (instant: Date) => clock.format(instant);

/** The same as `Fri, Nov 20, 14:05`. */
export const dayAndTime = (instant: Date) => `${day.format(instant)}, ${timeOfDay(instant)}`;

/** Machine-readable, for `<time datetime>`. */
export const isoTime = (instant: Date) => instant.toISOString();

const statusWords: Record<Session['status'], string> = {
  waiting: 'Waiting to start',
  active: 'Running now',
  paused: 'Paused',
  completed: 'Ended by you',
  expired: 'Time used up',
  cancelled: 'Cancelled',
};

export const statusOf = ({ status }: Session) => statusWords[status];
