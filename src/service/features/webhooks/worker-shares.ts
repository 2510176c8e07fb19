import type { WebhookEndpointRow } from '../../foundation/database/schema.js';

/** Attempts to one endpoint side by side: one that hangs leaves the other workers to the others. */
const maxPerEndpoint = 4;
/** An endpoint whose last attempt has taken longer than this is slow, ms. */
const slowAfterMs = 1_000;

export interface Receivers {
  endpoints: readonly string[];
  /** The marketplace itself is ''. */
  providers: readonly string[];
}

interface Attempt {
  endpoint: string;
  provider: string;
  startedAt: number;
}

/**
 * Whom the workers of an instance are sending to, and who may have one more. A provider has no more workers than are left
 * over, so whatever the first ones take, some stay for those who come later; and all slow endpoints share one half.
 */
export class WorkerShares {
  readonly #workers: number;
  readonly #running = new Set<Attempt>();
  /** Endpoints that were slow the last time. */
  readonly #slow = new Set<string>();

  readonly #elapsedMs: () => number;

  /** @param elapsedMs a clock that is never set. */
  constructor(workers: number, elapsedMs = () => performance.now()) {
    this.#workers = workers;
    this.#elapsedMs = elapsedMs;
  }

  /** Who has a worker already: those who have none come first. */
  get served(): Receivers {
    const providers = new Set([...this.#running].map(({ provider }) => provider));
    return { endpoints: this.#fullEndpoints(), providers: [...providers] };
  }

  /** Who has as many workers as he may have. */
  get full(): Receivers {
    const free = this.#workers - this.#running.size;
    const attempts = countBy([...this.#running].map(({ provider }) => provider));
    return { endpoints: this.#fullEndpoints(), providers: thoseFrom(free, attempts) };
  }

  /** @returns to be called when the attempt is over. */
  start({ id, provider_id }: Pick<WebhookEndpointRow, 'id' | 'provider_id'>): () => void {
    // No provider has an empty id.
    const attempt = { endpoint: id, provider: provider_id ?? '', startedAt: this.#elapsedMs() };
    this.#running.add(attempt);
    return () => {
      this.#running.delete(attempt);
      if (this.#isSlow(attempt)) this.#slow.add(id);
      else this.#slow.delete(id);
    };
  }

  #fullEndpoints(): string[] {
    const running = [...this.#running];
    const full = thoseFrom(maxPerEndpoint, countBy(running.map(({ endpoint }) => endpoint)));
    const slow = new Set([
      ...this.#slow,
      ...running.filter((attempt) => this.#isSlow(attempt)).map(({ endpoint }) => endpoint),
    ]);
    const slowCount = running.filter(({ endpoint }) => slow.has(endpoint)).length;
    return slowCount < this.#workers / 2 ? full : [...new Set([...full, ...slow])];
  }

  #isSlow({ startedAt }: Attempt): boolean {
    return this.#elapsedMs() - startedAt > slowAfterMs;
  }
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

const thoseFrom = (least: number, counts: ReadonlyMap<string, number>) =>
  [...counts].filter(([, count]) => count >= least).map(([key]) => key);
