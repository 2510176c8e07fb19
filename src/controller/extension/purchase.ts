import type { ExtendAnswer, ExtendRequest, RenewAnswer } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import type { HttpRequest } from '../network/http-request.js';
import { offers } from '../run/said.js';
import { remainingSecondsOf } from '../run/listen.js';
import type { SessionRun } from '../run/session-run.js';
import { refresh } from '../network/heartbeat.js';
import { isUnavailable, send, wait, type GoodAnswer } from '../network/http-client.js';
import { usableLocks } from '../tabs/usable-locks.js';

/** What every backend says of added time. */
type Bought = Partial<ExtendAnswer> & Pick<ExtendAnswer, 'expires_at' | 'additional_cost'>;

/** Below that of the session. */
export const path = '/extend';

/** How long another tab may take to buy the same, ms: longer than one waits for the service. */
const turnMs = 12_000;
/** How long what another tab has bought may take to be told, ms. */
const toldMs = 300;

/**
 * Has the service add time, once: by its `Idempotency-Key`. A backend that promises nothing of it is asked once only,
 * by one tab at a time, and after a lost answer how long the session is now.
 * @returns null where the time is bought already.
 */
export async function purchase(
  run: SessionRun,
  body: ExtendRequest,
  idempotencyKey: string,
): Promise<GoodAnswer<Bought> | null> {
  const request = { method: 'POST', path, body, idempotencyKey } as const;
  if (offers(run, 'idempotency')) return send(run, request);
  const before = remainingSecondsOf(run);
  const isBought = () => remainingSecondsOf(run) - before > body.additional_seconds / 2;
  return inTurn(run, `${run.store.key} ${idempotencyKey}`, async (hasWaited) => {
    if (hasWaited) await wait(run, toldMs);
    if (isBought()) return null;
    try {
      return await send<Bought>(run, request, 1).catch((error) => renewInstead(run, request, error));
    } catch (error) {
      if (!(error instanceof SessionError) || !isUnavailable(error)) throw error;
      await refresh(run).catch(() => {});
      if (!isBought()) throw error;
      return null;
    }
  });
}

/** The older spelling of an extension, for a backend that has no other. */
async function renewInstead(
  run: SessionRun,
  { body, idempotencyKey }: { body: ExtendRequest; idempotencyKey: string },
  error: unknown,
): Promise<GoodAnswer<Bought>> {
  const hasNoSuchRoute = error instanceof SessionError && (error.status === 404 || error.status === 405);
  if (!hasNoSuchRoute) throw error;
  const additional_minutes = body.additional_seconds / 60;
  const request: HttpRequest = {
    method: 'PUT',
    path: '/renew',
    body: { additional_minutes },
    idempotencyKey,
  };
  const answer = await send<RenewAnswer>(run, request, 1);
  return { ...answer, body: { ...answer.body, expires_at: answer.body.new_expires_at } };
}

/** Does something while no other tab does the same. */
async function inTurn<T>(
  run: SessionRun,
  name: string,
  work: (hasWaited: boolean) => Promise<T>,
): Promise<T> {
  const { world } = run;
  const locks = await usableLocks(world);
  if (!locks) return work(false);
  const isTaken = Symbol();
  const done = await locks.request(name, { ifAvailable: true }, (lock) => (lock ? work(false) : isTaken));
  if (done !== isTaken) return done as T;
  const patience = new AbortController();
  const timer = world.setTimeout(() => patience.abort(new SessionError('TIMED_OUT')), turnMs);
  return locks.request(name, { signal: patience.signal }, () => {
    world.clearTimeout(timer);
    return work(true);
  }) as Promise<T>;
}
