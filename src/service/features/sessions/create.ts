import { sql, type Transaction } from 'kysely';
import type { CreateSessionRequest } from '../../../protocol/api.js';
import { SessionError } from '../../../protocol/errors.js';
import { parseReturnUrl } from '../../../protocol/return-url.js';
import type { Limits, ServiceContext } from '../../foundation/context.js';
import type { ApplicationRow, Tables } from '../../foundation/database/schema.js';
import { announceDue } from '../../foundation/jobs/due-channel.js';
import { holdAccount, openAccount } from '../../foundation/ledger/ledger.js';
import { appendEvents } from '../../foundation/events/append-events.js';
import { priceOf } from './settlement.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import { firstBinding } from './proof/binding.js';
import { holdTokens } from './hold-tokens.js';
import { runningFrom, tellStart, wholeSecondsAfter } from './start.js';

/**
 * Sells a session: it is active at once, or waits for both sides, and its price is set aside in its hold.
 * @returns the session's id.
 * @throws {SessionError} `APPLICATION_NOT_FOUND`, `CUSTOMER_NOT_FOUND`, `REQUEST_INVALID`, `RETURN_URL_REFUSED`,
 * `SESSION_PRICE_CHANGED`, `INSUFFICIENT_TOKENS` with `topUpUrl`
 */
export async function createSession(
  context: ServiceContext,
  trx: Transaction<Tables>,
  request: CreateSessionRequest,
): Promise<string> {
  const application = await findApplication(trx, request.application_id);
  await requireCustomer(trx, request.user_id);
  const { duration_seconds } = request;
  if (duration_seconds > application.max_duration_seconds) {
    const message = `at most ${application.max_duration_seconds}, the longest that the application sells`;
    throw new InvalidRequest([{ pointer: '/duration_seconds', message }]);
  }
  requireWaiting(request);
  const returnUrl = request.return_url ?? null;
  if (returnUrl !== null) parseReturnUrl(returnUrl, application.return_origins);

  const id = crypto.randomUUID();
  const now = context.now();
  const times = firstTimes(request, context.limits, now);
  const tokens = priceOf(application.tokens_per_minute, duration_seconds);
  const { tokens_to_deduct: shown } = request;
  if (shown !== undefined && shown !== tokens) throw new SessionError('SESSION_PRICE_CHANGED');
  await trx
    .insertInto('sessions')
    .values({
      id,
      application_id: application.id,
      user_id: request.user_id,
      ...times,
      tokens_allocated: tokens,
      duration_limit_seconds: duration_seconds,
      initial_seconds: duration_seconds,
      initial_tokens: tokens,
      created_at: now,
      return_url: returnUrl,
      metadata: JSON.stringify(request.metadata ?? {}),
      sold_options: JSON.stringify(application.extension_options),
      warning_seconds: context.limits.warningSeconds,
      binding: firstBinding(application.proof_of_possession),
    })
    .execute();
  await openAccount(trx, holdAccount(id), request.user_id);
  const topUpUrl = application.top_up_url;
  await holdTokens(context, trx, { userId: request.user_id, sessionId: id, tokens, topUpUrl, now });
  if (times.waiting_until === null) await tellStart(context, trx, id, times, now);
  else await tellWaiting(context, trx, id, times.waiting_until, now);
  return id;
}

/** @throws {InvalidRequest} where it says how one waits that does not. */
function requireWaiting({ start, ...request }: CreateSessionRequest): void {
  if (start === 'when_joined') return;
  const said = (['waiting_seconds', 'waits_for'] as const).filter((name) => request[name] !== undefined);
  if (said.length === 0) return;
  throw new InvalidRequest(
    said.map((name) => ({ pointer: `/${name}`, message: 'only with start: when_joined' })),
  );
}

/** The state that a session is born in. One that waits is due for nothing but the end of its waiting. */
function firstTimes(
  { start, waiting_seconds, waits_for, duration_seconds }: CreateSessionRequest,
  { waitingSeconds, warningSeconds }: Limits,
  now: number,
) {
  if (start === 'when_joined') {
    const waitingUntil = wholeSecondsAfter(now, waiting_seconds ?? waitingSeconds);
    const deadlineAt = wholeSecondsAfter(waitingUntil, duration_seconds);
    const times = { started_at: null, waiting_until: waitingUntil, deadline_at: deadlineAt };
    return {
      status: 'waiting' as const,
      ...times,
      due_at: deadlineAt,
      warn_at: null,
      waits_for: waits_for ?? null,
    };
  }
  return { status: 'active' as const, ...runningFrom(now, duration_seconds, warningSeconds) };
}

async function tellWaiting(
  context: ServiceContext,
  trx: Transaction<Tables>,
  id: string,
  until: number,
  now: number,
): Promise<void> {
  const payload = { session_id: id, waiting_until: until / 1000 };
  await appendEvents(context, trx, [
    { subject: `session:${id}`, type: 'session.waiting', payload, createdAt: now },
  ]);
  await announceDue(trx, until);
}

async function findApplication(trx: Transaction<Tables>, id: string): Promise<ApplicationRow> {
  const application = await trx
    .selectFrom('applications')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (!application) throw new SessionError('APPLICATION_NOT_FOUND');
  return application;
}

async function requireCustomer(trx: Transaction<Tables>, id: string): Promise<void> {
  const found = await trx
    .selectFrom('customers')
    .select(sql`1`.as('one'))
    .where('id', '=', id)
    // Who is being erased is waited for, and is nobody then.
    .forKeyShare()
    .executeTakeFirst();
  if (!found) throw new SessionError('CUSTOMER_NOT_FOUND');
}
