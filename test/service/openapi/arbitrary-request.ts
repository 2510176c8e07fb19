// Requests that an operation describes, and what is made of them by somebody who means no good.
import fc from 'fast-check';
import type { Operation, Schema } from './operations.js';

export interface FuzzedRequest {
  /** Path and query. */
  target: string;
  /** The body as it is sent; undefined sends none. */
  body: string | undefined;
  headers: Record<string, string>;
}

/** Values that are there, by the name of the field or path parameter that takes them. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

const hostileText = fc.constantFrom(
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\r\nSet-Cookie: a=b',
  "' or 1=1 --",
  "'); drop table sessions; --",
  '${7*7}{{7*7}}',
  '../../../../etc/passwd',
  '%00%0d%0a',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'null',
  '\u202e\u0000\uffff',
  '🦄'.repeat(200),
  'x'.repeat(5000),
);
const hostileNumber = fc.constantFrom(-1, 0, 0.5, -0, 1e21, 2 ** 53, -(2 ** 63), 2 ** 63, 1e308, 5e-324);
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), hostileText);
const garbage: fc.Arbitrary<unknown> = fc.oneof(
  text,
  hostileNumber,
  fc.constantFrom(null, true, false, [], {}, [[]], [null], { __proto__: null, constructor: 1 }),
  fc.jsonValue({ maxDepth: 3, noUnicodeString: false }),
);

/** Values that fit a schema. */
function fitting(schema: Schema, known: KnownValues, name = ''): fc.Arbitrary<unknown> {
  const others = known[name];
  if (others && others.length > 0) return fc.constantFrom(...others);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => fitting(choice, known, name)));
  const types = [schema.type ?? 'object'].flat();
  return fc.oneof(...types.map((type) => fittingType(type, schema, known)));
}

function fittingType(type: string, schema: Schema, known: KnownValues): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number': {
      const min = Math.max(schema.minimum ?? 0, -1e6);
      return fc.integer({ min, max: Math.max(min, Math.min(schema.maximum ?? 1e6, 1e6)) });
    }
    case 'array':
      // Lists that hold one thing twice are refused where that means nothing.
      return fc.uniqueArray(fitting(schema.items ?? {}, known), {
        selector: (item) => JSON.stringify(item),
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    case 'object':
      return fittingObject(schema, known);
    default:
      // What no pattern tells, such as a date, an example does.
      return schema.example === undefined
        ? fittingText(schema)
        : fc.oneof(fc.constant(schema.example), fittingText(schema));
  }
}

function fittingText(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.pattern) return fc.stringMatching(new RegExp(schema.pattern));
  return fc.oneof(
    fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 30, 30) }),
    fc.constantFrom('https://app.example/a', 'https://market.example', 'https://app.example'),
  );
}

function fittingObject(schema: Schema, known: KnownValues): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const members = Object.entries(properties).map(([name, member]) => [name, fitting(member, known, name)]);
  if (members.length > 0 || typeof additionalProperties !== 'object')
    return fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>, {
      requiredKeys: required,
    });
  return fc.dictionary(fc.string({ maxLength: 20 }), fitting(additionalProperties, known), { maxKeys: 3 });
}

/** A body that fits, and one that is wrong in one place, in every place, or no JSON at all. */
function bodies(schema: Schema, known: KnownValues): fc.Arbitrary<string> {
  const good = fitting(schema, known);
  const anyString = fc.string({ maxLength: 200 });
  const brokenIn = (value: unknown, name: string, wrong: unknown) =>
    typeof value === 'object' && value !== null ? { ...value, [name]: wrong } : wrong;
  const names = fc.constantFrom(...Object.keys(schema.properties ?? {}), 'id', '__proto__', 'surprise');
  return fc.oneof(
    { weight: 4, arbitrary: good.map((value) => JSON.stringify(value)) },
    {
      weight: 4,
      arbitrary: fc.tuple(good, names, garbage).map((parts) => JSON.stringify(brokenIn(...parts))),
    },
    { weight: 1, arbitrary: garbage.map((value) => JSON.stringify(value)) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        anyString,
        good.map((value) => JSON.stringify(value).slice(0, -1)),
        good.map((value) => `${JSON.stringify(value)}{}`),
        fc.constantFrom(
          '',
          '\ufeff{}',
          '{"a":1,"a":2}',
          '[1e999]',
          '['.repeat(30_000),
          '{"a":'.repeat(10_000),
          `"${'x'.repeat(70_000)}"`,
        ),
      ),
    },
  );
}

/** What may stand in a header without being refused by the client. */
const headerText = fc.string({
  unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)),
});

const oddHeaders = fc.record(
  {
    'Content-Type': fc.constantFrom('text/plain', 'application/json; charset=utf-16', 'application/xml', 'x'),
    'Content-Encoding': fc.constantFrom('gzip', 'br', 'identity'),
    Origin: fc.constantFrom('https://app.example', 'https://evil.example', 'null'),
    'Sec-Fetch-Site': fc.constantFrom('same-origin', 'none', 'cross-site'),
    'Last-Event-ID': fc.oneof(fc.constantFrom('0', '-1', '1e3', '9'.repeat(30)), headerText),
    DPoP: fc.oneof(fc.constantFrom('a.b.c', '{}'), headerText),
    'Idempotency-Key': fc.oneof(fc.constantFrom('', '"', '"a"', 'a b', 'k'.repeat(256)), headerText),
    'X-Forwarded-For': fc.constantFrom('127.0.0.1', "'", ','.repeat(500)),
    Accept: fc.constantFrom('text/html', 'x'),
  },
  { requiredKeys: [] },
);

