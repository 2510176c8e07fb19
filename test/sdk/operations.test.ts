// Walked from the OpenAPI document: each operation that a server may call has a method that sends exactly that.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Marketplace } from '../../src/sdk/index.js';
import { fromWire, opaqueMembers, toCamelCase, toSnakeCase, toWire } from '../../src/sdk/wire.js';
import { openApiDocument } from '../../tools/openapi-document.js';
import { notInSdk, operationName, sdkMethods } from '../../tools/sdk-operations.js';

const { paths, components } = openApiDocument();
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path,
    ...operation,
  })),
);
const nameOf = ({ method, path }: { method: string; path: string }) => operationName(method, path);

test('Every operation has a method, or says why not', () => {
  const described = operations.map(nameOf).sort();
  assert.deepEqual([...Object.keys(sdkMethods), ...Object.keys(notInSdk)].sort(), described);
  assert.equal(new Set(Object.values(sdkMethods)).size, Object.keys(sdkMethods).length);
  for (const operation of operations.filter((one) => nameOf(one) in notInSdk)) {
    const asksForCredential = operation.security?.some((scheme) => 'bearer' in scheme);
    assert.ok(operation.deprecated || !asksForCredential, nameOf(operation));
  }
});

type Method = (...args: unknown[]) => PromiseLike<unknown>;

/** A marketplace that answers by itself, and what was asked of it. */
function answering(status: number, answer: unknown) {
  const asked: Request[] = [];
  const marketplace = new Marketplace({
    secretKey: 'sk_test_abc',
    apiUrl: 'https://market.example',
    fetch: async (request) => {
      asked.push(request);
      return new Response(status === 204 ? null : JSON.stringify(answer), { status });
    },
  });
  const call = (name: string, args: unknown[]) => {
    const steps = name.split('.');
    const method = steps.pop()!;
    const resource = steps.reduce<unknown>(
      (at, step) => (at as Record<string, unknown>)[step],
      marketplace,
    ) as Record<string, Method>;
    return resource[method]!(...args);
  };
  return { asked, call };
}

/** Tried over the real service: marketplace.test.ts. */
const isReadAsItComes = (name: string) => /\.(events|export|sessionsCsv)$/.test(name);

describe('Each method asks for its operation, and hands on what it answers', () => {
  for (const operation of operations) {
    const { method, path, parameters = [], requestBody, responses } = operation;
    const name = sdkMethods[nameOf(operation)];
    if (!name || isReadAsItComes(name)) continue;

    test(name, async () => {
      const [status, success] = Object.entries(responses).find(([code]) => code.startsWith('2'))!;
      const example = success.content?.['application/json']?.example;
      const { asked, call } = answering(Number(status), example);
      const ids = parameters.filter((one) => one.in === 'path').map((_, index) => `an id/${index}`);
      const body = requestBody?.content['application/json']?.example as object | undefined;
      const query = Object.fromEntries(
        parameters
          .filter((one) => one.in === 'query')
          .map((one) => [one.name, one.schema.example ?? (one.schema.type === 'string' ? 'text' : 7)]),
      );
      const hasBody = body && Object.keys(body).length > 0;
      const isFile = requestBody?.content['application/octet-stream'] !== undefined;
      const file = { name: 'wéll “done”.txt', content: new Blob(['bytes']) };
      const params = isFile
        ? [file]
        : hasBody
          ? [fromWire(body)]
          : Object.keys(query).length
            ? [fromWire(query)]
            : [];
      const answer = await call(name, [...ids, ...params, { headers: { 'x-last': name } }]);

      const [request, ...others] = asked;
      assert.equal(others.length, 0);
      assert.equal(request!.method, method);
      const url = new URL(request!.url);
      let index = 0;
      assert.equal(
        url.pathname,
        path.replace(/\{\w+\}/g, () => encodeURIComponent(ids[index++]!)),
      );
      assert.deepEqual(
        Object.fromEntries(url.searchParams),
        Object.fromEntries(Object.entries(query).map(([key, value]) => [key, String(value)])),
      );
      const text = await request!.text();
      if (hasBody) assert.deepEqual(JSON.parse(text), body);
      if (isFile) assert.equal(text, 'bytes');
      if (isFile) assert.equal(decodeURIComponent(request!.headers.get('x-file-name')!), file.name);
      assert.equal(request!.headers.get('authorization'), 'Bearer sk_test_abc');
      assert.equal(request!.headers.get('x-last'), name);
      const takesKey = parameters.some((one) => one.name === 'Idempotency-Key');
      assert.equal(request!.headers.has('idempotency-key'), takesKey);

      const isPage = example && typeof example === 'object' && 'next_cursor' in example;
      if (status === '204') assert.equal(answer, undefined);
      else if (isPage) {
        const { data } = answer as { data: unknown[] };
        const [members] = Object.values(example).filter(Array.isArray);
        assert.deepEqual(toWire(data), members);
      } else assert.deepEqual(toWire(answer), example);
    });
  }
});

test('The rule of names and instants holds for every member of the document', () => {
  interface Schema {
    properties?: Record<string, Schema>;
    additionalProperties?: unknown;
    type?: string | string[];
  }
  const members: [string, Schema][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (!Array.isArray(node)) members.push(...Object.entries((node as Schema).properties ?? {}));
    for (const [name, member] of Object.entries(node)) if (!/^examples?$/.test(name)) walk(member);
  };
  walk([paths, components.schemas]);
  assert.ok(members.length > 300);
  for (const [name, { type, properties, additionalProperties }] of members) {
    assert.equal(toSnakeCase(toCamelCase(name)), name);
    if (name.endsWith('_at')) assert.ok([type].flat().includes('integer'), name);
    const isRecord = !properties && typeof additionalProperties === 'object';
    assert.equal(opaqueMembers.includes(name), isRecord, name);
  }
});
