/** What the tabs of an address tell each other about its access token. */
export type AccessTokenMessage =
  /** Whoever has fetched one that counts hands it over. */
  | { type: 'want' }
  | { type: 'token'; text: string; lifeMs: number; ageMs: number }
  /** The person has signed out. */
  | { type: 'forget' };

/** What came over the line, where it has the shape of a message: anything on this origin may post there. */
export function readAccessTokenMessage(data: unknown): AccessTokenMessage | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { type, text, lifeMs, ageMs } = data as Record<string, unknown>;
  if (type === 'want' || type === 'forget') return { type };
  const isToken = type === 'token' && typeof text === 'string' && text !== '';
  const areTimes = [lifeMs, ageMs].every((ms) => Number.isFinite(ms) && (ms as number) >= 0);
  return isToken && areTimes ? { type, text, lifeMs: lifeMs as number, ageMs: ageMs as number } : undefined;
}
