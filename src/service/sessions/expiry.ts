import type { ServiceContext } from '../context.js';
import { sessionDueChannel } from '../due-channel.js';
import type { DueWork } from '../due-scheduler.js';
import { advance } from './advance.js';

/** Ends sessions at their deadline and pauses at their end, and warns before. */
export function sessionExpiry(context: ServiceContext): DueWork {
  return {
    name: 'expiry of sessions',
    channel: sessionDueChannel,
    workers: 4,

    doOne: () =>
      context.kysely.transaction().execute(async (trx) => {
        const now = context.now();
        const session = await trx
          .selectFrom('sessions')
          .selectAll()
          .where('act_at', '<=', now)
          .orderBy('act_at')
          .limit(1)
          .forUpdate()
          .skipLocked()
          .executeTakeFirst();
        if (!session) return false;
        context.metrics.dueWorkDone(now - session.act_at!);
        return advance(trx, session, now);
      }),

    async earliest() {
      const { next } = await context.kysely
        .selectFrom('sessions')
        .select(({ fn }) => fn.min('act_at').as('next'))
        .where('act_at', 'is not', null)
        .executeTakeFirstOrThrow();
      return next;
    },
  };
}
