import { SessionError } from '../protocol/errors.js';

/** The tokens of customers. */
export class Wallets {
  readonly #initialTokens: number;
  readonly #topUpUrl: string | null;
  readonly #balances = new Map<string, number>();
  /** Amounts by customer and reference, each of which is credited once. */
  readonly #references = new Map<string, number>();

  constructor(initialTokens: number, topUpUrl: string | null) {
    this.#initialTokens = initialTokens;
    this.#topUpUrl = topUpUrl;
  }

  balanceOf(userId: string): number {
    return this.#balances.get(userId) ?? this.#initialTokens;
  }

  credit(userId: string, tokens: number): void {
    this.#balances.set(userId, this.balanceOf(userId) + tokens);
  }

  /** @throws {SessionError} `ALREADY_EXISTS` where the reference stands for another amount */
  creditOnce(userId: string, tokens: number, reference: string): void {
    const key = `${userId}\n${reference}`;
    const known = this.#references.get(key);
    if (known !== undefined && known !== tokens)
      throw new SessionError('ALREADY_EXISTS', {
        message: 'This reference was credited with another amount.',
      });
    if (known === undefined) this.credit(userId, tokens);
    this.#references.set(key, tokens);
  }

  /** Sets tokens aside. @throws {SessionError} `INSUFFICIENT_TOKENS` with `topUpUrl` */
  hold(userId: string, tokens: number): void {
    if (this.balanceOf(userId) < tokens)
      throw new SessionError('INSUFFICIENT_TOKENS', { topUpUrl: this.#topUpUrl ?? undefined });
    this.credit(userId, -tokens);
  }
}
