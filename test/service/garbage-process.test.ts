// The real process, as it is started by operators, lives through whatever is sent to it.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../simulation/random.js';
import { createDataDirectory } from './databases.js';
import { callerOf, operatorKey, seeding, type TestService } from './fixtures.js';
import { arbitraryRequest, type KnownValues } from './openapi/arbitrary-request.js';
import { readOperations } from './openapi/operations.js';
import { send } from './openapi/send.js';
import { rawInput, type RawInput } from './raw-inputs.js';
import { addressOf, endWith, spawnServe, type ServedProcess } from './served-process.js';

/** How many of each; set both for more. */
const rawInputs = Number(process.env.RAW_INPUTS ?? 3_000);
const generatedRequests = Number(process.env.GENERATED_REQUESTS ?? 600);
/** How many at a time. */
const senders = 16;
/** Requests after which the things that they are about are made anew: some of them are over by then. */
const perTenant = 300;

describe('marketplace-session serve', () => {
  let directory: string;
  let served: ServedProcess;
  let url: string;
  let call: TestService['call'];
  before(async () => {
    directory = await createDataDirectory();
    const variables = {
      MARKETPLACE_OPERATOR_KEY: operatorKey,
      MARKETPLACE_RATE_LIMITS: 'session=off,application=off,operator=off,address=off',
    };
    served = spawnServe(directory, { variables, options: ['--log-level', 'error'] });
    url = await addressOf(served);
    call = callerOf(url);
  });
  after(async () => {
    await endWith(served, 'SIGTERM');
    await rm(directory, { recursive: true, force: true });
  });

  const lives = async () => {
    assert.equal(served.child.exitCode, null, served.output());
    assert.equal((await call('GET', '/readyz', { as: null })).status, 200);
    assert.doesNotMatch(served.output(), /"level":"error"/, 'nothing failed inside');
  };

  test(`lives through ${rawInputs} connections of anybody, and fails at none`, async (t) => {
    const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
    const random = seededRandom(seed);
    const send = async () => {
      const input = rawInput(random);
      const answer = await exchange(url, input);
      const wrong = /HTTP\/1\.1 (?:5|[^1-5])/.exec(answer);
      assert.equal(wrong, null, `SEED=${seed} ${JSON.stringify(input)}: ${answer.slice(wrong?.index, 400)}`);
    };
    for (const [from, count] of partsOf(rawInputs))
      await t.test(`from the ${from + 1}. on`, async () => {
        let left = count;
        const work = async () => {
          while (left-- > 0) await send();
        };
        await Promise.all(Array.from({ length: senders }, work));
      });
    await lives();
  });

  test(`answers ${generatedRequests} requests made from its own description, and fails at none`, async (t) => {
    const operations = await readOperations({ call });
    const statuses = new Map<number, number>();
    const sendSome = async (count: number) => {
      const known = await makeTenant(call);
      const requests = fc.sample(
        fc
          .constantFrom(...operations)
          .chain((operation) =>
            arbitraryRequest(operation, known).map((request) => ({ operation, request })),
          ),
        count,
      );
      const work = async () => {
        for (let next = requests.pop(); next; next = requests.pop()) {
          const { status, text } = await send({ url }, next.operation, next.request);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          assert.ok(
            status < 500,
            `${status} ${next.operation.path} ${JSON.stringify(next.request)}: ${text}`,
          );
        }
      };
      await Promise.all(Array.from({ length: senders }, work));
    };
    for (const [from, count] of partsOf(generatedRequests))
      await t.test(`from the ${from + 1}. on`, async () => {
        for (let left = count; left > 0; left -= perTenant) await sendSome(Math.min(left, perTenant));
      });
    assert.ok(statuses.has(200), 'some of them are good');
    await lives();
  });
});

/** A search in parts, so that the run hears of each: where each begins, and how many are in it. */
function partsOf(all: number): [from: number, count: number][] {
  const size = 3_000;
  return Array.from({ length: Math.ceil(all / size) }, (_, part) => [
    part * size,
    Math.min(size, all - part * size),
  ]);
}

/** Something of each kind, by the name of the field or path parameter that takes it. */
async function makeTenant(call: TestService['call']): Promise<KnownValues> {
  const { createApplication, createCustomer, createSession } = seeding(call);
  const application = await createApplication();
  const userId = await createCustomer(1_000_000);
  const { session, session_token } = await createSession(application, userId);
  return {
    application_id: [application.id],
    user_id: [userId],
    provider_id: ['provider-1'],
    session_id: [session.id],
    jti: [session.id],
    session_jwt: [session_token],
    'applications/{id}': [application.id],
    'customers/{id}': [userId],
    'providers/{id}': ['provider-1'],
    'sessions/{id}': [session.id],
    credential: [operatorKey, application.secretKey, session_token],
  };
}

/** Sends bytes as they are. @returns what came back until the connection was over, or its sender was gone. */
function exchange(url: string, { parts, leaves }: RawInput): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answer = '';
    const waiting = [...parts];
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const sendNext = () => {
      const part = waiting.shift();
      if (part === undefined) return;
      socket.write(part, 'latin1');
      if (waiting.length > 0) return;
      if (leaves === 'by a reset') setImmediate(() => socket.resetAndDestroy());
      else if (leaves === 'at once') socket.destroySoon();
      else socket.end();
    };
    socket.on('connect', sendNext);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (!socket.writableEnded) sendNext();
    });
    socket.on('end', () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}
