import { createHash } from 'node:crypto';
import type { ParsedSessionToken } from '../../../../protocol/session-token.js';

/** About 1 kB each. */
export const maxTokens = 20_000;

/**
 * Session tokens whose form and signature were found good, those used last: a page sends the same one with each
 * heartbeat, and neither changes. Whether its key is still ours, its time not over and its session there is asked each
 * time. No token is kept, only its hash.
 */
export class KnownTokens {
  readonly #tokens = new Map<string, ParsedSessionToken>();

  find(token: string): ParsedSessionToken | undefined {
    const name = nameOf(token);
    const known = this.#tokens.get(name);
    if (known) this.#putLast(name, known);
    return known;
  }

  /** @param token that was verified. */
  add(token: string, parsed: ParsedSessionToken): void {
    this.#putLast(nameOf(token), parsed);
    if (this.#tokens.size <= maxTokens) return;
    const [oldest] = this.#tokens.keys();
    this.#tokens.delete(oldest!);
  }

  #putLast(name: string, parsed: ParsedSessionToken): void {
    this.#tokens.delete(name);
    this.#tokens.set(name, parsed);
  }
}

/** The whole token counts, signature and all; how long the look takes tells nothing of it. */
const nameOf = (token: string) => createHash('sha256').update(token).digest('base64');
