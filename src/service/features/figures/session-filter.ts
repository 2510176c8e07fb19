import { z } from '@hono/zod-openapi';
import { ownerQuery, type FigureOwner } from './figure-owner.js';
import { statusSchema, type SessionFilter } from '../sessions/index.js';

const instant = z.coerce.number().int().min(0).max(1e11).optional();

/** Which sessions of a provider, in the query of a list. */
export const sessionFilter = {
  status: statusSchema.optional(),
  ...ownerQuery,
  user_id: z.string().optional(),
  from: instant.describe('Sold then or later, seconds'),
  to: instant.describe('Sold before, seconds'),
};

type SessionQuery = z.output<z.ZodObject<typeof sessionFilter>>;

/** Of one provider, as many as there are. */
export type OwnSessions = Omit<SessionFilter, 'after' | 'limit'> & { providerId: string };

/** The same for the database. */
export const toSessionFilter = (
  owner: FigureOwner,
  { status, user_id, from, to }: SessionQuery,
): OwnSessions => ({
  ...owner,
  status,
  userId: user_id,
  soldFrom: from === undefined ? undefined : from * 1000,
  soldBefore: to === undefined ? undefined : to * 1000,
});
