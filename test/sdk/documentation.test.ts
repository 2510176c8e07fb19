// Every piece of code in docs/sdk.md runs, against the real service.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { transformSync } from 'esbuild';
import * as sdk from '../../src/sdk/index.js';
import * as supabase from '../../src/sdk/supabase/index.js';
import { newSecret, signedHeaders } from '../../src/service/features/webhooks/signature.js';
import { operatorKey, startTestService, type TestService } from '../service/fixtures.js';
import { HelpScene } from '../service/help-desk.js';

const snippets = [...readFileSync('docs/sdk.md', 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(
  ([, code]) => code!,
);

type Run = (...scope: unknown[]) => Promise<void>;
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (...text: string[]) => Run;

let service: TestService;
let scene: HelpScene;
let own: sdk.MarketplaceOptions;
before(async () => {
  service = await startTestService();
  scene = await HelpScene.open(service, {}, { id: 'sketch', tokens_per_minute: 6 });
  own = { secretKey: scene.application.secretKey, apiUrl: service.url };
});
after(() => service.close());

const secret = newSecret();
/** As of a server whose environment has been set. */
const modules: Record<string, unknown> = {
  'marketplace-session/sdk': {
    ...sdk,
    Marketplace: class extends sdk.Marketplace {
      constructor(options: sdk.MarketplaceOptions = own) {
        super(options);
      }
    },
    createWebhookRoute: (options: sdk.WebhookRouteOptions) => sdk.createWebhookRoute({ secret, ...options }),
  },
  'marketplace-session/sdk/supabase': supabase,
};

/** What a snippet says of its surroundings, and what it did with them. */
async function surroundings() {
  const calls: [string, ...unknown[]][] = [];
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      void calls.push([name, ...args]);
  const marketplace = new sdk.Marketplace(own);
  const userId = 'customer-17';
  await service.call('PUT', `/customers/${userId}`, { body: {} });
  const body = { tokens: 10_000, reference: crypto.randomUUID() };
  await service.call('POST', `/customers/${userId}/credits`, {
    body,
    headers: { 'Idempotency-Key': crypto.randomUUID() },
  });
  const sale = { applicationId: 'sketch', userId, durationSeconds: 1800 };
  const { session } = await marketplace.sessions.create(sale);
  const error: unknown = await marketplace.sessions
    .create({ ...sale, tokensToDeduct: 1 })
    .catch((e: unknown) => e);
  const scope = {
    ...(modules['marketplace-session/sdk'] as typeof sdk),
    marketplace,
    error,
    session: { id: session.id, created_at: 1_767_225_600 },
    id: session.id,
    userId,
    applicationId: 'sketch',
    categoryId: scene.categoryId,
    description: 'It drips.',
    bytes: 'bytes of a plan',
    order: { id: crypto.randomUUID() },
    user: { id: userId },
    request: new Request('https://app.example/'),
    signal: new AbortController().signal,
    console: { log: note('log'), error: note('error') },
    readLogin: () => Promise.resolve({ id: userId }),
  };
  const told = ['redirect', 'notify', 'show', 'showNewPrice', 'billOnce', 'tellThatNobodyIsFree'];
  return { calls, scope: { ...scope, ...Object.fromEntries(told.map((name) => [name, note(name)])) } };
}

async function run(
  code: string,
  during?: (scope: { marketplace: sdk.Marketplace; id: string }) => Promise<unknown>,
) {
  const { calls, scope } = await surroundings();
  const exported: Record<string, unknown> = {};
  const text = code
    .replace(/^import (\{.*\}) from '(.*)';$/gm, "const $1 = modules['$2'];")
    .replace(/^export const (\w+) =/gm, 'const $1 = exported.$1 =')
    .replace(/^export default /gm, 'exported.default = ');
  const { code: plain } = transformSync(text, { loader: 'ts', format: 'esm', target: 'es2022' });
  // In a block of its own it may declare what is around it, too.
  const start = new AsyncFunction(...Object.keys(scope), 'modules', 'exported', `{ ${plain} }`);
  await Promise.all([start(...Object.values(scope), modules, exported), during?.(scope)]);
  return { calls, exported, scope };
}

type Ran = Awaited<ReturnType<typeof run>>;
const namesOf = ({ calls }: Ran) => calls.map(([name]) => name);

/** What comes of those of which more is promised than that they run: by a line that each of them has. */
const outcomes: [line: string, check: (ran: Ran) => unknown][] = [
  ['redirect(launchUrl)', ({ calls }) => assert.match(String(calls.at(-1)![1]), /^https:.*session=/)],
  ["=== 'SESSION_PRICE_CHANGED'", (ran) => assert.deepEqual(namesOf(ran), ['showNewPrice', 'error'])],
  ['toArray({ limit: 100 })', ({ calls }) => assert.ok(calls.length > 1)],
  ['tellThatNobodyIsFree', (ran) => assert.deepEqual(namesOf(ran), ['tellThatNobodyIsFree'])],
  ["=== 'session.extended'", ({ calls: [call] }) => assert.ok(call![1] instanceof Date)],
  ["text: 'I am on my way.'", (ran) => assert.deepEqual(namesOf(ran), [])],
  ["name: 'plan.pdf'", ({ calls: [call] }) => assert.match(String(call![2]), /^http/)],
  [
    "on: { 'session.ended'",
    async ({ exported, calls }) => {
      const body =
        '{"type":"session.ended","timestamp":"2026-01-01T00:00:00.000Z","data":{"session_id":"a","final_cost":7}}';
      const headers = signedHeaders([secret], 'msg_1', body, Date.now());
      const hook = new Request('https://app.example/', { method: 'POST', body, headers });
      assert.equal((await (exported.webhooks as sdk.RouteHandler)(hook)).status, 204);
      assert.deepEqual(calls, [['billOnce', 'msg_1', 'a', 7]]);
    },
  ],
  [
    'await readLogin(request)',
    async ({ exported }) => {
      const asked = new Request('https://app.example/', { method: 'POST' });
      assert.equal((await (exported.POST as sdk.RouteHandler)(asked)).status, 200);
    },
  ],
  [
    'export const POST = createSessionRoute();',
    ({ exported }) => assert.equal(typeof exported.POST, 'function'),
  ],
  ['createSessionHandler()', ({ exported }) => assert.equal(typeof exported.default, 'function')],
];

for (const code of snippets)
  test(
    code.split('\n').find((line) => !/^(import|$)/.test(line))!,
    async () => {
      if (code.includes('applications.update')) own = { ...own, secretKey: operatorKey };
      if (code.includes("['use_session', 'read_wallet']"))
        await service.call('PATCH', '/applications/sketch', {
          body: { customer_operations: ['read_wallet'] },
        });
      const isLive = code.includes('sessions.events');
      try {
        const ran = await run(code, async ({ marketplace, id }) => {
          if (!isLive) return;
          await new Promise((resolve) => setTimeout(resolve, 300));
          await marketplace.sessions.extend(id, { additionalSeconds: 900 });
          await marketplace.sessions.end(id);
        });
        for (const [line, check] of outcomes) if (code.includes(line)) await check(ran);
      } finally {
        own = { ...own, secretKey: scene.application.secretKey };
      }
    },
  );

test('What is promised is looked for where it stands', () => {
  assert.ok(snippets.length >= 16);
  for (const [line] of outcomes) assert.equal(snippets.filter((code) => code.includes(line)).length, 1, line);
});
