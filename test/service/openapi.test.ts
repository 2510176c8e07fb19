import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { z } from 'zod';
import { errorCodes, type ErrorCode } from '../../src/protocol/error-codes.js';
import type { ServiceContext } from '../../src/service/context.js';
import { createApplication, type ApplicationParts } from '../../src/service/http/application.js';
import { startTestService, type Json, type TestService } from './fixtures.js';
import { readOperations, type Media, type Operation } from './openapi/operations.js';
import { secretKey, webhookSecret } from './stripe-events.js';

let service: TestService;
let operations: Operation[];
before(async () => {
  service = await startTestService({ stripe: { secretKey, webhookSecret } });
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
  // Routes are only told to it here; nothing is asked of its surroundings.
  const nothing: unknown = new Proxy(() => nothing, { get: () => nothing });
  const { routes } = createApplication(nothing as ServiceContext, nothing as ApplicationParts);
  const answered = routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/:([^/]+)/g, '{$1}')}`);
  const described = operations.map(({ method, path }) => `${method} ${path}`);
  const itself = ['GET /api/v1/openapi.json', 'GET /api/v1/docs'];
  assert.deepEqual([...new Set(answered)].sort(), [...described, ...itself].sort());
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
