import { Backend } from './backend.js';
import { Violation } from './expect.js';
import { files } from './files.js';
import { fullSet } from './full-set.js';
import { helpRequests } from './help-requests.js';
import { messages } from './messages.js';
import { operations } from './operations.js';
import { presence } from './presence.js';
import { NotOffered, type Row } from './row.js';
import { rooms } from './rooms.js';
import { smallerSet } from './smaller-set.js';
import { SoldSession } from './sold-session.js';
import { waiting } from './waiting.js';

export type SetName = 'smaller' | 'full';

export interface ConformanceOptions {
  /** The address of the API, such as `https://market.example/api/v1`. */
  url: string;
  set: SetName;
  /** Sells a session and gives its session token; see `Probe.sell`. */
  sell(): Promise<string>;
  /** Sells one that waits, and gives its session token; see `Probe.sellWaiting`. */
  sellWaiting?: ((waitingSeconds: number) => Promise<string>) | undefined;
  /** See `Probe.secretKey`. */
  secretKey?: string | undefined;
  /** The name of one row, to look at that one alone. */
  only?: string;
  /** In place of the network: a backend that is a fetch handler. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
}

export interface RowResult extends Pick<Row, 'name' | 'asks'> {
  /** Why it failed; null where it did not. */
  failure: string | null;
  /** Why it was not looked at: something optional that is not there. Null where it was. */
  skipped: string | null;
}

/** No session could be sold, so that there is nothing to look at. */
export class NothingSold extends Error {}

/**
 * Holds a backend against the protocol, row by row; one that fails stops none of the others.
 * @throws {Unreachable} where nobody is at the address
 * @throws {NothingSold} where the first sale fails: each row would say the same
 */
export async function* runConformance({
  url,
  set,
  sell,
  sellWaiting,
  secretKey,
  only,
  fetch,
}: ConformanceOptions): AsyncGenerator<RowResult> {
  const backend = new Backend(url, fetch);
  const sellOne = async () => new SoldSession(backend, await sell());
  await backend.reach();
  const sold = [
    await sellOne().catch((error: unknown) => {
      throw new NothingSold(`no session can be sold: ${(error as Error).message}`);
    }),
  ];
  const probe = {
    backend,
    sell: async () => sold.pop() ?? (await sellOne()),
    sellWaiting:
      sellWaiting && (async (seconds: number) => new SoldSession(backend, await sellWaiting(seconds))),
    secretKey,
  };
  const rows =
    set === 'full'
      ? [
          ...smallerSet,
          ...fullSet,
          ...presence,
          ...waiting,
          ...messages,
          ...files,
          ...rooms,
          ...operations,
          ...helpRequests,
        ]
      : smallerSet;
  for (const { name, asks, check } of rows.filter((row) => only === undefined || row.name === only)) {
    let failure: string | null = null;
    let skipped: string | null = null;
    try {
      await check(probe);
    } catch (error) {
      if (error instanceof NotOffered) skipped = error.message;
      else if (error instanceof Violation) failure = error.message;
      else failure = `the check could not be made: ${String(error)}`;
    }
    yield { name, asks, failure, skipped };
  }
}
