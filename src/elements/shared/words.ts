import type { Pauser } from '../../protocol/pauser.js';
import type { ErrorKind, RefusalKind } from '../session/panels/error-kinds.js';

/** A text for each of the plural categories that a language has (Unicode CLDR); `other` is the one it always has. */
export type Plural<Category extends Intl.LDMLPluralRule = 'other'> = Record<Category | 'other', string> &
  Partial<Record<Intl.LDMLPluralRule, string>>;

/** A text that names its parts in braces, such as `ends {time}`. */
type With<Part extends string> = `${string}{${Part}}${string}`;

/** Words of the timer, which are needed from the first second. */
export interface TimerWords {
  timeLeft: string;
  loading: string;
  paused: string;
  waiting: string;
  ending: string;
  /** `{time}` by the customer's clock, such as `15:00`. */
  endsAt: With<'time'>;
}

/** What a person is told: what happened, and what to do. */
export type ErrorWords = readonly [title: string, advice: string];

/**
 * Every text of the elements in one language, so that a missing one is a type error. `{duration}`, `{time}`, `{price}`
 * and `{count}` arrive in the language's own form.
 */
export interface Words<Category extends Intl.LDMLPluralRule = 'other'> extends TimerWords {
  addTime: string;
  pause: string;
  resume: string;
  end: string;
  dismiss: string;
  keepGoing: string;
  notNow: string;
  tryAgain: string;
  tryNow: string;
  getTokens: string;
  goBack: string;
  working: string;
  /** Spoken while time gets short. */
  left: With<'duration'>;
  warning: With<'time'>;
  canAddTime: string;
  warningTitle: string;
  warningText: string;
  extendText: string;
  endTitle: string;
  endText: string;
  /** In place of `endText` before the start. */
  endWaitingText: string;
  endNow: string;
  chooseExtend: string;
  confirmExtend: With<'duration'> & With<'price'>;
  tokens: Plural<Category>;
  payText: string;
  /** Opens the checkout in a tab of its own. */
  pay: string;
  extended: With<'duration'>;
  /** Who has paused. */
  pausedBy: Record<Pauser | 'unknown', string>;
  /** Until when at the latest a pause lasts; stands behind `pausedBy`. */
  pausedUntil: With<'time'>;
  /** While it has not started. */
  waitingText: string;
  /** Until when at the latest it waits; stands behind `waitingText`. */
  waitingUntil: With<'time'>;
  started: string;
  resumed: string;
  reconnecting: string;
  offline: string;
  timeRuns: string;
  timeStands: string;
  nextTry: With<'duration'>;
  addLater: string;
  reconnected: string;
  endedTitle: string;
  timeUpTitle: string;
  /** Of a customer without a session. */
  emptyTitle: string;
  emptyText: string;
  /** It never started. */
  cancelledTitle: string;
  cancelledText: string;
  used: string;
  cost: string;
  refund: string;
  goBackYourself: string;
  reference: With<'code'>;
  /** Where no service is behind it, and nothing is sold. */
  sandbox: string;
  /** Why there is no session. */
  errors: Record<ErrorKind, ErrorWords>;
  /** Why something was refused. */
  refusals: Record<RefusalKind, string>;
  nothingCharged: string;
  /** Where browsers lack the language's units. */
  units?: Partial<Record<Unit, Plural<Category>>>;
}

/** Words as they come late: English ones have those of the timer in the first file. */
export type LateWords<Category extends Intl.LDMLPluralRule = 'other'> = Omit<
  Words<Category>,
  keyof TimerWords
> &
  Partial<TimerWords>;

/** Units of time. */
export type Unit = 'hour' | 'minute' | 'second';

type Nested = 'errors' | 'refusals' | 'pausedBy';

/** In place of a text for each plural category: some of them, or one for all, such as `{count} coins` or `coins`. */
type OwnPlural = Partial<Plural> | string;

/**
 * Words that a page sets in place of the element's own: any of them, also of errors, refusals and `pausedBy`. What is empty
 * means the default. Times, lengths and amounts in them have the form of the page's language.
 */
export type OwnWords = Partial<Omit<Words, Nested | 'tokens' | 'units'>> & {
  [Name in Nested]?: Partial<Words[Name]>;
} & { tokens?: OwnPlural; units?: Partial<Record<Unit, OwnPlural>> };
