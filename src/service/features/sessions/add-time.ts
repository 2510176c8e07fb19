import { sql, type Transaction } from 'kysely';
import { lengthened } from '../../../protocol/rules/session-changes.js';
import { nextStatus } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { CheckoutRow, SessionRow, Tables } from '../../foundation/database/schema.js';
import { announceDue } from '../../foundation/jobs/due-channel.js';
import { appendEvents } from '../../foundation/events/append-events.js';

/** What an extension changed; its answer is made of this, also when it is asked for again. */
export interface ExtensionResult {
  expires_at: number | null;
  additional_seconds: number;
  additional_cost: number;
}

/** A block of time that is paid: by tokens, which are held already, or by a checkout. */
export interface PaidBlock {
  additional_seconds: number;
  tokens: number;
  checkout?: CheckoutRow | undefined;
}

/** How many extensions a session has; one that was taken back whole is none. */
export async function countExtensions(trx: Transaction<Tables>, sessionId: string): Promise<number> {
  const { count } = await trx
    .selectFrom('extensions')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('session_id', '=', sessionId)
    .where(sql<boolean>`additional_seconds > taken_back_seconds`)
    .executeTakeFirstOrThrow();
  return count;
}

/**
 * Adds a block of paid time to a locked session.
 * @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED`
 */
export async function addTime(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  { additional_seconds, tokens, checkout }: PaidBlock,
  now: number,
): Promise<ExtensionResult> {
  nextStatus(session.status, 'extend');
  await trx
    .insertInto('extensions')
    .values({
      id: crypto.randomUUID(),
      session_id: session.id,
      position: sql<number>`(select coalesce(max(position), 0) + 1 from extensions where session_id = ${session.id})`,
      additional_seconds,
      tokens,
      checkout_id: checkout?.id ?? null,
      created_at: now,
    })
    .execute();
  return lengthen(context, trx, session, { additional_seconds, tokens, checkout }, now);
}

/** Moves the deadline of a locked session by a block of time, and tells of it. */
export async function lengthen(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  { additional_seconds, tokens, checkout }: PaidBlock,
  now: number,
): Promise<ExtensionResult> {
  const changes = lengthened(session, { seconds: additional_seconds, tokens }, now);
  const { status, deadline_at: deadlineAt, warn_at: warnAt } = changes;
  const isPaused = status === 'paused';
  await trx.updateTable('sessions').set(changes).where('id', '=', session.id).execute();
  const result = {
    expires_at: isPaused ? null : deadlineAt / 1000,
    additional_seconds,
    additional_cost: tokens,
  };
  const price = checkout && { amount: checkout.amount, currency: checkout.currency };
  await appendEvents(context, trx, [
    {
      subject: `session:${session.id}`,
      type: 'session.extended',
      payload: { session_id: session.id, ...result, ...price },
      createdAt: now,
    },
  ]);
  // A warning may come before what was the deadline.
  if (warnAt !== null && !isPaused) await announceDue(trx, warnAt);
  return result;
}
