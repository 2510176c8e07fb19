// What an open event stream costs an instance: memory, and processor time while nothing happens.
import { setTimeout as wait } from 'node:timers/promises';
import type { CreateSessionAnswer } from '../../../src/protocol/api.js';
import { openDatabase } from '../../../src/service/index.js';
import { expectOk } from '../../service/fixtures.js';
import { startBenchService, type BenchService } from '../harness/bench-service.js';
import { startChild, type Child } from '../harness/child.js';
import { requestText } from '../harness/http-text.js';
import type { Bench, Benchmark } from '../harness/measurement.js';
import { insertSoldSessions } from '../harness/sold-sessions.js';
import { until } from '../harness/until.js';
import type { Usage } from '../processes/usage.js';

const wholeStreams = 10_000;
/** Opened and closed before anything is measured: what the process keeps for good is there then. */
const warmUpStreams = 1_000;
const wholeQuietMs = 20_000;
const patienceMs = 30_000;

export const eventStreams: Benchmark = {
  name: 'event-streams',
  async measure(bench) {
    const streams = bench.sized(wholeStreams);
    const service = await startBenchService();
    const bare = await startChild('bare-streams');
    try {
      bench.note(`${streams} sessions are sold`);
      const sold = await sell(service, streams);
      const requests = sold.map(({ session, session_token }) =>
        requestText('GET', `/api/v1/sessions/${session.id}/events`, session_token),
      );
      const ofService = await measureStreams(bench, service.process, requests);
      const ofBare = await measureStreams(bench, bare, requests);
      const row = (figure: string, unit: string, value: (cost: StreamCost) => number) => ({
        name: `event streams: ${figure}`,
        value: value(ofService),
        peer: value(ofBare),
        unit,
        target: null,
      });
      return [
        row('memory of one of 10 000', 'kB', ({ rss }) => rss / 1000),
        row('of it objects', 'kB', ({ heap }) => heap / 1000),
        row('10 000 quiet ones, of a processor', '%', ({ processorShare }) => processorShare * 100),
        row('bare server, memory of one', 'kB', () => ofBare.rss / 1000),
      ];
    } finally {
      await bare.stop();
      await service.stop();
    }
  },
};

interface StreamCost {
  /** Bytes each. */
  rss: number;
  heap: number;
  processorShare: number;
}

async function measureStreams(
  { note, sized }: Bench,
  server: Child,
  requests: string[],
): Promise<StreamCost> {
  const readers = await startChild('readers');
  try {
    const url = await server.ask<string>('url');
    await readers.ask('open', { url, requests: requests.slice(0, sized(warmUpStreams)) });
    await readers.ask('close');
    await untilOpen(server, 0);
    const before = await server.ask<Usage>('usage');
    await readers.ask('open', { url, requests });
    await untilOpen(server, requests.length);
    const after = await server.ask<Usage>('usage');
    note(`${requests.length} streams are open`);
    const quietMs = sized(wholeQuietMs);
    await wait(quietMs);
    const later = await server.ask<Usage>('usage');
    return {
      rss: (after.rss - before.rss) / requests.length,
      heap: (after.heap - before.heap) / requests.length,
      processorShare: (later.processorMs - after.processorMs) / quietMs,
    };
  } finally {
    await readers.stop();
  }
}

const untilOpen = (server: Child, count: number) =>
  until(async () => (await server.ask('openStreams')) === count, patienceMs, `${count} open streams`);

async function sell(service: BenchService, count: number): Promise<CreateSessionAnswer[]> {
  const { id: applicationId, secretKey: as } = await service.createApplication();
  const database = await openDatabase({ databaseUrl: service.databaseUrl });
  const firstDeadlineAt = (Math.floor(Date.now() / 1000) + 3_000) * 1000;
  await insertSoldSessions(database, { applicationId, count, firstDeadlineAt, overSeconds: 60 });
  const ids = await database.kysely.selectFrom('sessions').select('id').execute();
  await database.close();
  const launched: CreateSessionAnswer[] = [];
  const launchAll = async () => {
    for (let next = ids.pop(); next; next = ids.pop()) {
      const path = `/api/v1/sessions/${next.id}/launch`;
      launched.push(expectOk(await service.call<CreateSessionAnswer>('POST', path, { as })));
    }
  };
  await Promise.all(Array.from({ length: 16 }, launchAll));
  return launched;
}
