import { sql, type Transaction } from 'kysely';
import { billed } from '../../../protocol/rules/session-changes.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { holdAccount, post, revenueAccount, walletAccount } from '../../foundation/ledger/ledger.js';
import { appendEvents, type NewEvent } from '../../foundation/events/append-events.js';
import { boughtBlocks } from './usage.js';

/** A locked session that ends, and when. */
export interface Ending {
  session: SessionRow;
  /** Milliseconds since the epoch. */
  at: number;
  /** The account that gets what goes back; the customer's wallet where nothing is said. */
  refundTo?: string | undefined;
}

/**
 * Ends locked sessions and settles them: each hold is split between the provider and the customer's wallet, to which the
 * whole of it goes where a session never started. The number of statements is the same for one and for hundreds.
 * @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED`
 */
export async function settleSessions(
  context: ServiceContext,
  trx: Transaction<Tables>,
  endings: readonly Ending[],
  action: 'complete' | 'expire' | 'cancel',
): Promise<void> {
  if (endings.length === 0) return;
  const sessions = endings.map(({ session }) => session);
  const blocks = await boughtBlocks(trx, sessions);
  const providers = await readProviders(trx, sessions);
  const settled = endings.map(({ session, at, refundTo = walletAccount(session.user_id) }) => {
    const bill = billed(session, blocks.get(session.id)!, action, at);
    return { session, at, refundTo, bill };
  });
  await post(
    context,
    trx,
    settled.map(({ session, at, refundTo, bill }) => ({
      kind: 'settlement' as const,
      customerId: session.user_id,
      sessionId: session.id,
      createdAt: at,
      amounts: {
        [holdAccount(session.id)]: -session.tokens_allocated,
        [revenueAccount(providers.get(session.application_id)!)]: bill.final_cost,
        [refundTo]: bill.tokens_refunded,
      },
    })),
  );
  const rows = settled.map(({ session, at, bill }) => ({ id: session.id, at, ...bill }));
  await sql`
    update sessions set status = bills.status, used_seconds = bills.used_seconds, final_cost = bills.final_cost,
      tokens_refunded = bills.tokens_refunded, ended_at = bills.at, waiting_until = null,
      due_at = null, warn_at = null, paused_at = null
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as bills(
      id text, at bigint, status text, used_seconds bigint, final_cost bigint, tokens_refunded bigint)
    where sessions.id = bills.id`.execute(trx);
  await appendEvents(
    context,
    trx,
    settled.flatMap(({ session, at, bill }) => [
      ...(action === 'cancel' ? [cancelled(session, at)] : []),
      {
        subject: `session:${session.id}` as const,
        type: 'session.ended' as const,
        payload: { session_id: session.id, ...bill },
        createdAt: at,
      },
    ]),
  );
}

const cancelled = ({ id, waiting_until, tokens_allocated }: SessionRow, at: number): NewEvent => ({
  subject: `session:${id}`,
  type: 'session.cancelled',
  payload: {
    session_id: id,
    reason: at < waiting_until! ? 'requested' : 'waiting_over',
    tokens_refunded: tokens_allocated,
  },
  createdAt: at,
});

async function readProviders(
  trx: Transaction<Tables>,
  sessions: readonly SessionRow[],
): Promise<Map<string, string>> {
  const ids = [...new Set(sessions.map(({ application_id }) => application_id))];
  const rows = await trx
    .selectFrom('applications')
    .select(['id', 'provider_id'])
    .where(sql<boolean>`id = any(${ids}::text[])`)
    .execute();
  return new Map(rows.map(({ id, provider_id }) => [id, provider_id]));
}
