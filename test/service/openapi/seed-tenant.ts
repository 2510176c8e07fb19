import { customerOperations } from '../../../src/protocol/session-operations.js';
import {
  grantable,
  subjectKinds,
  type SubjectKind,
} from '../../../src/service/features/access-tokens/subjects.js';
import { queueWebhooks } from '../../../src/service/features/webhooks/queue.js';
import { openException } from '../../../src/service/foundation/exceptions/open-exception.js';
import { expectOk, operatorKey, sendFile, until, type TestService } from '../fixtures.js';
import { fittingRequest, severalOf, type KnownValues } from './arbitrary-request.js';
import type { Operation } from './operations.js';
import { seedHelp } from './seed-help.js';
import { send } from './send.js';

export interface Tenant {
  /** What is there of this tenant, by the name of the field or path parameter that takes it. */
  known: KnownValues;
  /** What only this tenant may read, beside ids. */
  words: readonly string[];
  secretKey: string;
  /** A session token. */
  token: string;
}

/** How many bodies are tried before something cannot be made. */
const maxTries = 200;

/** Something of everything: an application, a customer, a session, and whatever else the document says how to make. */
export async function seedTenant(service: TestService, operations: Operation[]): Promise<Tenant> {
  const wished = `provider-${crypto.randomUUID()}`;
  const providers = operations.filter(({ path }) => path === '/api/v1/providers');
  const first = await makeOthers(service, providers, { id: [wished] }, operatorKey);
  const provider_id = first['providers/{id}']?.[0] ?? wished;
  const application = await service.createApplication({
    provider_id,
    customer_operations: [...customerOperations],
  });
  const userId = await service.createCustomer(100_000);
  const { session, session_token: token } = await service.createSession(application, userId);
  const text = `words-${crypto.randomUUID()}`;
  const message = expectOk(
    await service.call<{ id: string }>('POST', `/sessions/${session.id}/messages`, {
      as: token,
      body: { text, client_id: crypto.randomUUID() },
    }),
  );
  expectOk(await service.call('POST', `/sessions/${session.id}/room`, { as: token, body: {} }));
  const name = `name-${crypto.randomUUID()}`;
  const file = await sendFile(service, session.id, { as: token, name, content: 'Hello' });
  const own: Record<string, readonly string[]> = {
    ...first,
    provider_id: [provider_id],
    application_id: [application.id],
    user_id: [userId],
    session_id: [session.id],
    message_id: [message.id],
    'files/{file_id}': [file.id],
    'files/{id}': [file.id],
    jti: [session.id],
    'applications/{id}': [application.id],
    'customers/{id}': [userId],
    'sessions/{id}': [session.id],
    customer_id: [userId],
  };
  const { secretKey } = application;
  // One to subscribe to, and one to change to.
  const plans = [5, 6].map((tokens) => ({ id: `plan-${crypto.randomUUID()}`, tokens }));
  for (const { id, tokens } of plans) {
    const body = { id, name: 'P', interval: 'month', tokens_per_period: tokens };
    expectOk(await service.call('POST', '/plans', { body }));
  }
  own['plans/{id}'] = own.plan_id = plans.map(({ id }) => id);
  Object.assign(own, await seedHelp(service, { secretKey, known: own }));
  // Mostly refused as a body that is made up: a customer belongs to one organization at most.
  const body = { external_user_id: userId, application_id: application.id };
  const signedIn = expectOk(
    await service.call<{ id: string }>('POST', '/session-tokens', { as: secretKey, body }),
  );
  own['session-tokens/{id}'] = [signedIn.id];
  const ofProvider = { ...own, ...(await makeOthers(service, operations, own, secretKey)) };
  const known = { ...ofProvider, ...(await makeOthers(service, operations, ofProvider, operatorKey)) };
  const exception = await openOne(service, provider_id, session.id);
  const [endpoint] = known['webhook-endpoints/{id}'] ?? [];
  const sent = expectOk(await service.call<{ id: string }>('POST', `/webhook-endpoints/${endpoint}/test`));
  await untilQuiet(service);
  const others = {
    'deliveries/{delivery_id}': [sent.id],
    'exceptions/{id}': [exception],
    // As the older spellings name it.
    'webhooks/{webhook_id}': [endpoint!],
    webhook_id: [endpoint!],
  };
  return { known: { ...known, ...others }, words: [text, name], secretKey, token };
}

/** An access token of each kind of person, with all that it may be given; customer and helper are the tenant's own. */
export async function issueAccessTokens(
  service: TestService,
  { secretKey, known }: Tenant,
): Promise<Record<SubjectKind, string>> {
  const ids: Partial<Record<SubjectKind, string>> = {
    customer: known.user_id![0]!,
    helper: known.helper_id![0]!,
  };
  const issued = subjectKinds.map(async (kind) => {
    const id = ids[kind] ?? `${kind}-${crypto.randomUUID()}`;
    const body = { subject: { kind, id }, scope: grantable[kind] };
    const answer = await service.call<{ access_token: string }>('POST', '/access-tokens', {
      as: secretKey,
      body,
    });
    return [kind, expectOk(answer).access_token];
  });
  return Object.fromEntries(await Promise.all(issued)) as Record<SubjectKind, string>;
}

/** Something about this tenant that a person has to look at: nobody makes one on purpose. @returns its id. */
async function openOne({ database }: TestService, providerId: string, sessionId: string): Promise<string> {
  const exception = {
    kind: 'job_failed' as const,
    subject: `session:${sessionId}`,
    detail: 'It cannot be settled.',
    ...{ providerId, sessionId },
  };
  const id = await database.kysely
    .transaction()
    .execute((trx) => openException({ eventConsumers: [queueWebhooks] }, trx, exception, 1_767_225_600_000));
  return id!;
}

/** Waits until every webhook has been tried once, and the outcome is written down: nothing changes by itself after it. */
async function untilQuiet({ database }: TestService): Promise<void> {
  await until(async () => {
    const unknown = await database.kysely
      .selectFrom('webhook_deliveries')
      .leftJoin('webhook_attempts', 'webhook_attempts.delivery_id', 'webhook_deliveries.id')
      .where('webhook_attempts.duration_ms', 'is', null)
      .where('webhook_attempts.error', 'is', null)
      .where('webhook_deliveries.status', '<>', 'cancelled')
      .select('webhook_deliveries.id')
      .executeTakeFirst();
    return !unknown;
  });
}

/** Makes one of each collection that is not known yet and that this credential may make something in. */
async function makeOthers(
  service: TestService,
  operations: Operation[],
  known: KnownValues,
  credential: string,
): Promise<KnownValues> {
  const made: Record<string, string[]> = {};
  for (const operation of operations) {
    const [, collection] = /^\/api\/v1\/([\w-]+)$/.exec(operation.path) ?? [];
    if (collection === undefined || operation.method !== 'POST' || !('201' in operation.responses)) continue;
    const place = `${collection}/{id}`;
    if (place in known || ['applications', 'customers', 'sessions'].includes(collection)) continue;
    const id = await make(service, operation, known, credential);
    if (id !== undefined) made[place] = [id];
  }
  return made;
}

/** @returns its id; undefined where the credential may not make one, or no body was good. */
async function make(service: TestService, operation: Operation, known: KnownValues, credential: string) {
  for (const request of severalOf(fittingRequest(operation, known), maxTries)) {
    const headers = { ...request.headers, Authorization: `Bearer ${credential}` };
    const { status, text } = await send(service, operation, { ...request, headers });
    if (status === 201) return (JSON.parse(text) as { id: string }).id;
    if (status === 401 || status === 403) return undefined;
  }
  return undefined;
}
