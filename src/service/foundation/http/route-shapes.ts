import { z, type RouteConfig } from '@hono/zod-openapi';
import type { ErrorCode } from '../../../protocol/error-codes.js';
import { problemsOf } from '../openapi/described-problems.js';

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: z.string(),
    request_id: z.string().optional(),
    errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
    top_up_url: z.string().optional(),
    server_time: z.int().optional(),
  })
  .openapi('Problem');

const problem = {
  description: 'Problem details (RFC 9457) with a stable code',
  content: { 'application/problem+json': { schema: problemSchema } },
} satisfies RouteConfig['responses'][string];

/**
 * A JSON answer, and problems for everything else.
 * @param codes the problems that are this route's own; the document adds what every route may refuse.
 */
export function answers<S extends z.ZodType>(schema: S, description: string, codes: ErrorCode[] = []) {
  return { 200: json(schema, description), default: problemWith(codes) };
}

/** The same for what was newly made. */
export function answersCreated<S extends z.ZodType>(schema: S, description: string, codes: ErrorCode[] = []) {
  return { 201: json(schema, description), default: problemWith(codes) };
}

const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** Problems of a route that is no JSON answer. */
export function problemWith(codes: ErrorCode[]) {
  const { examples } = problemsOf(codes).content!['application/problem+json']!;
  const { schema } = problem.content['application/problem+json'];
  return { ...problem, content: { 'application/problem+json': { schema, examples: examples! } } };
}

/** A JSON body that must be there. */
export function body<S extends z.ZodType>(schema: S) {
  return { required: true, content: { 'application/json': { schema } } };
}

/** A JSON body that may be left out. */
export function optionalBody<S extends z.ZodType>(schema: S) {
  return { required: false, content: { 'application/json': { schema } } };
}

/** What names something in a path: not `.` or `..`, which no address can hold (RFC 3986, 5.2.4). */
export const idSchema = z
  .string()
  .max(128)
  .regex(/^\.*[\w:@-][\w.:@-]*$/, 'letters, digits and . _ : @ - only, and not dots alone')
  .openapi({ example: 'sketch' });

/** What a marketplace writes beside something, for itself. */
export const metadataSchema = z
  .record(z.string().max(40), z.string().max(500))
  .openapi({ example: { order: '4711' } })
  .refine((map) => Object.keys(map).length <= 50, {
    message: 'at most 50 entries',
  });

export const idParameters = z.object({ id: z.string().openapi({ example: 'sketch' }) });

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  description:
    'The same for each retry of one intended change: it is then done once, and answered again for 24 hours, with Idempotent-Replayed: true',
  schema: { type: 'string' as const, maxLength: 255, examples: ['5f0c9f7e-6a55-4be5-9a0c-2c1c1d2b4a11'] },
};

/** For a change of what was read before; see `requireMatch`. */
export const takesMatch = {
  parameters: [
    {
      name: 'If-Match',
      in: 'header' as const,
      required: false,
      description: 'The ETag that was read: refused where somebody else has changed it since',
      schema: { type: 'string' as const, examples: ['"7bHk0cVxkq3xk1C3s8qzJt1bq2b9sJb0m3Zq5mJ0m1E"'] },
    },
  ],
};

/** For a route that takes an `Idempotency-Key`; the document alone reads it, see `idempotencyOf`. */
export const takesKey = { parameters: [{ ...idempotencyKey, required: false }] };
/** For a route that does not go without; see `requireIdempotency`. */
export const needsKey = { parameters: [{ ...idempotencyKey, required: true }] };

/** The members of a list, by `limit`. */
export const limitSchema = z.coerce.number().int().min(1).max(100).default(50);

export const bearer = [{ bearer: [] }];
/** Where a session token is accepted too. */
export const bearerOrProof: Record<string, string[]>[] = [{ bearer: [] }, { proof: [] }];
