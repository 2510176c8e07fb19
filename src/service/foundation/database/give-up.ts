import type { Client, PoolClient } from 'pg';

/**
 * Breaks a connection on which nothing is answered for so long. The limits of the server end what takes too long while
 * it can be reached; of a machine that is gone, or a network that swallows everything, nobody hears for a quarter of an hour.
 */
export function giveUpAfter(ms: number, client: Client | PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const watched = (...args: unknown[]) => {
    const answered = query(...args);
    if (answered instanceof Promise) {
      const timer = setTimeout(() => streamOf(client).destroy(new NoAnswer(ms)), ms);
      const stop = () => clearTimeout(timer);
      answered.then(stop, stop);
    }
    return answered;
  };
  client.query = watched as typeof client.query;
}

/** Waits until connections have ended, and breaks those that take longer: a server that is gone says no goodbye. */
export async function endWithin(
  ms: number,
  ending: Promise<unknown>,
  clients: Iterable<Client | PoolClient>,
): Promise<void> {
  const timer = setTimeout(() => {
    for (const client of clients) streamOf(client).destroy();
  }, ms);
  await ending.finally(() => clearTimeout(timer));
}

const streamOf = (client: Client | PoolClient) => (client as Client).connection.stream;

class NoAnswer extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(ms: number) {
    super(`the database has answered nothing for ${ms} ms`);
  }
}
