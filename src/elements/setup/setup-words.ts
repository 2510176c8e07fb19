import type { RehearsalState } from '../../controller/setup/setup.js';
import type { SetupStep, StepState } from '../../controller/setup/setup-steps.js';

/** Every text of a set-up that is not the tag's, in one language. Names of settings, code and what checks find are not translated. */
export interface SetupWords {
  title: string;
  loading: string;
  steps: Record<SetupStep, string>;
  states: Record<StepState, string>;
  modes: Record<'test' | 'live' | 'unknown', string>;
  whatIsLeft: string;
  nothingLeft: string;
  beforeCustomers: string;
  save: string;
  saved: string;
  next: string;
  /** "{code}" */
  failed: string;
  applicationThere: string;
  applicationMissing: string;
  pageAddress: string;
  pageHint: string;
  origins: string;
  originsHint: string;
  /** "{origin}" */
  register: string;
  remove: string;
  secretInField: string;
  addressInvalid: string;
  minutePrice: string;
  priceInvalid: string;
  /** "{minute}", "{hour}" */
  priceMeans: string;
  keyWhere: string;
  keyOnce: string;
  keyMake: string;
  keyKept: string;
  keyHave: string;
  keyLive: string;
  framework: string;
  noFramework: string;
  theme: string;
  themes: Record<'auto' | 'light' | 'dark', string>;
  accent: string;
  /** "{file}" */
  putInto: string;
  policy: string;
  look: string;
  copy: string;
  copied: string;
  check: string;
  checking: string;
  checkWhat: string;
  ready: string;
  /** "{count}" */
  notReady: string;
  verdicts: Record<'ok' | 'blocked' | 'advice' | 'skipped', string>;
  rehearseWhat: string;
  rehearse: string;
  openPage: string;
  stop: string;
  again: string;
  rehearsal: Record<Exclude<RehearsalState, 'none'>, string>;
  rehearsalLive: string;
  liveWhat: Record<'https' | 'key' | 'webhook', string>;
}

type Nested = 'steps' | 'states' | 'modes' | 'themes' | 'verdicts' | 'rehearsal' | 'liveWhat';

/** A page's own words, each of which may be left out. */
export type OwnSetupWords = Partial<Omit<SetupWords, Nested>> & {
  [Name in Nested]?: Partial<SetupWords[Name]>;
};
