import type { SessionStatus } from '../../../protocol/session.js';
import type { ServiceContext } from '../../foundation/context.js';

const liveStatuses: readonly SessionStatus[] = ['waiting', 'active', 'paused'];

/** How many sessions are in each state that is not final; 0 where none is. */
export async function countLiveSessions({ kysely }: ServiceContext): Promise<Map<string, number>> {
  const rows = await kysely
    .selectFrom('sessions')
    .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
    .where('due_at', 'is not', null)
    .groupBy('status')
    .execute();
  const counts = new Map<string, number>(rows.map(({ status, count }) => [status, count]));
  return new Map(liveStatuses.map((status) => [status, counts.get(status) ?? 0]));
}
