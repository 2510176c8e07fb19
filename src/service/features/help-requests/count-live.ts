import { helpRequestStatuses, isFinalHelpRequest } from '../../../protocol/help-request.js';
import type { ServiceContext } from '../../foundation/context.js';

const liveStatuses = helpRequestStatuses.filter((status) => !isFinalHelpRequest(status));

/** How many requests are in each state that is not final; 0 where none is. */
export async function countLiveRequests({ kysely }: ServiceContext): Promise<Map<string, number>> {
  const rows = await kysely
    .selectFrom('help_requests')
    .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
    .where('due_at', 'is not', null)
    .groupBy('status')
    .execute();
  const counts = new Map<string, number>(rows.map(({ status, count }) => [status, count]));
  return new Map(liveStatuses.map((status) => [status, counts.get(status) ?? 0]));
}
