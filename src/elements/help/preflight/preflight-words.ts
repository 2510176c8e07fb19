import type { CheckName } from '../../../controller/preflight/check-state.js';

/** What is said of a device that cannot be used, or not yet. */
export type DeviceAdvice =
  | 'asking'
  | 'denied'
  | 'dismissed'
  | 'blocked'
  | 'insecure'
  | 'unsupported'
  | 'missing'
  | 'in_use'
  | 'silent'
  | 'unmeasured';

/** Every text of a preflight in one language. */
export interface PreflightWords {
  title: string;
  /** Before anything is asked: why the browser will. */
  intro: string;
  start: string;
  names: Record<CheckName, string>;
  /** How a check stands, in a word or two. */
  verdicts: Record<'idle' | 'asking' | 'ok' | 'weak' | 'failed', string>;
  advice: Record<DeviceAdvice, string>;
  fine: Record<CheckName, string>;
  network: Record<'asking' | 'slow' | 'restricted' | 'unreachable', string>;
  /** Of a check that is not required and cannot pass. */
  canGoWithout: string;
  level: string;
  preview: string;
  systemDevice: string;
  playTone: string;
  isToneHeard: string;
  heard: string;
  notHeard: string;
  /** Sound was played, and nobody heard it. */
  toneNotHeard: string;
  tryAgain: string;
  goOn: string;
  stop: string;
  passed: string;
  notPassed: string;
}

type Nested = 'names' | 'verdicts' | 'advice' | 'fine' | 'network';

/** Words that a page sets in place of the element's own: any of them. What is empty means the default. */
export type OwnPreflightWords = Partial<Omit<PreflightWords, Nested>> & {
  [Name in Nested]?: Partial<PreflightWords[Name]>;
};
