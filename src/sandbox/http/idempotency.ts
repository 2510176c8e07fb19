import { SessionError } from '../../protocol/errors.js';

interface Kept {
  request: string;
  result: object;
}

/** What was done by each `Idempotency-Key`, which is done once. */
export class Idempotency {
  readonly #kept = new Map<string, Kept>();

  /**
   * Does it, or gives what came of it before.
   * @param scope who asks, and for what: the same key elsewhere is another key
   * @param key undefined does it in any case
   * @throws {SessionError} `IDEMPOTENCY_KEY_INVALID`, `IDEMPOTENCY_KEY_REUSED`, and what `work` throws, of which nothing is kept
   */
  once<T extends object>(scope: string, key: string | null, request: unknown, work: () => T): T {
    if (key === null) return work();
    const plain = /^"(.*)"$/.exec(key)?.[1] ?? key;
    if (!/^[\x21-\x7e]{1,255}$/.test(plain)) throw new SessionError('IDEMPOTENCY_KEY_INVALID');
    const name = `${scope}\n${plain}`;
    const text = JSON.stringify(request);
    const known = this.#kept.get(name);
    if (known && known.request !== text) throw new SessionError('IDEMPOTENCY_KEY_REUSED');
    if (known) return known.result as T;
    const result = work();
    this.#kept.set(name, { request: text, result });
    return result;
  }
}
