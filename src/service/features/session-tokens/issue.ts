import { SessionError } from '../../../protocol/errors.js';
import { customerOperations, type Operation } from '../../../protocol/session-operations.js';
import { isFinal } from '../../../protocol/state-machine.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import { runOnce, type Idempotency } from '../../foundation/idempotency.js';
import { meetCustomer } from '../customers/index.js';
import {
  endOfToken,
  findLiveSession,
  issueCustomerToken,
  issueSessionToken,
  keepToken,
  readSession,
  type SessionView,
} from '../sessions/index.js';

/** What is asked for. */
export interface SessionTokenOrder {
  applicationId: string;
  customerId: string;
  /** Undefined where nothing is said of it. */
  organizationId: string | undefined;
  /** Undefined takes the newest live one. */
  sessionId: string | undefined;
  lifeSeconds: number;
  operations: readonly Operation[];
  metadata: Record<string, string>;
}

/** What the result of an issue holds: enough to sign the same again. */
interface Issued {
  id: string;
  sessionId: string | null;
  /** Seconds since the epoch. */
  expiresAt: number;
}

/**
 * Issues a session token for a user, who is created where nobody knows him yet: of the session that is named, or of the newest
 * live one, or of none. The token itself is kept nowhere: who repeats the request gets one that says the same.
 * @throws {SessionError} `APPLICATION_NOT_FOUND`, `OPERATION_NOT_GRANTED`, `SESSION_NOT_FOUND`, `SESSION_ENDED`, `CUSTOMER_ORGANIZATION_MISMATCH`, and
 * what `runOnce` throws
 */
export async function issueToken(
  context: ServiceContext,
  order: SessionTokenOrder,
  asked: AskedChange,
  idempotency: Idempotency | undefined,
) {
  const { applicationId, customerId, operations } = order;
  const providerId = await findProviderOf(context, order);
  const found = await findSession(context, order);
  const now = context.now();
  const made = await runOnce<Issued>(context.kysely, idempotency, now, async (trx) => {
    await meetCustomer(context, trx, customerId, order.organizationId);
    const id = crypto.randomUUID();
    const expiresAt = Math.floor(now / 1000) + order.lifeSeconds;
    await keepToken(trx, {
      id,
      application_id: applicationId,
      provider_id: providerId,
      customer_id: customerId,
      session_id: found?.id ?? null,
      operations: [...operations],
      metadata: order.metadata,
      created_at: now,
      expires_at: expiresAt * 1000,
    });
    await recordChange(trx, asked, now, id);
    return { id, sessionId: found?.id ?? null, expiresAt };
  });
  const { id, sessionId, expiresAt } = made!;
  const grant = { tokenId: id, operations, expiresAt };
  const view = sessionId === found?.id ? found : sessionId && (await readSession(context, sessionId));
  const sessionToken = view
    ? // Whose browser it will be is not known: the first validation says so.
      await issueSessionToken(context, { ...view, key_thumbprint: null }, grant)
    : await issueCustomerToken(context, { applicationId, providerId, customerId }, grant);
  const endsAt = endOfToken(context, Math.floor(context.now() / 1000), expiresAt);
  return { id, sessionToken, sessionId, expiresAt: endsAt };
}

/**
 * Whose application it is, where the marketplace lets its tokens read about customers what is asked for: the key of one provider
 * opens nobody's wallet by itself.
 */
async function findProviderOf(
  { kysely }: ServiceContext,
  { applicationId, operations }: SessionTokenOrder,
): Promise<string> {
  const application = await kysely
    .selectFrom('applications')
    .select(['provider_id', 'customer_operations'])
    .where('id', '=', applicationId)
    .executeTakeFirst();
  if (!application) throw new SessionError('APPLICATION_NOT_FOUND');
  const { provider_id, customer_operations: granted } = application;
  const reads = customerOperations.filter((operation) => operations.includes(operation));
  if (!reads.every((operation) => granted.includes(operation)))
    throw new SessionError('OPERATION_NOT_GRANTED');
  return provider_id;
}

async function findSession(
  context: ServiceContext,
  { applicationId, customerId, sessionId }: SessionTokenOrder,
): Promise<SessionView | undefined> {
  if (sessionId === undefined) return findLiveSession(context, { applicationId, customerId });
  const view = await readSession(context, sessionId);
  if (view.application_id !== applicationId || view.user_id !== customerId)
    throw new SessionError('SESSION_NOT_FOUND');
  if (isFinal(view.status)) throw new SessionError('SESSION_ENDED');
  return view;
}
