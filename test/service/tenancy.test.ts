// Every route that /openapi.json describes, asked by everybody who has no business with what it is about.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { describeOnOneDatabase } from './databases.js';
import { operatorKey, startTestService, type TestService } from './fixtures.js';
import { assertProblem } from './openapi/answers.js';
import { fittingRequest, type KnownValues } from './openapi/arbitrary-request.js';
import { readOperations, type Operation } from './openapi/operations.js';
import { rowsAbout } from './openapi/rows-about.js';
import { issueAccessTokens, seedTenant, type Tenant } from './openapi/seed-tenant.js';
import { send } from './openapi/send.js';
import { TestClock } from './test-clock.js';

/** Somebody with all that he holds. */
interface Holder extends Tenant {
  accessTokens: Awaited<ReturnType<typeof issueAccessTokens>>;
}

/** How many bodies are tried for each operation, intruder and mixture of ids. */
const samples = 3;

describeOnOneDatabase('Of another tenant', (source) => {
  const clock = new TestClock();
  let service: TestService;
  before(async () => {
    const { now, timer } = clock;
    const rateLimits = { session: Infinity, person: Infinity };
    service = await startTestService({ database: await source.create(), now, timer, rateLimits });
  });
  after(() => service.close());

  const requestsTo = (operation: Operation, known: KnownValues) =>
    fc.sample(fittingRequest(operation, known), samples);
  const ask = (
    operation: Operation,
    request: ReturnType<typeof requestsTo>[number],
    credential: string | null,
  ) =>
    send(service, operation, {
      ...request,
      headers: { ...request.headers, ...(credential !== null && { Authorization: `Bearer ${credential}` }) },
    });

  const seed = async (operations: Operation[]): Promise<Holder> => {
    const tenant = await seedTenant(service, operations);
    return { ...tenant, accessTokens: await issueAccessTokens(service, tenant) };
  };

  test('nobody reads or changes anything, whichever id he puts where', async (t) => {
    const operations = await readOperations(service);
    const intruder = await seed(operations);
    // What reads leaves its victim as he was.
    const unharmed = await seed(operations);
    for (const operation of operations) {
      await t.test(`${operation.method} ${operation.path}`, async () => {
        const isRead = operation.method === 'GET';
        const victim = isRead ? unharmed : await seed(operations);
        const secrets = secretsOf(victim);
        const before = await rowsAbout(service.database, secrets);
        const asked = new Set<string>();
        for (const known of mixtures(operation, victim, intruder)) {
          for (const credential of credentialsOf(intruder)) {
            for (const request of requestsTo(operation, known)) {
              // Where an operation takes little, the same comes again and again.
              const what = `${credential} ${request.target} ${request.body}`;
              if (asked.has(what)) continue;
              asked.add(what);
              const answer = await ask(operation, request, credential);
              assert.ok(!secrets.some((text) => answer.text.includes(text)), `it tells ${answer.text}`);
              if (answer.status >= 400) assertProblem(answer);
              const isAimed = secrets.some((text) => `${request.target} ${request.body}`.includes(text));
              if (!isAimed || operation.schemes.length === 0) continue;
              // A wrong field is told before anything is looked up.
              const isRefused =
                [401, 403, 404].includes(answer.status) ||
                /"(REQUEST_INVALID|BODY_MEMBER_REPEATED)"/.test(answer.text);
              assert.ok(isRefused || isEmptyList(answer.text), `${answer.status}: ${answer.text}`);
            }
          }
        }
        assert.deepEqual(await rowsAbout(service.database, secrets), before);
        await assertReachable(operation, victim);
      });
    }
  });

  /** The operator reaches what nobody else does: so the ids were right, and the refusals mean something. */
  async function assertReachable(operation: Operation, { known }: Tenant): Promise<void> {
    if (!operation.parameters.some((parameter) => parameter.in === 'path')) return;
    // What is deleted is there once.
    const times = operation.method === 'DELETE' ? 1 : samples;
    for (const request of requestsTo(operation, known).slice(0, times)) {
      const { status, text } = await ask(operation, request, operatorKey);
      assert.ok(![401, 403, 404].includes(status), `the operator is refused too: ${text}`);
    }
  }
});

/** The ids of a tenant that no other may see, and what he holds. */
function secretsOf({ known, words, secretKey, token, accessTokens }: Holder): string[] {
  return [
    ...new Set([...Object.values(known).flat(), ...words, secretKey, token, ...Object.values(accessTokens)]),
  ];
}

/** One of every kind, with all that its kind may be given, and none. */
function credentialsOf({ secretKey, token, accessTokens }: Holder): (string | null)[] {
  return [secretKey, token, ...Object.values(accessTokens), null];
}

/** Known values with the victim's in all places, and in one place among the intruder's own. */
function mixtures(operation: Operation, victim: Tenant, intruder: Tenant): KnownValues[] {
  const { method, path, body, parameters } = operation;
  const bodies = [body, ...(body?.anyOf ?? [])].flatMap((schema) => Object.keys(schema?.properties ?? {}));
  const names = [...bodies, ...parameters.map(({ name }) => name)];
  // A customer is the marketplace's: whatever application he comes to may sell to him.
  const others: KnownValues =
    method === 'GET' ? victim.known : { ...victim.known, user_id: intruder.known.user_id! };
  const places = Object.keys(others).filter((name) => names.includes(name) || path.includes(name));
  // A session token in the body is a credential itself: everybody has his own only.
  const own: KnownValues = { ...intruder.known, session_jwt: [intruder.token] };
  return [{ ...own, ...others }, ...places.map((name) => ({ ...own, [name]: others[name]! }))];
}

/** Where the other's id is a filter, nothing is found: a list without members, or a file of one line, which names the columns. */
function isEmptyList(text: string): boolean {
  if (!text.startsWith('{')) return text.indexOf('\n') === text.length - 1;
  const members = Object.values(JSON.parse(text) as object);
  return (
    members.some(Array.isArray) && members.every((member) => !Array.isArray(member) || member.length === 0)
  );
}
