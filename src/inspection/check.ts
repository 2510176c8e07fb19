import type { Scene } from './scene.js';

/** One thing that may be wrong. Words are told with `{names}` of the values that come with it. */
export interface Cause {
  /** Whether sessions cannot work, or not safely, until it is mended; what is not, is advice. */
  blocks: boolean;
  /** What is so, one sentence. */
  means: string;
  /** What mends it, one sentence. */
  mend: string;
}

export type Values = Readonly<Record<string, string | number>>;

/** A cause, as it was found. */
export interface Finding {
  /** Stable: reports are compared by it. */
  cause: string;
  blocks: boolean;
  means: string;
  mend: string;
  values: Values;
}

/** Tells of a cause of one's own check. */
export type Tell<Name extends string> = (cause: Name, values?: Values) => void;

/** One thing that is looked at. */
export interface Check {
  /** Stable. */
  id: string;
  /** What it looks at, for a person. */
  looksAt: string;
  /** What it may find, by name. */
  causes: Readonly<Record<string, Cause>>;
  /** @throws {NotLookedAt} */
  look(scene: Scene, tell: Tell<string>): Promise<void> | void;
}

/** What a check needs is not there; the message says what. */
export class NotLookedAt extends Error {}

/** A check, whose causes alone it may tell of. */
export function check<Causes extends Record<string, Cause>>(declared: {
  id: string;
  looksAt: string;
  causes: Causes;
  look(scene: Scene, tell: Tell<keyof Causes & string>): Promise<void> | void;
}): Check {
  return declared;
}

/** Puts values in the place of their `{names}`. */
export const fillIn = (words: string, values: Values): string =>
  words.replace(/\{(\w+)\}/g, (written, name: string) => String(values[name] ?? written));
