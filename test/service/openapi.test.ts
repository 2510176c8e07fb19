import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { z } from 'zod';
import { errorCodes, type ErrorCode } from '../../src/protocol/error-codes.js';
import { providerEventTypes, webhookEventTypes } from '../../src/protocol/webhooks.js';
import { unconnectedApplication } from '../../tools/openapi-document.js';
import { expectOk, startTestService, type Json, type TestService } from './fixtures.js';
import { readOperations, type Media, type Operation } from './openapi/operations.js';
import { secretKey, webhookSecret } from './stripe-events.js';

let service: TestService;
let operations: Operation[];
before(async () => {
  service = await startTestService({ stripe: { secretKey, webhookSecret }, testClock: true });
  operations = await readOperations(service);
});
after(() => service.close());

test('The description is valid OpenAPI 3.1', async () => {
  const { body } = await service.call('GET', '/openapi.json', { as: null });
  const result = await new Validator().validate(body);
  assert.ok(result.valid, JSON.stringify(result));
  assert.equal(body.openapi, '3.1.0');
});

test('Every route that the service answers is described, so that none is left out of what reads the description', () => {
  const { routes } = unconnectedApplication();
  const answered = routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/:([^/]+)/g, '{$1}')}`);
  const described = operations.map(({ method, path }) => `${method} ${path}`);
  const itself = ['GET /api/v1/openapi.json', 'GET /api/v1/docs'];
  assert.deepEqual([...new Set(answered)].sort(), [...described, ...itself].sort());
});

test('Every operation says whether it needs a credential', async () => {
  const { body } = await service.call<{ paths: Record<string, Record<string, { security?: unknown[] }>> }>(
    'GET',
    '/openapi.json',
    { as: null },
  );
  const open = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { security }]) => {
      assert.ok(Array.isArray(security), `${method} ${path}`);
      return security.length === 0 ? [path.replace('/api/v1', '')] : [];
    }),
  );
  assert.deepEqual(open.sort(), [
    '/.well-known/jwks.json',
    '/files/{id}',
    '/healthz',
    '/keys/public',
    '/readyz',
    '/webhooks/stripe',
  ]);
});

test('Every webhook is described, with a body that fits what is sent', async () => {
  type Described = Record<
    string,
    { post: { security: unknown[]; requestBody: { content: Record<string, Media> } } }
  >;
  const { body } = await service.call<{ webhooks: Described }>('GET', '/openapi.json', { as: null });
  assert.deepEqual(Object.keys(body.webhooks).sort(), [...webhookEventTypes, 'webhook.test'].sort());
  for (const [type, { post }] of Object.entries(body.webhooks)) {
    const media = post.requestBody.content['application/json']!;
    const schema = z.fromJSONSchema(media.schema as Parameters<typeof z.fromJSONSchema>[0]);
    const result = schema.safeParse(media.example);
    assert.ok(result.success, result.error && `${type}: ${z.prettifyError(result.error)}`);
    assert.equal((media.example as Json).type, type);
  }
  // What the events hold of a session's life is what is sent.
  const application = await service.createApplication();
  const { session } = await service.createSession(application, await service.createCustomer(10_000));
  const path = `/sessions/${session.id}`;
  const headers = { 'Idempotency-Key': 'more' };
  const url = 'http://app.example/hook';
  const endpoint = {
    provider_id: 'provider-1',
    url,
    events: providerEventTypes.filter((type) => !type.startsWith('exception')),
  };
  expectOk(await service.call('POST', '/webhook-endpoints', { body: endpoint }));
  for (const [change, sent] of [
    ['extend', { additional_seconds: 900, tokens_to_deduct: 150 }],
    ['pause', {}],
    ['resume', {}],
    ['complete', {}],
  ] as const)
    expectOk(await service.call('POST', `${path}/${change}`, { body: sent, headers }));
  const deliveries = await service.database.kysely.selectFrom('webhook_deliveries').selectAll().execute();
  assert.deepEqual(deliveries.map(({ type }) => type).sort(), [
    'session.ended',
    'session.extended',
    'session.paused',
    'session.resumed',
  ]);
  for (const { type, data } of deliveries) {
    const { schema } = body.webhooks[type]!.post.requestBody.content['application/json']!;
    const event = { type, timestamp: new Date().toISOString(), data };
    const result = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(event);
    assert.ok(result.success, result.error && `${type}: ${z.prettifyError(result.error)}`);
  }
});

test('Every operation has a name of its own, a line that says what it does, and a group', () => {
  const names = operations.map(({ operationId }) => operationId);
  assert.equal(new Set(names).size, operations.length);
  for (const { summary, tags, path } of operations) {
    assert.match(summary, /^[A-Z].*[^.]$/, path);
    assert.equal(tags.length, 1, path);
  }
});

test('Every JSON body has an example that fits', () => {
  for (const { method, path, requestBody, responses } of operations) {
    const bodies = [requestBody, ...Object.values(responses)].map(
      (part) => part?.content?.['application/json'],
    );
    for (const media of bodies.filter((body): body is Media => body !== undefined)) {
      const schema = z.fromJSONSchema(media.schema as Parameters<typeof z.fromJSONSchema>[0]);
      const result = schema.safeParse(media.example);
      assert.ok(result.success, result.error && `${method} ${path}: ${z.prettifyError(result.error)}`);
    }
  }
});

test('Every way to be refused is named under its status, with an example', () => {
  for (const { method, path, responses } of operations) {
    const statuses = Object.keys(responses).filter((status) => /^[45]/.test(status));
    assert.ok(statuses.includes('429') && statuses.includes('503'), `${method} ${path}`);
    for (const status of statuses) {
      const { examples = {} } = responses[status]!.content!['application/problem+json']!;
      assert.ok(Object.keys(examples).length > 0);
      for (const [code, { value }] of Object.entries(examples)) {
        assert.equal(errorCodes[code as ErrorCode].status, Number(status));
        assert.deepEqual([(value as Json).code, (value as Json).status], [code, Number(status)]);
      }
    }
  }
});

test('The page to read it has every operation and every code, no script, and needs nothing from elsewhere', async () => {
  const response = await fetch(`${service.url}/docs`);
  assert.equal(response.status, 200);
  const page = await response.text();
  for (const { operationId, path, method, responses } of operations) {
    const article = new RegExp(`<article id="${operationId}">.*?</article>`, 's').exec(page)?.[0];
    assert.ok(article?.includes(path) && article.includes(method), operationId);
    const codes = Object.values(responses).flatMap(({ content }) =>
      Object.keys(content?.['application/problem+json']?.examples ?? {}),
    );
    for (const code of codes) assert.ok(article!.includes(code), `${operationId} ${code}`);
  }
  assert.doesNotMatch(page, /<script|\son\w+=|<link|<img|@import|url\(|undefined|\[object/);
  const style = /<style>(.*?)<\/style>/s.exec(page)![1]!;
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = response.headers.get('content-security-policy')!;
  assert.ok(policy.startsWith(`default-src 'none'; style-src 'sha256-${hash}'`), policy);
});
