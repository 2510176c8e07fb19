// Heartbeats and validations a second of sessions that are bound to a browser (proof of possession), to those of plain
// ones on the same instance, and to the same instance without a database.
import type { CreateSessionAnswer } from '../../../src/protocol/api.js';
import { expectOk, operatorKey } from '../../service/fixtures.js';
import { TestBrowser } from '../../service/test-browser.js';
import { startBenchService, type BenchService } from '../harness/bench-service.js';
import { startChild, type Child } from '../harness/child.js';
import { pageOrigin, requestText } from '../harness/http-text.js';
import type { Benchmark, Row } from '../harness/measurement.js';
import { inTurns, ratioOf, rowsOfServer, type Contender, type Figures } from '../harness/turns.js';

/** Of each kind. */
const sessionCount = 500;
/** Each wants a proof of its own; more than are answered in one turn. */
const requestsOfTurn = 2_560;
/** At least 60 % of the peer's. */
const target = 1 / 0.6;

interface Sale extends CreateSessionAnswer {
  /** Whose key the session is bound to. */
  browser: TestBrowser | undefined;
}

type RequestOf = (sale: Sale) => string;
type Name = 'bound' | 'plain' | 'memory';

export const boundRequests: Benchmark = {
  name: 'bound-requests',
  async measure(bench) {
    const service = await startBenchService();
    const children: Child[] = [];
    const start = async (name: string) => {
      const child = await startChild(name, { DATABASE_URL: service.databaseUrl, OPERATOR_KEY: operatorKey });
      children.push(child);
      return child;
    };
    try {
      const [bound, plain] = [
        await sell(service, () => new TestBrowser(service)),
        await sell(service, () => undefined),
      ];
      const [memory, load] = [await start('service-from-memory'), await start('load')];
      await memory.ask('remember');
      const measure = async (what: string, requestOf: RequestOf) => {
        const fresh = () =>
          Array.from({ length: requestsOfTurn }, (_, n) => requestOf(bound[n % bound.length]!));
        const contenders: Record<Name, Contender> = {
          bound: { process: service.process, requests: fresh, isOnce: true },
          plain: { process: service.process, requests: () => plain.map(requestOf) },
          memory: { process: memory, requests: fresh, isOnce: true },
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

function rowsOf(what: string, { bound, plain, memory }: Record<Name, Figures>): Row[] {
  const name = (figure: string) => `bound requests: ${what}, ${figure}`;
  return [
    { name: name('without a database to with one'), value: ratioOf(memory, bound), unit: '×', target },
    { name: name('plain sessions to bound ones'), value: ratioOf(plain, bound), unit: '×', target: null },
    ...rowsOfServer(name('bound'), bound),
    ...rowsOfServer(name('plain'), plain),
    ...rowsOfServer(name('bound without a database'), memory),
  ];
}

async function sell(service: BenchService, opens: () => TestBrowser | undefined): Promise<Sale[]> {
  const application = await service.createApplication({ allowed_origins: [pageOrigin] });
  const sold: Sale[] = [];
  const sellAll = async () => {
    while (sold.length < sessionCount) {
      const made = await service.createSession(application, await service.createCustomer(10_000), {
        duration_seconds: 7200,
      });
      const browser = opens();
      sold.push({ ...made, browser });
      // The first validation decides whether a session is bound.
      const { session_token: token } = made;
      const body = { session_jwt: token };
      expectOk(
        browser
          ? await browser.validate(token)
          : await service.call('POST', '/api/v1/sessions/validate', { as: null, body }),
      );
    }
  };
  await Promise.all(Array.from({ length: 8 }, sellAll));
  return sold;
}

const heartbeatOf: RequestOf = ({ session, session_token, browser }) => {
  const path = `/api/v1/sessions/${session.id}/heartbeat`;
  const body = { timestamp: Date.now(), active: true };
  return requestText('POST', path, session_token, body, browser?.proof('POST', path, session_token));
};

const validationOf: RequestOf = ({ session, session_token, browser }) => {
  const path = '/api/v1/sessions/validate';
  const body = { jti: session.id };
  return requestText('POST', path, session_token, body, browser?.proof('POST', path, session_token));
};
