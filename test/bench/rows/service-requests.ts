// Heartbeats and validations a second of one instance on a real PostgreSQL, to the same instance without one, and to a
// bare Hono server with and without the same work in the database.
import type { CreateSessionAnswer } from '../../../src/protocol/api.js';
import { expectOk, operatorKey } from '../../service/fixtures.js';
import { startBenchService, type BenchService } from '../harness/bench-service.js';
import { startChild, type Child } from '../harness/child.js';
import { pageOrigin, requestText } from '../harness/http-text.js';
import type { Bench, Benchmark, Row } from '../harness/measurement.js';
import { median } from '../harness/statistics.js';
import type { Answered, Load } from '../processes/load.js';

const sessionCount = 1_000;
const connections = 64;
/** Short, so that what else happens on the machine meets all servers alike. */
const turnMs = 500;
const rounds = 40;
const warmUpRounds = 6;
/** At least 60 % of the peer's. */
const target = 1 / 0.6;

interface Server {
  process: Child;
  /** Stands before the service's paths. */
  prefix: string;
}

/** Of each round. */
interface Figures {
  perSecond: number[];
  /** Of the server's process, for one request. */
  processorMicroseconds: number[];
}

type Servers = Record<'service' | 'memory' | 'read' | 'ready', Server>;
type Measured = Record<keyof Servers, Figures>;

export const serviceRequests: Benchmark = {
  name: 'service-requests',
  async measure(bench) {
    const service = await startBenchService();
    const environment = { DATABASE_URL: service.databaseUrl, OPERATOR_KEY: operatorKey };
    const children: Child[] = [];
    const start = async (name: string) => {
      const child = await startChild(name, environment);
      children.push(child);
      return child;
    };
    try {
      const sold = await sell(service);
      const [memory, bare, load] = [
        await start('service-from-memory'),
        await start('bare-routes'),
        await start('load'),
      ];
      await memory.ask('remember');
      await bare.ask('prepare', sold[0]!.session.id);
      const servers: Servers = {
        service: { process: service.process, prefix: '' },
        memory: { process: memory, prefix: '' },
        read: { process: bare, prefix: '/read' },
        ready: { process: bare, prefix: '/ready' },
      };
      const measure = (what: string, requestOf: RequestOf) =>
        inTurns(bench, load, servers, (prefix) => sold.map((sale) => requestOf(prefix, sale))).then(
          (measured) => rowsOf(what, measured),
        );
      return [...(await measure('heartbeats', heartbeatOf)), ...(await measure('validations', validationOf))];
    } finally {
      await Promise.all(children.map((child) => child.stop()));
      await service.stop();
    }
  },
};

/** Loads each server in turn, one at a time, round after round. */
async function inTurns(
  { note }: Bench,
  load: Child,
  servers: Servers,
  requestsFor: (prefix: string) => string[],
): Promise<Measured> {
  const entries = Object.entries(servers) as [keyof Servers, Server][];
  const none = (): Figures => ({ perSecond: [], processorMicroseconds: [] });
  const measured: Measured = { service: none(), memory: none(), read: none(), ready: none() };
  const loads = new Map<string, Load>();
  for (const [name, { process, prefix }] of entries)
    loads.set(name, {
      url: await process.ask('url'),
      requests: requestsFor(prefix),
      connections,
      durationMs: turnMs,
    });
  for (let round = -warmUpRounds; round < rounds; round += 1)
    for (const [name, { process }] of entries) {
      const before = await process.ask<number>('processorMs');
      const { count, withinMs } = await load.ask<Answered>('load', loads.get(name));
      const usedMs = (await process.ask<number>('processorMs')) - before;
      if (round < 0) continue;
      measured[name].perSecond.push((count * 1000) / withinMs);
      measured[name].processorMicroseconds.push((usedMs * 1000) / count);
    }
  for (const [name, { perSecond }] of Object.entries(measured))
    note(`${name}: ${perSecond.map(Math.round).join(' ')}`);
  return measured;
}

function rowsOf(what: string, { service, memory, read, ready }: Measured): Row[] {
  const name = (figure: string) => `service requests: ${what}, ${figure}`;
  const toService = ({ perSecond }: Figures) =>
    median(perSecond.map((rate, round) => rate / service.perSecond[round]!));
  const rowsOfServer = (server: string, { perSecond, processorMicroseconds }: Figures): Row[] => [
    { name: name(`${server}, a second`), value: median(perSecond), unit: '1/s', target: null },
    { name: name(`${server}, processor`), value: median(processorMicroseconds), unit: 'µs', target: null },
  ];
  return [
    { name: name('without a database to with one'), value: toService(memory), unit: '×', target },
    {
      name: name('bare route with the same reads to the service'),
      value: toService(read),
      unit: '×',
      target,
    },
    ...rowsOfServer('service', service),
    ...rowsOfServer('service without a database', memory),
    ...rowsOfServer('bare route with the same reads', read),
    ...rowsOfServer('bare route with a ready answer', ready),
  ];
}

async function sell(service: BenchService): Promise<CreateSessionAnswer[]> {
  const application = await service.createApplication({ allowed_origins: [pageOrigin] });
  const sold: CreateSessionAnswer[] = [];
  const sellAll = async () => {
    while (sold.length < sessionCount) {
      const made = await service.createSession(application, await service.createCustomer(10_000), {
        duration_seconds: 7200,
      });
      sold.push(made);
      // The first validation binds a session or, as here, leaves it unbound; it alone writes that down.
      const { session, session_token: as } = made;
      const body = { jti: session.id };
      expectOk(await service.call('POST', '/api/v1/sessions/validate', { as, body }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, sellAll));
  return sold;
}

type RequestOf = (prefix: string, sale: CreateSessionAnswer) => string;

const heartbeatOf: RequestOf = (prefix, { session, session_token }) =>
  requestText('POST', `${prefix}/api/v1/sessions/${session.id}/heartbeat`, session_token, {
    timestamp: Date.now(),
    active: true,
  });

const validationOf: RequestOf = (prefix, { session, session_token }) =>
  requestText('POST', `${prefix}/api/v1/sessions/validate`, session_token, { jti: session.id });
