import type { ServiceContext } from '../context.js';
import { webhookDueChannel } from '../due-channel.js';
import type { DueWork } from '../due-scheduler.js';
import { claimDelivery, waitingDeliveries, type DeliveryJob } from './claim.js';
import { recordOutcome } from './record-outcome.js';
import { signingSecrets } from './secrets.js';
import { send } from './send.js';
import { signedHeaders } from './signature.js';

const workers = 16;
/** Attempts to one endpoint side by side: one that hangs leaves the other workers to the others. */
const maxPerEndpoint = 4;

/** Delivers webhooks. Each is claimed first and sent outside of any transaction, so it may arrive more than once. */
export function deliveryJobs(context: ServiceContext): DueWork {
  const { kysely, now } = context;
  const running = new Map<string, number>();
  const busyEndpoints = () => [...running].filter(([, count]) => count >= maxPerEndpoint).map(([id]) => id);
  let lastClaim: Promise<unknown> = Promise.resolve();

  /** One claim after the other, so that each knows what the ones before it have taken. */
  const claimInTurn = (): Promise<DeliveryJob | undefined> => {
    const turn = lastClaim.then(async () => {
      const job = await claimDelivery(kysely, busyEndpoints(), now());
      if (job) running.set(job.endpoint.id, (running.get(job.endpoint.id) ?? 0) + 1);
      return job;
    });
    lastClaim = turn.catch(() => {});
    return turn;
  };

  const release = (endpointId: string) => {
    const count = running.get(endpointId)! - 1;
    if (count > 0) running.set(endpointId, count);
    else running.delete(endpointId);
  };

  return {
    name: 'delivery of webhooks',
    channel: webhookDueChannel,
    workers,

    async doNext() {
      const job = await claimInTurn();
      if (!job) return false;
      try {
        await attempt(context, job);
      } finally {
        release(job.endpoint.id);
      }
      return true;
    },

    async earliest() {
      const { next } = await waitingDeliveries(kysely, busyEndpoints())
        .select(({ fn }) => fn.min('due_at').as('next'))
        .executeTakeFirstOrThrow();
      return next;
    },
  };
}

async function attempt(context: ServiceContext, job: DeliveryJob): Promise<void> {
  const { delivery, endpoint } = job;
  const startedAt = context.now();
  const timestamp = new Date(delivery.created_at).toISOString();
  const body = JSON.stringify({ type: delivery.type, timestamp, data: delivery.data });
  const secrets = await signingSecrets(context, endpoint, startedAt);
  const headers = signedHeaders(secrets, delivery.id, body, startedAt);
  const outcome = await send(endpoint.url, body, headers, context.webhooks);
  await recordOutcome(context, job, outcome, startedAt);
}
