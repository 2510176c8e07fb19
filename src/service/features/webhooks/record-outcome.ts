import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables, WebhookEndpointRow } from '../../foundation/database/schema.js';
import { forgetFailures } from '../../foundation/jobs/failed-work.js';
import { deliveryRows, type DeliveryJob } from './claim.js';
import { disableEndpoint } from './disable.js';
import { retryDelayMs } from './retries.js';
import type { AttemptOutcome } from './send.js';

/** An endpoint that fails, and had no success for this long, is disabled, ms. */
const failingForMs = 5 * 86_400_000;
/** The receiver says that the endpoint is gone for good (RFC 9110, 15.5.11). */
const goneStatus = 410;

/**
 * Writes down how an attempt went, and what follows from it. Rows are locked in one order everywhere: endpoint, delivery,
 * attempt.
 */
export async function recordOutcome(
  context: ServiceContext,
  job: DeliveryJob,
  outcome: AttemptOutcome,
  startedAt: number,
): Promise<void> {
  const { delivery } = job;
  await context.kysely.transaction().execute(async (trx) => {
    const now = context.now();
    const reason = await noteHealth(trx, job.endpoint, outcome, now);
    await noteDelivery(trx, job, outcome, now);
    await trx
      .updateTable('webhook_attempts')
      .set({ duration_ms: now - startedAt, response_status: outcome.status, error: outcome.error })
      .where('delivery_id', '=', delivery.id)
      .where('number', '=', delivery.attempts)
      .execute();
    await forgetFailures(trx, deliveryRows.work, [delivery.id]);
    if (reason && (await disableEndpoint(context, trx, job.endpoint.id, reason, now)))
      context.logger.error('a webhook endpoint was disabled', { endpoint_id: job.endpoint.id, reason });
  });
}

/** @returns why the endpoint is to be disabled, if it is. */
async function noteHealth(
  trx: Transaction<Tables>,
  { id, url }: WebhookEndpointRow,
  { status, error }: AttemptOutcome,
  now: number,
): Promise<'gone' | 'failing' | undefined> {
  // What was sent to an earlier address says nothing about the present one.
  const endpoint = trx.updateTable('webhook_endpoints').where('id', '=', id).where('url', '=', url);
  if (error === null) {
    await endpoint.set({ failing_since: null }).where('failing_since', 'is not', null).execute();
    return undefined;
  }
  // Nothing was asked of it.
  if (error === 'not_sent') return undefined;
  const failing = await endpoint
    .set(({ fn, val }) => ({ failing_since: fn.coalesce('failing_since', val(now)) }))
    .returning('failing_since')
    .executeTakeFirst();
  if (!failing) return undefined;
  if (status === goneStatus) return 'gone';
  return now - failing.failing_since! >= failingForMs ? 'failing' : undefined;
}

async function noteDelivery(
  trx: Transaction<Tables>,
  { delivery }: DeliveryJob,
  { status, error, retryAfterSeconds }: AttemptOutcome,
  now: number,
): Promise<void> {
  const pending = trx
    .updateTable('webhook_deliveries')
    .where('id', '=', delivery.id)
    .where('status', '=', 'pending');
  if (error === null) {
    await pending.set({ status: 'delivered', due_at: null, finished_at: now }).execute();
    return;
  }
  const isLast = delivery.type === 'webhook.test' || status === goneStatus;
  const delayMs = isLast ? undefined : retryDelayMs(delivery.attempts, retryAfterSeconds, Math.random());
  // Where the claim ran out meanwhile, another attempt decides.
  const own = pending.where('attempts', '=', delivery.attempts);
  await (
    delayMs === undefined
      ? own.set({ status: 'failed', due_at: null, finished_at: now })
      : own.set({ due_at: now + delayMs })
  ).execute();
}
