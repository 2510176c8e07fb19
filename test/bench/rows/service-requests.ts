// Heartbeats and validations a second of one instance on a real PostgreSQL, to the same instance without one, and to a
// bare Hono server with and without the same work in the database.
import type { CreateSessionAnswer } from '../../../src/protocol/api.js';
import { expectOk, operatorKey } from '../../service/fixtures.js';
import { startBenchService, type BenchService } from '../harness/bench-service.js';
import { startChild, type Child } from '../harness/child.js';
import { pageOrigin, requestText } from '../harness/http-text.js';
import type { Benchmark, Row } from '../harness/measurement.js';
import { inTurns, ratioOf, rowsOfServer, type Contender, type Figures } from '../harness/turns.js';

const sessionCount = 1_000;
/** At least 60 % of the peer's. */
const target = 1 / 0.6;

interface Server {
  process: Child;
  /** Stands before the service's paths. */
  prefix: string;
}

type Name = 'service' | 'memory' | 'read' | 'ready';

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
      const servers: Record<Name, Server> = {
        service: { process: service.process, prefix: '' },
        memory: { process: memory, prefix: '' },
        read: { process: bare, prefix: '/read' },
        ready: { process: bare, prefix: '/ready' },
      };
      const measure = async (what: string, requestOf: RequestOf) => {
        const contender = ({ process, prefix }: Server): Contender => ({
          process,
          requests: () => sold.map((sale) => requestOf(prefix, sale)),
        });
        const contenders = {
          service: contender(servers.service),
          memory: contender(servers.memory),
          read: contender(servers.read),
          ready: contender(servers.ready),
        };
        return rowsOf(what, await inTurns(bench, load, contenders));
      };
      return [...(await measure('heartbeats', heartbeatOf)), ...(await measure('validations', validationOf))];
    } finally {
      await Promise.all(children.map((child) => child.stop()));
      await service.stop();
    }
  },
};

function rowsOf(what: string, { service, memory, read, ready }: Record<Name, Figures>): Row[] {
  const name = (figure: string) => `service requests: ${what}, ${figure}`;
  return [
    { name: name('without a database to with one'), value: ratioOf(memory, service), unit: '×', target },
    {
      name: name('bare route with the same reads to the service'),
      value: ratioOf(read, service),
      unit: '×',
      target,
    },
    ...rowsOfServer(name('service'), service),
    ...rowsOfServer(name('service without a database'), memory),
    ...rowsOfServer(name('bare route with the same reads'), read),
    ...rowsOfServer(name('bare route with a ready answer'), ready),
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
