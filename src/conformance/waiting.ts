import type { JsonObject } from './backend.js';
import { expect, expectWhole, shown } from './expect.js';
import { NotOffered, type Probe, type Row } from './row.js';
import type { SoldSession } from './sold-session.js';

/** So long a session of this run waits where it is to run out, seconds; and so much longer it may take until it has, ms. */
const shortSeconds = 2;
const runsOutWithinMs = 15_000;
const pollMs = 250;

/** Sessions that are sold to start later. */
export const waiting: readonly Row[] = [
  {
    name: 'waiting-starts',
    asks: 'a session that is sold to start later stands still with its whole time, until the provider starts it, once (where capabilities names waiting)',
    async check(probe) {
      const { sold, session, secretKey } = await sellOne(probe);
      expect(session.status === 'waiting', `status is to be waiting, and is ${shown(session.status)}`);
      const { started_at, expires_at, waiting_until: until } = session;
      expect(started_at === null, `started_at is to be null before the start, and is ${shown(started_at)}`);
      expect(expires_at === null, `expires_at is to be null before the start, and is ${shown(expires_at)}`);
      expectWhole(until, 'waiting_until', 1);
      const { remaining_seconds } = await sold.heartbeat();
      expect(
        remaining_seconds === session.duration_limit_seconds,
        `remaining_seconds is to be all of ${shown(session.duration_limit_seconds)}, and is ${shown(remaining_seconds)}`,
      );
      const started = await act(sold, 'start', secretKey);
      expect(started.status === 'active', `start is to make it active, and it is ${shown(started.status)}`);
      expectWhole(started.expires_at, 'expires_at after the start', 1);
      const again = await act(sold, 'start', secretKey);
      expect(
        again.expires_at === started.expires_at,
        `a second start moves expires_at from ${shown(started.expires_at)} to ${shown(again.expires_at)}`,
      );
    },
  },
  {
    name: 'waiting-cancelled',
    asks: 'one that has not started is cancelled by its customer, and all that it cost goes back (where capabilities names waiting)',
    async check(probe) {
      const { sold, session } = await sellOne(probe);
      expectGivenBack(await act(sold, 'cancel', sold.token), session);
      expectGivenBack(await act(sold, 'cancel', sold.token), session);
    },
  },
  {
    name: 'waiting-runs-out',
    asks: 'one that nobody starts is cancelled when its waiting is over, and all that it cost goes back (where capabilities names waiting)',
    async check(probe) {
      const { sold, session } = await sellOne(probe, shortSeconds);
      const giveUpAt = Date.now() + shortSeconds * 1000 + runsOutWithinMs;
      let { session: known } = await read(sold);
      while (known.status === 'waiting' && Date.now() < giveUpAt) {
        await new Promise((resolve) => setTimeout(resolve, pollMs));
        ({ session: known } = await read(sold));
      }
      expectGivenBack(known, session);
    },
  },
];

/** @throws {NotOffered} */
async function sellOne({ sell, sellWaiting, secretKey }: Probe, waitingSeconds = 600) {
  const { capabilities } = await (await sell()).validate();
  const isOffered = Array.isArray(capabilities) && capabilities.includes('waiting');
  if (!isOffered) throw new NotOffered('capabilities does not name waiting');
  if (!sellWaiting || secretKey === undefined)
    throw new NotOffered(
      'it takes --application-id, --user-id and MARKETPLACE_SECRET_KEY to sell one that waits',
    );
  const sold = await sellWaiting(waitingSeconds);
  const { session } = await read(sold);
  return { sold, session, secretKey };
}

async function read({ backend, path, token }: SoldSession): Promise<{ session: JsonObject }> {
  return (await backend.succeed('GET', path, { token })) as { session: JsonObject };
}

async function act({ backend, path }: SoldSession, action: string, token: string): Promise<JsonObject> {
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  const { session } = await backend.succeed('POST', `${path}/${action}`, { token, body: {}, headers });
  return session as JsonObject;
}

function expectGivenBack(session: JsonObject, { tokens_allocated: paid }: JsonObject): void {
  const { status, final_cost: cost, tokens_refunded: refund } = session;
  expect(status === 'cancelled', `status is to be cancelled, and is ${shown(status)}`);
  expect(cost === 0, `final_cost of what never started is to be 0, and is ${shown(cost)}`);
  expect(refund === paid, `tokens_refunded is to be all ${shown(paid)}, and is ${shown(refund)}`);
}
