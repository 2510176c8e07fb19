import { sql, type Updateable } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { WebhookEventType } from '../../../protocol/webhooks.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { WebhookEndpointRow, WebhookEndpointsTable } from '../../foundation/database/schema.js';
import { runOnce, type Idempotency } from '../../foundation/idempotency.js';
import type { PageCursor } from '../../foundation/page-cursor.js';
import { toStored } from '../../foundation/secrets/stored-secret.js';
import { disableEndpoint } from './disable.js';
import { requireOwnEvents } from './own-events.js';
import { placeOf } from './secrets.js';
import { newSecret } from './signature.js';
import type { WebhookNetwork } from './network.js';
import { resolveTarget, TargetRefused } from './target.js';

/** Endpoints that a provider may have. */
const maxEndpoints = 20;

export interface EndpointFields {
  url: string;
  events: WebhookEventType[];
  description: string;
}

/**
 * Registers an endpoint of a provider, or with null of the marketplace itself.
 * @throws {SessionError} `WEBHOOK_TARGET_REFUSED`, `WEBHOOK_LIMIT_REACHED`; `REQUEST_INVALID` where an event is of others
 */
export async function createEndpoint(
  context: ServiceContext,
  network: WebhookNetwork,
  providerId: string | null,
  { url, events, description }: EndpointFields,
  asked: AskedChange,
  idempotency: Idempotency | undefined,
): Promise<WebhookEndpointRow> {
  requireOwnEvents(providerId, events);
  await requireTarget(network, url);
  const made = await runOnce(context.kysely, idempotency, context.now(), async (trx) => {
    // Of several that come together each counts those before it; the provider itself may have no row to lock.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`webhook endpoints ${providerId}`}, 0))`.execute(
      trx,
    );
    const { count } = await trx
      .selectFrom('webhook_endpoints')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('provider_id', 'is not distinct from', providerId)
      .executeTakeFirstOrThrow();
    if (count >= maxEndpoints) throw new SessionError('WEBHOOK_LIMIT_REACHED');
    const id = crypto.randomUUID();
    const now = context.now();
    await trx
      .insertInto('webhook_endpoints')
      .values({
        id,
        provider_id: providerId,
        url,
        description,
        event_types: JSON.stringify(events),
        secret: toStored(newSecret(), placeOf(id), context.box),
        created_at: now,
      })
      .execute();
    await recordChange(trx, asked, now, id);
    return { id };
  });
  return findEndpoint(context, made!.id, providerId ?? undefined);
}

/**
 * An endpoint, where it is that provider's.
 * @param providerId undefined: whosever it is
 * @throws {SessionError} `WEBHOOK_ENDPOINT_NOT_FOUND`
 */
export async function findEndpoint(
  { kysely }: ServiceContext,
  id: string,
  providerId: string | undefined,
): Promise<WebhookEndpointRow> {
  const row = await kysely
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row || (providerId !== undefined && row.provider_id !== providerId))
    throw new SessionError('WEBHOOK_ENDPOINT_NOT_FOUND');
  return row;
}

/** The endpoints of a provider, oldest first; of all of them where none is named. */
export function listEndpoints(
  { kysely }: ServiceContext,
  providerId: string | undefined,
  { after, limit }: { after: PageCursor | undefined; limit: number },
): Promise<WebhookEndpointRow[]> {
  return kysely
    .selectFrom('webhook_endpoints')
    .selectAll()
    .$if(providerId !== undefined, (query) => query.where('provider_id', '=', providerId!))
    .$if(after !== undefined, (query) =>
      query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('created_at', 'id'), '>', tuple(after!.createdAt, after!.id)),
      ),
    )
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/**
 * Changes an endpoint. Enabled again, it starts with a clean record; what it missed is not sent by itself.
 * @param requireCurrent throws where the endpoint is not as it is to be before the change
 * @throws {SessionError} `WEBHOOK_TARGET_REFUSED`, `WEBHOOK_ENDPOINT_NOT_FOUND`; `REQUEST_INVALID` where an event is of others
 */
export async function changeEndpoint(
  context: ServiceContext,
  network: WebhookNetwork,
  { id, provider_id }: WebhookEndpointRow,
  { url, events, description, enabled }: Partial<EndpointFields & { enabled: boolean }>,
  asked: AskedChange,
  requireCurrent: (current: WebhookEndpointRow) => void,
): Promise<void> {
  if (events) requireOwnEvents(provider_id, events);
  if (url !== undefined) await requireTarget(network, url);
  const changes: Updateable<WebhookEndpointsTable> = {
    ...(url !== undefined && { url, failing_since: null }),
    ...(events && { event_types: JSON.stringify(events) }),
    ...(description !== undefined && { description }),
    ...(enabled && { disabled_reason: null, disabled_at: null, failing_since: null }),
  };
  await context.kysely.transaction().execute(async (trx) => {
    const now = context.now();
    const current = await trx
      .selectFrom('webhook_endpoints')
      .selectAll()
      .where('id', '=', id)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (!current) throw new SessionError('WEBHOOK_ENDPOINT_NOT_FOUND');
    requireCurrent(current);
    let isChanged = Object.keys(changes).length > 0;
    if (isChanged) await trx.updateTable('webhook_endpoints').set(changes).where('id', '=', id).execute();
    if (enabled === false) isChanged = (await disableEndpoint(context, trx, id, 'owner', now)) || isChanged;
    if (isChanged) await recordChange(trx, asked, now);
  });
}

/** Removes an endpoint with all that was or was to be delivered to it. */
export async function deleteEndpoint(
  { kysely, now }: ServiceContext,
  { id }: WebhookEndpointRow,
  asked: AskedChange,
): Promise<void> {
  await kysely.transaction().execute(async (trx) => {
    const { numDeletedRows } = await trx
      .deleteFrom('webhook_endpoints')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    if (numDeletedRows > 0n) await recordChange(trx, asked, now());
  });
}

const refusals = {
  url_invalid: 'It is not an http(s) address, or has user info or a fragment.',
  https_required: 'It is not an https address.',
  port_refused: 'Its port is one of another protocol.',
  name_unresolved: 'Its name has no address.',
  address_not_public: 'It is not on the public internet.',
};

async function requireTarget(network: WebhookNetwork, url: string): Promise<void> {
  try {
    await resolveTarget(url, network);
  } catch (error) {
    if (!(error instanceof TargetRefused)) throw error;
    throw new SessionError('WEBHOOK_TARGET_REFUSED', { message: refusals[error.reason] });
  }
}
