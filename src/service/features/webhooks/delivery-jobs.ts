import type { ServiceContext } from '../../foundation/context.js';
import { failureText, isAway, mayPass } from '../../foundation/database/failures.js';
import { webhookDueChannel } from '../../foundation/jobs/due-channel.js';
import type { DueWork } from '../../foundation/jobs/due-scheduler.js';
import { earliestDue, noteFailure } from '../../foundation/jobs/failed-work.js';
import { claimDelivery, deliveryRows, isToOthers, type DeliveryJob } from './claim.js';
import type { WebhookNetwork } from './network.js';
import { recordOutcome } from './record-outcome.js';
import { signingSecrets } from './secrets.js';
import { send, type AttemptOutcome } from './send.js';
import { signedHeaders } from './signature.js';
import { WorkerShares } from './worker-shares.js';

const workers = 16;

/** Delivers webhooks. Each is claimed first and sent outside of any transaction, so it may arrive more than once. */
export function deliveryJobs(context: ServiceContext, network: WebhookNetwork): DueWork {
  const shares = new WorkerShares(workers);
  let lastClaim: Promise<unknown> = Promise.resolve();

  /** One claim after the other, so that each knows what the ones before it have taken. */
  const claimInTurn = (): Promise<{ job: DeliveryJob; end: () => void } | undefined> => {
    const turn = lastClaim.then(async () => {
      const { served, full } = shares;
      const first = served.providers.length > 0 ? await claimDelivery(context, served) : undefined;
      const job = first ?? (await claimDelivery(context, full));
      return job && { job, end: shares.start(job.endpoint) };
    });
    lastClaim = turn.catch(() => {});
    return turn;
  };

  return {
    name: 'delivery of webhooks',
    channel: webhookDueChannel,
    workers,

    async doNext() {
      const claimed = await claimInTurn();
      if (!claimed) return false;
      const { job, end } = claimed;
      try {
        await attempt(context, network, job);
      } catch (error) {
        if (isAway(error)) throw error;
        await noteFailure(context, deliveryRows.work, job.delivery.id, error);
      } finally {
        end();
      }
      return true;
    },

    earliest: () => earliestDue(context.kysely, deliveryRows, isToOthers(shares.full)),
  };
}

async function attempt(context: ServiceContext, network: WebhookNetwork, job: DeliveryJob): Promise<void> {
  const startedAt = context.now();
  const outcome = await sendSigned(context, network, job, startedAt).catch(
    (error: unknown): AttemptOutcome => {
      if (mayPass(error)) throw error;
      // Such as a secret that cannot be opened. It is tried again as often as any other.
      context.metrics.workFailed(deliveryRows.work);
      context.logger.error('a webhook could not be sent', {
        delivery_id: job.delivery.id,
        endpoint_id: job.endpoint.id,
        error: failureText(error),
      });
      return { status: null, error: 'not_sent' };
    },
  );
  await recordOutcome(context, job, outcome, startedAt);
}

async function sendSigned(
  context: ServiceContext,
  network: WebhookNetwork,
  { delivery, endpoint }: DeliveryJob,
  now: number,
): Promise<AttemptOutcome> {
  const timestamp = new Date(delivery.created_at).toISOString();
  const body = JSON.stringify({ type: delivery.type, timestamp, data: delivery.data });
  const secrets = await signingSecrets(context, endpoint, now);
  const headers = signedHeaders(secrets, delivery.id, body, now);
  return send(endpoint.url, body, headers, network);
}
