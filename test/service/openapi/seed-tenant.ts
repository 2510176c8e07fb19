import fc from 'fast-check';
import { expectOk, operatorKey, until, type TestService } from '../fixtures.js';
import { fittingRequest, type KnownValues } from './arbitrary-request.js';
import type { Operation } from './operations.js';
import { send } from './send.js';

export interface Tenant {
  /** What is there of this tenant, by the name of the field or path parameter that takes it. */
  known: KnownValues;
  secretKey: string;
  /** A session token. */
  token: string;
}

/** How many bodies are tried before something cannot be made. */
const maxTries = 200;

/** Something of everything: an application, a customer, a session, and whatever else the document says how to make. */
export async function seedTenant(service: TestService, operations: Operation[]): Promise<Tenant> {
  const provider_id = `provider-${crypto.randomUUID()}`;
  const before = await makeOthers(
    service,
    operations,
    { provider_id: [provider_id], id: [provider_id] },
    operatorKey,
  );
  const application = await service.createApplication({
    provider_id: before['providers/{id}']?.[0] ?? provider_id,
  });
  const userId = await service.createCustomer(100_000);
  const { session, session_token: token } = await service.createSession(application, userId);
  const own: KnownValues = {
    provider_id: [provider_id],
    ...before,
    application_id: [application.id],
    user_id: [userId],
    session_id: [session.id],
    jti: [session.id],
    'applications/{id}': [application.id],
    'customers/{id}': [userId],
    'sessions/{id}': [session.id],
  };
  const { secretKey } = application;
  const known = { ...own, ...(await makeOthers(service, operations, own, secretKey)) };
  const [endpoint] = known['webhook-endpoints/{id}'] ?? [];
  const sent = expectOk(await service.call<{ id: string }>('POST', `/webhook-endpoints/${endpoint}/test`));
  await untilQuiet(service);
  return { known: { ...known, 'deliveries/{delivery_id}': [sent.id] }, secretKey, token };
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
    const collection = /^\/api\/v1\/([\w-]+)$/.exec(operation.path)?.[1];
    const place = `${collection}/{id}`;
    const isMade = place in known || ['applications', 'customers', 'sessions'].includes(collection ?? '');
    if (operation.method !== 'POST' || !('201' in operation.responses) || isMade) continue;
    const id = await make(service, operation, known, credential);
    if (id !== undefined) made[place] = [id];
  }
  return made;
}

/** @returns its id; undefined where the credential may not make one, or no body was good. */
async function make(service: TestService, operation: Operation, known: KnownValues, credential: string) {
  for (const request of fc.sample(fittingRequest(operation, known), maxTries)) {
    const headers = { ...request.headers, Authorization: `Bearer ${credential}` };
    const { status, text } = await send(service, operation, { ...request, headers });
    if (status === 201) return (JSON.parse(text) as { id: string }).id;
    if (status === 401 || status === 403) return undefined;
  }
  return undefined;
}
