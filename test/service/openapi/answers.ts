import assert from 'node:assert/strict';
import { z } from 'zod';
import { errorCodes, type ErrorCode } from '../../../src/protocol/error-codes.js';
import type { Operation } from './operations.js';

export interface RawAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/** What a stack, a query or a driver would leave behind. */
const insides = /\bat .+\.[jt]s:\d|node_modules|SQLSTATE|\bselect .* from\b|invalid byte|ECONN|postgres/i;

/** Asserts that an answer is a problem as RFC 9457 has it, with one of our codes, and tells nothing of the inside. */
export function assertProblem({ status, headers, text }: RawAnswer): ErrorCode {
  assert.equal(headers.get('content-type'), 'application/problem+json');
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.doesNotMatch(text, insides);
  const problem = JSON.parse(text) as { status: number; code: string; type: string; title: string };
  assert.equal(problem.status, status, 'the status of the problem is the status of the answer');
  assert.ok(problem.code in errorCodes, `${problem.code} is no code of ours`);
  const code = problem.code as ErrorCode;
  assert.equal(errorCodes[code].status, status);
  assert.equal(problem.type, `urn:marketplace-session:error:${code}`);
  assert.equal(problem.title, errorCodes[code].title);
  if (status === 401) assert.match(headers.get('www-authenticate') ?? '', /^(Bearer|DPoP) /);
  if (status === 405) assert.match(headers.get('allow') ?? '', /^[A-Z]+(, [A-Z]+)*$/);
  if (status === 429) assert.match(headers.get('retry-after') ?? '', /^\d+$/);
  return code;
}

/** Asserts that the document names this refusal of the operation: a route names its own codes in `answers(...)`. */
export function assertCodeDescribed({ method, path, responses }: Operation, code: ErrorCode): void {
  const named = responses[errorCodes[code].status]?.content?.['application/problem+json']?.examples ?? {};
  assert.ok(code in named, `${method} ${path} does not name ${code}`);
}

/** Asserts that a good answer is what the document promises of the operation. */
export function assertDescribed(operation: Operation, { status, headers, text }: RawAnswer): void {
  const described = operation.responses[status];
  assert.ok(described, `${status} is not described`);
  const type = headers.get('content-type')?.split(';')[0];
  if (described.content === undefined) return assert.equal(text, '');
  const media = described.content[type ?? ''];
  assert.ok(media, `${type} is not described`);
  if (type !== 'application/json') return;
  const schema = z.fromJSONSchema(media.schema as Parameters<typeof z.fromJSONSchema>[0]);
  const result = schema.safeParse(JSON.parse(text));
  assert.ok(result.success, result.error && z.prettifyError(result.error));
}
