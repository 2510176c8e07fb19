// What routes answer of webhook endpoints, by whichever spelling they are asked.
import type { Context } from 'hono';
import { reachedProvider } from '../../foundation/auth/reach.js';
import type { ServiceContext } from '../../foundation/context.js';
import { askedChange } from '../../foundation/http/audit.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { idempotencyOf } from '../../foundation/http/idempotency-key.js';
import { nextCursor, readCursor } from '../../foundation/http/page-cursor.js';
import { findDelivery, queueTest } from './deliveries.js';
import { toDelivery } from './delivery-schemas.js';
import { toEndpoint } from './endpoint-schemas.js';
import { createEndpoint, findEndpoint, listEndpoints, type EndpointFields } from './endpoints.js';
import type { WebhookNetwork } from './network.js';
import { secretOf } from './secrets.js';

/** Registers one. @returns the endpoint, and the secret, which is shown this once. */
export async function registerEndpoint(
  c: Context<HttpEnvironment>,
  { context, network }: { context: ServiceContext; network: WebhookNetwork },
  providerId: string | null,
  fields: EndpointFields,
) {
  const idempotency = idempotencyOf(c, `create webhook ${providerId}`, fields);
  const row = await createEndpoint(context, network, providerId, fields, await askedChange(c), idempotency);
  return { endpoint: toEndpoint(row), secret: secretOf(context, row) };
}

/** A page of them. @param providerId undefined: of all */
export async function pageOfEndpoints(
  context: ServiceContext,
  providerId: string | undefined,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
) {
  const rows = await listEndpoints(context, providerId, { after: readCursor(cursor), limit });
  return { endpoints: rows.map(toEndpoint), next_cursor: nextCursor(rows, limit) };
}

/** Sends a test to one. @returns the delivery, which is on its way. */
export async function sendTest(c: Context<HttpEnvironment>, context: ServiceContext, id: string) {
  const endpoint = await findEndpoint(context, id, reachedProvider(c.get('credential')));
  const deliveryId = await queueTest(context, endpoint, await askedChange(c));
  return toDelivery(await findDelivery(context, endpoint, deliveryId));
}
