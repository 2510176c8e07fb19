import { backoffMs, type Backoff } from '../jobs/backoff.js';
import type { ServiceContext } from '../context.js';
import { failureText } from '../database/failures.js';
import type { DueWork } from '../jobs/due-scheduler.js';
import type { Purge } from './purge.js';

/** Rows that one statement puts away: a backlog is worked off in turns with those who ask. */
const sliceSize = 500;
const retries: Backoff = { firstMs: 60_000, factor: 2, lastMs: 3_600_000 };

/** Puts away what is too old, each kind by itself: one that fails is tried again, and holds up no other. */
export function purgeWork(context: ServiceContext, purge: Purge): DueWork {
  let nextAt = -Infinity;
  let failures = 0;
  return {
    name: `purge of ${purge.kind}`,
    workers: 1,

    async doNext() {
      if (context.now() < nextAt) return false;
      try {
        const isMore = (await purge.putAway(context, sliceSize)) >= sliceSize;
        failures = 0;
        if (!isMore) nextAt = context.now() + purge.everyMs;
        return isMore;
      } catch (error) {
        failures += 1;
        nextAt = context.now() + backoffMs(retries, failures);
        context.metrics.workFailed(`purge_${purge.kind}`);
        context.logger.error('a purge failed and will be tried again', {
          kind: purge.kind,
          attempts: failures,
          error: failureText(error),
        });
        return false;
      }
    },

    earliest: async () => nextAt,
  };
}

/** For how long the oldest of each kind should be gone, ms; a kind that cannot be looked at is missing. */
export async function readOverdue(
  context: ServiceContext,
  purges: readonly Purge[],
): Promise<Map<string, number>> {
  const now = context.now();
  const overdue = new Map<string, number>();
  for (const purge of purges) {
    const since = await purge.overdueSince(context).catch(() => undefined);
    if (since !== undefined) overdue.set(purge.kind, since === null ? 0 : Math.max(0, now - since));
  }
  return overdue;
}
