import type { Updateable } from 'kysely';
import { SessionError } from '../../protocol/errors.js';
import type { WebhookEventType } from '../../protocol/webhooks.js';
import { recordChange, type AskedChange } from '../audit.js';
import type { ServiceContext } from '../context.js';
import type { WebhookEndpointRow, WebhookEndpointsTable } from '../database/schema.js';
import { runOnce, type Idempotency } from '../idempotency.js';
import { toStored } from '../keys/stored-secret.js';
import { disableEndpoint } from './disable.js';
import { placeOf } from './secrets.js';
import { newSecret } from './signature.js';
import { resolveTarget, TargetRefused } from './target.js';

/** Endpoints that a provider may have. */
const maxEndpoints = 20;

export interface EndpointFields {
  url: string;
  events: WebhookEventType[];
  description: string;
}

/**
 * Registers an endpoint of a provider.
 * @throws {SessionError} `WEBHOOK_TARGET_REFUSED`, `WEBHOOK_LIMIT_REACHED`
 */
export async function createEndpoint(
  context: ServiceContext,
  providerId: string,
  { url, events, description }: EndpointFields,
  asked: AskedChange,
  idempotency: Idempotency | undefined,
): Promise<WebhookEndpointRow> {
  await requireTarget(context, url);
  const made = await runOnce(context.kysely, idempotency, context.now(), async (trx) => {
    const { count } = await trx
      .selectFrom('webhook_endpoints')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('provider_id', '=', providerId)
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
  return findEndpoint(context, made!.id, providerId);
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
export function listEndpoints({ kysely }: ServiceContext, providerId: string | undefined) {
  const all = kysely.selectFrom('webhook_endpoints').selectAll().orderBy('created_at').orderBy('id');
  return (providerId === undefined ? all : all.where('provider_id', '=', providerId)).execute();
}

/**
 * Changes an endpoint. Enabled again, it starts with a clean record; what it missed is not sent by itself.
 * @throws {SessionError} `WEBHOOK_TARGET_REFUSED`
 */
export async function changeEndpoint(
  context: ServiceContext,
  { id }: WebhookEndpointRow,
  { url, events, description, enabled }: Partial<EndpointFields & { enabled: boolean }>,
  asked: AskedChange,
): Promise<void> {
  if (url !== undefined) await requireTarget(context, url);
  const changes: Updateable<WebhookEndpointsTable> = {
    ...(url !== undefined && { url, failing_since: null }),
    ...(events && { event_types: JSON.stringify(events) }),
    ...(description !== undefined && { description }),
    ...(enabled && { disabled_reason: null, disabled_at: null, failing_since: null }),
  };
  await context.kysely.transaction().execute(async (trx) => {
    const now = context.now();
    let isChanged = false;
    if (Object.keys(changes).length > 0) {
      const changed = await trx
        .updateTable('webhook_endpoints')
        .set(changes)
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst();
      isChanged = changed !== undefined;
    }
    if (enabled === false) isChanged = (await disableEndpoint(trx, id, 'owner', now)) || isChanged;
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
  name_unresolved: 'Its name has no address.',
  address_not_public: 'It is not on the public internet.',
};

async function requireTarget({ webhooks }: ServiceContext, url: string): Promise<void> {
  try {
    await resolveTarget(url, webhooks);
  } catch (error) {
    if (!(error instanceof TargetRefused)) throw error;
    throw new SessionError('WEBHOOK_TARGET_REFUSED', { message: refusals[error.reason] });
  }
}
