import type { World } from '../world.js';

/** A person's access token, and for how long it counts. It is kept in memory alone. */
export interface AccessToken {
  readonly text: string;
  /** From its issue on, ms. */
  readonly lifeMs: number;
  /** When it was issued, by both clocks of the device, ms. */
  readonly issuedAt: number;
  readonly issuedAtMonotonic: number;
}

/** @param ageMs how long ago it was issued. */
export const accessTokenOf = (world: World, text: string, lifeMs: number, ageMs = 0): AccessToken => ({
  text,
  lifeMs,
  issuedAt: world.now() - ageMs,
  issuedAtMonotonic: world.monotonicNow() - ageMs,
});

/** How old it is, ms: by the clock that has gone further, for one is set and the other may stand still in sleep. */
export const ageOf = (world: World, { issuedAt, issuedAtMonotonic }: AccessToken): number =>
  Math.max(0, world.now() - issuedAt, world.monotonicNow() - issuedAtMonotonic);
