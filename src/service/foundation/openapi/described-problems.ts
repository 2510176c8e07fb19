import { errorCodes, type ErrorCode } from '../../../protocol/error-codes.js';
import type { DescribedOperation, DescribedResponse } from './openapi-types.js';

const problemType = 'application/problem+json';
const problemSchema = { $ref: '#/components/schemas/Problem' };
const codes = Object.keys(errorCodes) as ErrorCode[];
const startingWith = (prefix: string) =>
  codes.filter((code) => code.startsWith(prefix) && errorCodes[code].status > 0);

/** An example of each problem that the service answers, by its code. */
export function problemExamples(): Record<string, { summary: string; value: object }> {
  const travelling = codes.filter((code) => errorCodes[code].status > 0);
  return Object.fromEntries(
    travelling.map((code) => {
      const { title, status, action } = errorCodes[code];
      const type = `urn:marketplace-session:error:${code}`;
      const value = {
        type,
        title,
        status,
        detail: action,
        code,
        request_id: '0b5cf1d0-6f9f-4e0e-9d5b-3c2b1f7a9e11',
      };
      return [code, { summary: title, value }];
    }),
  );
}

/** How an operation may be refused, by status: what its route names, and what everybody may be refused for. */
export function problemResponses(operation: DescribedOperation): Record<string, DescribedResponse> {
  const named = Object.values(operation.responses).flatMap(({ content }) =>
    Object.keys(content?.[problemType]?.examples ?? {}),
  ) as ErrorCode[];
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set([...named, ...usualCodes(operation)])) {
    const { status } = errorCodes[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].map(([status, ofStatus]) => [status, problemsOf(ofStatus)]));
}

/** Problems of one status, or of a route that has yet to be completed. */
export function problemsOf(ofStatus: readonly ErrorCode[]): DescribedResponse {
  const examples = ofStatus.map((code) => [code, { $ref: `#/components/examples/${code}` }] as const);
  return {
    description: ofStatus.map((code) => `\`${code}\` ${errorCodes[code].title}`).join('\n\n'),
    content: { [problemType]: { schema: problemSchema, examples: Object.fromEntries(examples) } },
  };
}

function usualCodes({ security = [], parameters = [], requestBody }: DescribedOperation): ErrorCode[] {
  const schemes = security.flatMap((scheme) => Object.keys(scheme));
  const key = parameters.find(({ name }) => name === 'Idempotency-Key');
  const always: ErrorCode[] = ['RATE_LIMITED', 'SERVICE_ERROR', 'SERVICE_UNAVAILABLE'];
  const withBody: ErrorCode[] = [
    'BODY_MALFORMED',
    'BODY_MEMBER_REPEATED',
    'BODY_TOO_LARGE',
    'CONTENT_TYPE_UNSUPPORTED',
  ];
  const withKey: ErrorCode[] = [
    'IDEMPOTENCY_KEY_INVALID',
    'IDEMPOTENCY_KEY_IN_USE',
    'IDEMPOTENCY_KEY_REUSED',
  ];
  const withCredential: ErrorCode[] = [
    'CREDENTIAL_MISSING',
    'CREDENTIAL_INVALID',
    'CREDENTIAL_INSUFFICIENT',
    'OPERATION_NOT_ALLOWED',
    'SECRET_KEY_IN_BROWSER',
    // A token is looked at, whatever it may do here.
    'ACCESS_TOKEN_INVALID',
    'ACCESS_TOKEN_EXPIRED',
    'ACCESS_TOKEN_REVOKED',
    ...startingWith('TOKEN_'),
    ...startingWith('PROOF_'),
    'SESSION_BOUND_ELSEWHERE',
    'SESSION_NOT_FOUND',
    'ORIGIN_REFUSED',
  ];
  return [
    ...(schemes.length > 0 ? withCredential : []),
    ...withBody,
    ...(requestBody || parameters.length > 0 ? (['REQUEST_INVALID'] as const) : []),
    ...(key ? withKey : []),
    ...(key?.required ? (['IDEMPOTENCY_KEY_MISSING'] as const) : []),
    ...always,
  ];
}
