import { sql, type Transaction } from 'kysely';
import type { ExceptionKind } from '../../../protocol/exceptions.js';
import type { ServiceContext } from '../context.js';
import type { Tables } from '../database/schema.js';
import { announceSubject } from '../events/announcements.js';
import { appendEvents } from '../events/append-events.js';
import { subjectOfOwner } from '../events/subject.js';

/** What a person has to look at. */
export interface OpenedException {
  kind: ExceptionKind;
  /** What it is about, such as `payment:<id>`: of one kind about one subject at most one is open. */
  subject: string;
  /** One sentence on what is wrong; never a name, a secret or a token. */
  detail: string;
  providerId?: string | null;
  sessionId?: string | null;
  checkoutId?: string | null;
  paymentIntentId?: string | null;
  /** The money that waits. */
  money?: { amount: number; currency: string };
  /** Whether it cannot happen again: then one that is resolved stays so. */
  once?: boolean;
}

/** Who resolves what has come right by itself. */
const paymentProvider = 'payment-provider';

/**
 * Writes down what has to be looked at, in the transaction that found it, and tells the endpoints that asked for
 * `exception.opened`.
 * @returns its id; undefined where one of this kind is open about the same already.
 */
export async function openException(
  context: Pick<ServiceContext, 'eventConsumers'>,
  trx: Transaction<Tables>,
  exception: OpenedException,
  now: number,
): Promise<string | undefined> {
  const { kind, subject, detail, providerId = null, sessionId = null, checkoutId = null } = exception;
  const { paymentIntentId = null, money, once = false } = exception;
  if (once && (await isKnown(trx, exception))) return undefined;
  const facts = {
    kind,
    subject,
    detail,
    provider_id: providerId,
    session_id: sessionId,
    checkout_id: checkoutId,
    payment_intent_id: paymentIntentId,
    amount: money?.amount ?? null,
    currency: money?.currency ?? null,
  };
  const opened = await trx
    .insertInto('exceptions')
    .values({ id: crypto.randomUUID(), ...facts, created_at: now })
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'subject'])
        .where(sql<boolean>`resolved_at is null`)
        .doNothing(),
    )
    .returning('id')
    .executeTakeFirst();
  if (!opened) return undefined;
  const payload = { exception_id: opened.id, ...facts };
  await appendEvents(context, trx, [
    { subject: subjectOfOwner(providerId), type: 'exception.opened', payload, createdAt: now },
  ]);
  return opened.id;
}

async function isKnown(
  trx: Transaction<Tables>,
  { kind, subject }: Pick<OpenedException, 'kind' | 'subject'>,
): Promise<boolean> {
  const known = await trx
    .selectFrom('exceptions')
    .select('id')
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return known !== undefined;
}

/** Closes an exception, where it is open, because the money has gone back meanwhile. */
export async function closeException(
  trx: Transaction<Tables>,
  { kind, subject }: Pick<OpenedException, 'kind' | 'subject'>,
  now: number,
): Promise<void> {
  const closed = await trx
    .updateTable('exceptions')
    .set({ resolved_at: now, resolved_by: paymentProvider })
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .where('resolved_at', 'is', null)
    .returning('provider_id')
    .executeTakeFirst();
  if (closed) await announceSubject(trx, subjectOfOwner(closed.provider_id));
}
