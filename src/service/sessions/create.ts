import { sql, type Transaction } from 'kysely';
import type { CreateSessionRequest } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import { parseReturnUrl } from '../../protocol/return-url.js';
import type { ServiceContext } from '../context.js';
import type { ApplicationRow, Tables } from '../database/schema.js';
import { announceDue } from '../due-channel.js';
import { holdAccount, openAccount } from '../ledger.js';
import { appendEvents } from '../outbox.js';
import { priceOf } from '../pricing/settlement.js';
import { InvalidRequest } from '../invalid-request.js';
import { firstBinding } from '../proof/binding.js';
import { holdTokens } from './hold-tokens.js';
import { warningAt } from './warning.js';

/**
 * Sells a session: it is active at once, and its price is set aside in its hold.
 * @returns the session's id.
 * @throws {SessionError} `APPLICATION_NOT_FOUND`, `CUSTOMER_NOT_FOUND`, `REQUEST_INVALID`, `RETURN_URL_REFUSED`,
 * `INSUFFICIENT_TOKENS` with `topUpUrl`
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
  const returnUrl = request.return_url ?? null;
  if (returnUrl !== null) parseReturnUrl(returnUrl, application.return_origins);

  const id = crypto.randomUUID();
  const now = context.now();
  const deadlineAt = (Math.floor(now / 1000) + duration_seconds) * 1000;
  const { warningSeconds } = context.limits;
  const warnAt = warningAt(deadlineAt, warningSeconds, now);
  const tokens = priceOf(application.tokens_per_minute, duration_seconds);
  await trx
    .insertInto('sessions')
    .values({
      id,
      application_id: application.id,
      user_id: request.user_id,
      status: 'active',
      tokens_allocated: tokens,
      duration_limit_seconds: duration_seconds,
      initial_seconds: duration_seconds,
      initial_tokens: tokens,
      created_at: now,
      started_at: now,
      deadline_at: deadlineAt,
      due_at: deadlineAt,
      return_url: returnUrl,
      metadata: JSON.stringify(request.metadata ?? {}),
      warning_seconds: warningSeconds,
      warn_at: warnAt,
      binding: firstBinding(application.proof_of_possession),
    })
    .execute();
  await openAccount(trx, holdAccount(id), request.user_id);
  const topUpUrl = application.top_up_url;
  await holdTokens(trx, { userId: request.user_id, sessionId: id, tokens, topUpUrl, now });
  await appendEvents(trx, [
    { type: 'session.started', payload: { session_id: id, expires_at: deadlineAt / 1000 }, createdAt: now },
  ]);
  await announceDue(trx, warnAt ?? deadlineAt);
  return id;
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
    .executeTakeFirst();
  if (!found) throw new SessionError('CUSTOMER_NOT_FOUND');
}
