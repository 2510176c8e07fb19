import type { HttpRequest } from './http-request.js';
import type { SessionRun } from '../run/session-run.js';
import { SessionError } from '../../protocol/errors.js';
import type { PendingCall } from '../snapshot.js';
import { askAroundBlock } from './blocked.js';
import { send, wait, type GoodAnswer } from './http-client.js';
import { lifecycleOf } from '../page/lifecycle.js';
import { pageOf } from '../page/browser-page.js';
import { perRun } from '../run/per-run.js';

/** What an unreachable service is asked again at, ms; sooner where the network returns. */
const retryMs = 20_000;
/** The same once the time is up, and the customer waits for the bill. */
const retryAtEndMs = 5000;

/** A change that costs nothing: it waits for the network, in this page and over a reload of it. Never a charge. */
export interface KeptChange {
  call: Exclude<PendingCall, 'extend'>;
  path: string;
  body: object;
  /** The same however often it is sent. */
  idempotencyKey: string;
}

/** The changes that the service has not answered yet, oldest first. */
class Outbox {
  readonly #run: SessionRun;
  readonly #key: string;

  constructor(run: SessionRun) {
    this.#run = run;
    this.#key = `${run.store.key}:outbox:${run.snapshot.session!.id}`;
  }

  /** Those that an earlier page of this tab left. */
  get changes(): KeptChange[] {
    try {
      return JSON.parse(this.#run.world.tabStorage?.getItem(this.#key) ?? '[]') as KeptChange[];
    } catch {
      return [];
    }
  }

  /** Sends a change until it is answered, and keeps it until then. */
  async deliver<Body>(change: KeptChange): Promise<GoodAnswer<Body>> {
    const { path, body, idempotencyKey } = change;
    const request: HttpRequest = { method: 'POST', path, body, idempotencyKey, keepalive: true };
    this.#keep([...this.#without(change), change]);
    for (;;) {
      try {
        const answer = await send<Body>(this.#run, request);
        this.#keep(this.#without(change));
        return answer;
      } catch (error) {
        if (this.#run.signal.aborted) throw error;
        if (!(error instanceof SessionError) || !isUnreachable(error)) {
          this.#keep(this.#without(change));
          throw error;
        }
        await askAroundBlock(this.#run, path, error);
        await waitToRetry(this.#run);
      }
    }
  }

  #without({ idempotencyKey }: KeptChange): KeptChange[] {
    return this.changes.filter((change) => change.idempotencyKey !== idempotencyKey);
  }

  #keep(changes: KeptChange[]): void {
    try {
      const { tabStorage } = this.#run.world;
      if (changes.length) tabStorage?.setItem(this.#key, JSON.stringify(changes));
      else tabStorage?.removeItem(this.#key);
    } catch {
      // Without storage it is kept in this page alone.
    }
  }
}

export const outboxOf = perRun((run) => new Outbox(run));

/** Whether the request may not have arrived, and may be sent again later. */
const isUnreachable = ({ code }: SessionError): boolean => /^(NETWORK|TIMED)/.test(code);

/** Waits until the service is asked once more. */
export function waitToRetry(run: SessionRun): Promise<void> {
  const aboutMs = run.snapshot.state === 'ending' ? retryAtEndMs : retryMs;
  return waitForNetwork(run, aboutMs * (0.5 + pageOf(run.world).random()));
}

/** Waits, but no longer than until the network or the person is back. */
export async function waitForNetwork(
  run: SessionRun,
  delayMs: number,
  signal: AbortSignal = run.signal,
): Promise<void> {
  const over = new AbortController();
  const returned = new Promise<void>((resolve) =>
    lifecycleOf(run).listen((news) => {
      if (!/hidden|offline|suspended/.test(news)) resolve();
    }, over.signal),
  );
  await Promise.race([wait(run, delayMs, signal).catch(() => {}), returned]);
  over.abort();
}