const credentials = (known: KnownValues) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...(known.credential ?? [])).map((key) => `Bearer ${key}`) },
    { weight: 1, arbitrary: headerText },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'Bearer',
        'Basic eDp5',
        'DPoP a.b.c',
        `Bearer ${'x'.repeat(9000)}`,
        'Bearer a.b.c',
      ),
    },
  );

/** What stands in a path before a parameter: `sessions/{id}`. Its values are known by that name. */
const placeOf = (path: string, name: string) => new RegExp(`([^/]+/\\{${name}\\})`).exec(path)![1]!;

/** No path has a segment without a character, and an address is resolved where it has dots alone. */
const isPathSegment = (value: unknown) => !['', '.', '..'].includes(String(value));

/** Parameters that fit, by name; `odd` in the place of some of them. */
function parameterValues(
  operation: Operation,
  place: 'path' | 'query',
  known: KnownValues,
  odd?: fc.Arbitrary<unknown>,
) {
  const values = operation.parameters
    .filter((parameter) => parameter.in === place)
    .map(({ name, schema }) => {
      const good =
        place === 'path'
          ? fitting(schema, known, placeOf(operation.path, name)).filter(isPathSegment)
          : fitting(schema, known, name);
      return [
        name,
        odd ? fc.oneof({ weight: 4, arbitrary: good }, { weight: 1, arbitrary: odd }) : good,
      ] as const;
    });
  return fc.record(Object.fromEntries(values), place === 'path' || !odd ? {} : { requiredKeys: [] });
}

function toTarget(
  { path }: Operation,
  values: Record<string, unknown>,
  query: Record<string, unknown>,
  more = '',
) {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodePart(values[name]));
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodePart(value)}`);
  const search = [...pairs, more].filter(Boolean).join('&');
  return filled + (search && `?${search}`);
}

const encodePart = (value: unknown) => encodeURIComponent(String(value).replace(/\p{Surrogate}/gu, '\ufffd'));

/** What the operation itself wants in the head, beside what every request may have. */
function ownHeaders(operation: Operation, known: KnownValues): fc.Arbitrary<Record<string, string>> {
  const own = operation.parameters.filter((parameter) => parameter.in === 'header' && parameter.required);
  const values = own
    .filter(({ name }) => name !== 'Idempotency-Key')
    .map(({ name, schema }) => [name, fitting(schema, known, name)] as const);
  return fc.record(Object.fromEntries(values)) as fc.Arbitrary<Record<string, string>>;
}

const someBytes = fc.string({ minLength: 1, maxLength: 40 });

const jsonHeaders = { 'Content-Type': 'application/json' };

/** Requests that an operation describes, without a credential. */
export function fittingRequest(operation: Operation, known: KnownValues): fc.Arbitrary<FuzzedRequest> {
  return fc
    .record({
      path: parameterValues(operation, 'path', known),
      query: parameterValues(operation, 'query', known),
      body: operation.body
        ? fitting(operation.body, known).map((value) => JSON.stringify(value))
        : fc.constant(undefined),
      bytes: someBytes,
      headers: ownHeaders(operation, known),
      key: fc.uuid(),
    })
    .map(({ path, query, body, bytes, headers, key }) => ({
      target: toTarget(operation, path, query),
      body: operation.takesBytes ? bytes : body,
      headers: { 'Idempotency-Key': key, ...headers, ...(body !== undefined && jsonHeaders) },
    }));
}

/** Requests of a kind, so many at most, made as they are wanted: mostly the first ones are good. */
export function* severalOf(requests: fc.Arbitrary<FuzzedRequest>, most: number): Generator<FuzzedRequest> {
  for (let made = 0; made < most; made += 5) yield* fc.sample(requests, Math.min(5, most - made));
}

/** Requests to an operation that fit, fit badly, or not at all. */
export function arbitraryRequest(operation: Operation, known: KnownValues): fc.Arbitrary<FuzzedRequest> {
  const anyBody = fc.option(
    garbage.map((value) => JSON.stringify(value)),
    { freq: 5, nil: undefined },
  );
  return fc
    .record({
      path: parameterValues(
        operation,
        'path',
        known,
        text.map((value) => value || '-'),
      ),
      query: parameterValues(operation, 'query', known, text),
      moreQuery: fc.oneof({ weight: 5, arbitrary: fc.constant('') }, fc.webQueryParameters()),
      body: operation.body ? bodies(operation.body, known) : anyBody,
      bytes: someBytes,
      own: fc.oneof(
        { weight: 4, arbitrary: ownHeaders(operation, known) },
        { weight: 1, arbitrary: fc.constant({}) },
      ),
      authorization: credentials(known),
      headers: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: oddHeaders }),
      key: fc.uuid(),
    })
    .map(({ path, query, moreQuery, body: text, bytes, own, authorization, headers, key }) => {
      const body = operation.method === 'GET' ? undefined : operation.takesBytes ? bytes : text;
      return {
        target: toTarget(operation, path, query, moreQuery),
        body,
        headers: {
          Authorization: authorization,
          'Idempotency-Key': key,
          ...own,
          ...(body !== undefined && jsonHeaders),
          ...headers,
        },
      };
    });
}
