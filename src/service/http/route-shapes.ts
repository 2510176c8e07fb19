import { z, type RouteConfig } from '@hono/zod-openapi';

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
  })
  .openapi('Problem');

const problem = {
  description: 'Problem details (RFC 9457) with a stable code',
  content: { 'application/problem+json': { schema: problemSchema } },
} satisfies RouteConfig['responses'][string];

/** A JSON answer, and problems for everything else. */
export function answers<S extends z.ZodType>(schema: S, description: string) {
  return { 200: { description, content: { 'application/json': { schema } } }, default: problem };
}

/** The same for what was newly made. */
export function answersCreated<S extends z.ZodType>(schema: S, description: string) {
  return { 201: { description, content: { 'application/json': { schema } } }, default: problem };
}

/** A JSON body that must be there. */
export function body<S extends z.ZodType>(schema: S) {
  return { required: true, content: { 'application/json': { schema } } };
}

/** A JSON body that may be left out. */
export function optionalBody<S extends z.ZodType>(schema: S) {
  return { required: false, content: { 'application/json': { schema } } };
}

export const idSchema = z
  .string()
  .regex(/^[\w.:@-]{1,128}$/, 'letters, digits and . _ : @ - only, at most 128');

export const idParameters = z.object({ id: z.string() });

/** The members of a list, by `limit`. */
export const limitSchema = z.coerce.number().int().min(1).max(100).default(50);

export const bearer = [{ bearer: [] }];
