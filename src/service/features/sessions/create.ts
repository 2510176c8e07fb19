import { sql, type Insertable, type Transaction } from 'kysely';
import type { CreateSessionRequest } from '../../../protocol/api.js';
import { SessionError } from '../../../protocol/errors.js';
import { parseReturnUrl } from '../../../protocol/return-url.js';
import { priceOf } from '../../../protocol/rules/cost.js';
import { runningFrom, waitingFrom } from '../../../protocol/rules/session-changes.js';
import type { Limits, ServiceContext } from '../../foundation/context.js';
import type { ApplicationRow, SessionsTable, Tables } from '../../foundation/database/schema.js';
import { announceDue } from '../../foundation/jobs/due-channel.js';
import { holdAccount, openAccount, post } from '../../foundation/ledger/ledger.js';
import { appendEvents } from '../../foundation/events/append-events.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import { firstBinding } from './proof/binding.js';
import { holdTokens } from './hold-tokens.js';
import { tellStart } from './start.js';

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

  const now = context.now();
  const times = firstTimes(request, context.limits, now);
  const tokens = priceOf(application.tokens_per_minute, duration_seconds);
  const { tokens_to_deduct: shown } = request;
  if (shown !== undefined && shown !== tokens) throw new SessionError('SESSION_PRICE_CHANGED');
  const id = crypto.randomUUID();
  const bought = { id, user_id: request.user_id, duration_seconds, tokens };
  await insertSession(context, trx, application, bought, {
    ...times,
    created_at: now,
    return_url: returnUrl,
    metadata: JSON.stringify(request.metadata ?? {}),
  });
  const topUpUrl = application.top_up_url;
  const hold = { userId: request.user_id, sessionId: id, account: holdAccount(id) };
  await holdTokens(context, trx, { ...hold, tokens, topUpUrl, now });
  if (times.waiting_until === null) await tellStart(context, trx, id, times, now);
  else await tellWaiting(context, trx, id, times.waiting_until, now);
  return id;
}

/** A session whose price is set aside already. */
export interface HeldSession {
  id: string;
  application_id: string;
  user_id: string;
  duration_seconds: number;
  tokens: number;
  /** The account that holds the price. */
  heldBy: string;
  help_request_id: string;
  /** The helper who has to be there. */
  waits_for_id: string;
  waiting_seconds: number;
}

/** Creates a session that waits for a helper; its price moves from the hold where it is into the session's own. */
export async function createHeldSession(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: HeldSession,
  now: number,
): Promise<void> {
  const { id, heldBy, tokens, duration_seconds, waiting_seconds, help_request_id, waits_for_id } = session;
  const application = await findApplication(trx, session.application_id);
  const request = { start: 'when_joined', waits_for: 'helper', waiting_seconds, duration_seconds } as const;
  const times = firstTimes(request, context.limits, now);
  await insertSession(context, trx, application, session, {
    ...times,
    ...{ created_at: now, return_url: null, metadata: '{}', help_request_id, waits_for_id },
  });
  await post(context, trx, [
    {
      kind: 'hold',
      customerId: session.user_id,
      sessionId: id,
      createdAt: now,
      amounts: { [heldBy]: -tokens, [holdAccount(id)]: tokens },
    },
  ]);
  await tellWaiting(context, trx, id, times.waiting_until!, now);
}

/** Writes the session down as it is sold, and opens the account of its hold. */
async function insertSession(
  { limits }: ServiceContext,
  trx: Transaction<Tables>,
  application: ApplicationRow,
  {
    id,
    user_id,
    duration_seconds,
    tokens,
  }: Pick<HeldSession, 'id' | 'user_id' | 'duration_seconds' | 'tokens'>,
  others: Pick<Insertable<SessionsTable>, SaidOfItsOwn> & ReturnType<typeof firstTimes>,
): Promise<void> {
  await trx
    .insertInto('sessions')
    .values({
      id,
      application_id: application.id,
      user_id,
      ...others,
      tokens_allocated: tokens,
      duration_limit_seconds: duration_seconds,
      initial_seconds: duration_seconds,
      initial_tokens: tokens,
      sold_options: JSON.stringify(application.extension_options),
      warning_seconds: limits.warningSeconds,
      binding: firstBinding(application.proof_of_possession),
    })
    .execute();
  await openAccount(trx, holdAccount(id), user_id);
}

type SaidOfItsOwn = 'created_at' | 'return_url' | 'metadata' | 'help_request_id' | 'waits_for_id';

/** @throws {InvalidRequest} where it says how one waits that does not. */
function requireWaiting({ start, ...request }: CreateSessionRequest): void {
  if (start === 'when_joined') return;
  const said = (['waiting_seconds', 'waits_for'] as const).filter((name) => request[name] !== undefined);
  if (said.length === 0) return;
  throw new InvalidRequest(
    said.map((name) => ({ pointer: `/${name}`, message: 'only with start: when_joined' })),
  );
}

type SaleTimes = Pick<CreateSessionRequest, 'start' | 'waiting_seconds' | 'waits_for' | 'duration_seconds'>;

/** The state that a session is born in. */
function firstTimes(
  { start, waiting_seconds, waits_for, duration_seconds }: SaleTimes,
  { waitingSeconds, warningSeconds }: Limits,
  now: number,
) {
  if (start === 'when_joined') {
    const times = waitingFrom(now, duration_seconds, waiting_seconds ?? waitingSeconds);
    return { status: 'waiting' as const, ...times, waits_for: waits_for ?? null };
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

/** @throws {SessionError} `APPLICATION_NOT_FOUND` */
export async function findApplication(trx: Transaction<Tables>, id: string): Promise<ApplicationRow> {
  const application = await trx
    .selectFrom('applications')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (!application) throw new SessionError('APPLICATION_NOT_FOUND');
  return application;
}

/** @throws {SessionError} `CUSTOMER_NOT_FOUND` */
export async function requireCustomer(trx: Transaction<Tables>, id: string): Promise<void> {
  const found = await trx
    .selectFrom('customers')
    .select(sql`1`.as('one'))
    .where('id', '=', id)
    // Who is being erased is waited for, and is nobody then.
    .where('erased_as', 'is', null)
    .forKeyShare()
    .executeTakeFirst();
  if (!found) throw new SessionError('CUSTOMER_NOT_FOUND');
}
