import { sql, type Transaction } from 'kysely';
import { nextStatus } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { ApplicationRow, CheckoutRow, SessionRow, Tables } from '../../foundation/database/schema.js';
import { announceDue } from '../../foundation/jobs/due-channel.js';
import { appendEvents } from '../../foundation/events/append-events.js';
import { warningAt } from './warning.js';

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

/** Whether the limits of the application leave room for one more extension. */
export function hasRoom(
  limits: Pick<ApplicationRow, 'max_duration_seconds' | 'max_extensions'>,
  session: Pick<SessionRow, 'duration_limit_seconds'>,
  extensionCount: number,
  additionalSeconds: number,
): boolean {
  const isShortEnough = session.duration_limit_seconds + additionalSeconds <= limits.max_duration_seconds;
  return isShortEnough && (limits.max_extensions === null || extensionCount < limits.max_extensions);
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
  const status = nextStatus(session.status, 'extend');
  const deadlineAt = session.deadline_at + additional_seconds * 1000;
  const isPaused = status === 'paused';
  const warnAt = warningAt(deadlineAt, session.warning_seconds, session.paused_at ?? now);
  await trx
    .updateTable('sessions')
    .set({
      status,
      tokens_allocated: session.tokens_allocated + tokens,
      duration_limit_seconds: session.duration_limit_seconds + additional_seconds,
      deadline_at: deadlineAt,
      warn_at: warnAt,
      ...(!isPaused && { due_at: deadlineAt }),
    })
    .where('id', '=', session.id)
    .execute();
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
