import { sql } from 'kysely';
import type { ServiceContext } from '../context.js';
import { failureText } from '../database/failures.js';
import { inHalves } from '../jobs/in-halves.js';
import type { RateLimits } from './rate-limits.js';

export type RatePolicy = keyof RateLimits;

/** What one request left over. */
export interface RateQuota {
  policy: RatePolicy;
  /** Requests in a window. */
  limit: number;
  remaining: number;
  /** Until the next window begins, whole seconds. */
  resetSeconds: number;
  /** Whether this request was one too many. */
  isOver: boolean;
}

export const windowSeconds = 60;
export const windowMs = windowSeconds * 1000;
/** How often the instances tell each other what they have counted, ms. */
const shareEveryMs = 1_000;
/** Who has used this part of his share is worth telling: everybody else costs the database nothing. */
const sharedFrom = 0.05;

interface Count {
  /** Counted here, and not told yet. */
  own: number;
  /** What all instances together had counted when it was told last. */
  told: number;
}

/**
 * Counts requests by the minute. Each instance counts for itself, and once a second they add up, in the database, the
 * counts that come near a limit: so a limit holds for all instances together, but for what one second lets through.
 */
export class RateLimiter {
  readonly #context: ServiceContext;
  readonly #limits: RateLimits;
  #windowAt = 0;
  #counts = new Map<string, Count>();
  #toShare = new Set<string>();
  #cancelTimer: (() => void) | undefined;

  constructor(context: ServiceContext, limits: RateLimits) {
    this.#context = context;
    this.#limits = limits;
  }

  /**
   * Counts a request.
   * @param name who sent it, different from all others of whatever policy.
   * @returns undefined where the policy has no limit.
   */
  take(policy: RatePolicy, name: string): RateQuota | undefined {
    const limit = this.#limits[policy];
    if (limit === Infinity) return undefined;
    const now = this.#context.now();
    this.#startWindow(now - (now % windowMs));
    const count = this.#counts.get(name) ?? { own: 0, told: 0 };
    this.#counts.set(name, count);
    const isOver = count.told + count.own >= limit;
    if (!isOver) {
      count.own += 1;
      if (count.told > 0 || count.own >= limit * sharedFrom) this.#shareLater(name);
    }
    return {
      policy,
      limit,
      remaining: Math.max(0, limit - count.told - count.own),
      resetSeconds: Math.ceil((this.#windowAt + windowMs - now) / 1000),
      isOver,
    };
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #startWindow(windowAt: number): void {
    if (windowAt === this.#windowAt) return;
    this.#windowAt = windowAt;
    this.#counts.clear();
    this.#toShare.clear();
  }

  #shareLater(name: string): void {
    this.#toShare.add(name);
    this.#cancelTimer ??= this.#context.timer(() => void this.#share(), shareEveryMs);
  }

  async #share(): Promise<void> {
    this.#cancelTimer = undefined;
    const windowAt = this.#windowAt;
    const shared = [...this.#toShare].map((key) => ({ key, count: this.#counts.get(key)! }));
    this.#toShare.clear();
    const rows = shared.map(({ key, count }) => ({ key, own: count.own }));
    const { logger, metrics } = this.#context;
    // What comes in while the statement runs is told the next time.
    for (const { count } of shared) {
      count.told += count.own;
      count.own = 0;
    }
    try {
      await inHalves(
        rows,
        (part) => this.#add(part, windowAt),
        (_, error) => {
          metrics.workFailed('rate_limit');
          logger.error('a rate limit could not be shared', { error: failureText(error) });
        },
      );
    } catch (error) {
      // Then each instance counts for itself.
      logger.error('rate limits could not be shared', { error: String(error) });
    }
  }

  async #add(rows: readonly { key: string; own: number }[], windowAt: number): Promise<void> {
    const { rows: totals } = await sql<{ key: string; total: number }>`
      insert into rate_counts (key, window_at, total)
      select key, ${windowAt}::bigint, own from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as news(key text, own bigint) order by key
      on conflict (key) do update set
        window_at = excluded.window_at,
        total = case when rate_counts.window_at = excluded.window_at then rate_counts.total else 0 end + excluded.total
        where rate_counts.window_at <= excluded.window_at
      returning key, total`.execute(this.#context.kysely);
    if (windowAt !== this.#windowAt) return;
    for (const { key, total } of totals) this.#counts.get(key)!.told = total;
  }
}
