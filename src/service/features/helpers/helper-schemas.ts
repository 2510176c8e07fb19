import { z } from '@hono/zod-openapi';
import { availabilities } from '../../../protocol/help-request.js';
import type { HelperRow } from '../../foundation/database/schema.js';
import { idSchema } from '../../foundation/http/route-shapes.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';

/** Names of skills, as the provider calls them. */
export const skillsSchema = z
  .array(idSchema.openapi({ example: 'plumbing' }))
  .max(50)
  .refine((skills) => new Set(skills).size === skills.length, { message: 'each once' });

export const availabilitySchema = z.enum(availabilities).openapi({ example: 'available' });

export const helperFields = {
  display_name: z
    .string()
    .min(1)
    .max(200)
    .describe('What the customer reads once the helper has claimed')
    .openapi({ example: 'Maria' }),
  skills: skillsSchema,
  max_concurrent: z.int().min(1).max(100).describe('Requests at a time').openapi({ example: 1 }),
};

export const helperSchema = z
  .strictObject({
    id: z.string().openapi({ example: 'maria' }),
    provider_id: z.string().openapi({ example: 'lantern' }),
    ...helperFields,
    availability: availabilitySchema.describe('The own switch; who misses three requests in a row goes away'),
    active_count: z.int().describe('Requests that are claimed or in progress').openapi({ example: 0 }),
    created_at: z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 }),
  })
  .openapi('Helper');

export const toHelper = (row: HelperRow): z.output<typeof helperSchema> => ({
  id: row.id,
  provider_id: row.provider_id,
  display_name: row.display_name,
  skills: row.skills,
  max_concurrent: row.max_concurrent,
  availability: row.availability,
  active_count: row.active_count,
  created_at: Math.floor(row.created_at / 1000),
});

/** @throws {InvalidRequest} where the credential is of no provider, and the request names none. */
export function requireProviderId(providerId: string | undefined): string {
  if (providerId === undefined)
    throw new InvalidRequest([{ pointer: '/provider_id', message: 'needed with the operator key' }]);
  return providerId;
}
