import { z } from '@hono/zod-openapi';
import { sql } from 'kysely';
import { environments, type Environment } from '../../../protocol/environments.js';
import { SessionError } from '../../../protocol/errors.js';
import type { Credential } from '../../foundation/auth/credential.js';
import { reachedEnvironment, reachedProvider } from '../../foundation/auth/reach.js';
import type { ServiceContext } from '../../foundation/context.js';
import { isOfEnvironment } from '../../foundation/database/of-environment.js';
import type { FigureCountsTable } from '../../foundation/database/schema.js';

/** Whose figures: of all applications of a provider that are for customers, or for tests, or of one of them. */
export interface FigureOwner {
  providerId: string;
  applicationId?: string | undefined;
  /** Undefined where the application that is named decides it. */
  environment: Environment | undefined;
}

/** In the query of what is counted or listed. */
export const ownerQuery = {
  application_id: z.string().optional().describe('Of this application alone'),
  environment: z
    .enum(environments)
    .optional()
    .describe(
      'Of applications for customers, or of those for tests, never of both; what the key that asks is for, else `live`. An application that is named says it by itself',
    ),
};

type OwnerQuery = z.output<z.ZodObject<typeof ownerQuery>>;

/**
 * Of whom a request asks.
 * @throws {SessionError} `PROVIDER_NOT_FOUND`, `CREDENTIAL_INSUFFICIENT` where a key of tests asks for customers, or the reverse.
 */
export function askedOwner(
  credential: Credential,
  providerId: string,
  { application_id: applicationId, environment: named }: Partial<OwnerQuery>,
): FigureOwner {
  const environment = reachedEnvironment(credential, named);
  return {
    providerId: reachedProvider(credential, providerId)!,
    applicationId,
    environment: environment ?? (applicationId === undefined ? 'live' : undefined),
  };
}

/** @throws {SessionError} `APPLICATION_NOT_FOUND` where the one that is named is none of the provider, or of the other environment. */
export async function checkOwner({ kysely }: ServiceContext, owner: FigureOwner): Promise<void> {
  if (owner.applicationId === undefined) return;
  const own = await kysely
    .selectFrom('applications')
    .select('id')
    .where(isOwnApplication(owner))
    .executeTakeFirst();
  if (!own) throw new SessionError('APPLICATION_NOT_FOUND');
}

/** Condition: an application counts. */
export const isOwnApplication = ({ providerId, applicationId, environment }: FigureOwner) =>
  sql<boolean>`provider_id = ${providerId}
    and ${applicationId === undefined ? sql`true` : sql`id = ${applicationId}`}
    and ${isOfEnvironment(environment)}`;

/** The applications that count: an array, which the planner takes into each part of a union and to its index. */
export const ownApplications = (owner: FigureOwner) =>
  sql`array(select id from applications where ${isOwnApplication(owner)})`;

/** The same, as subjects. */
export const ownSubjects = (owner: FigureOwner) =>
  sql`array(select 'application:' || id from applications where ${isOwnApplication(owner)})`;

/** Under which customers are counted, who are no sum over applications. */
export const buyersSubject = ({ providerId, applicationId, environment }: FigureOwner) =>
  applicationId === undefined
    ? sql`${providerSubject(providerId, environment ?? 'live')}`
    : sql`(select 'application:' || id from applications where ${isOwnApplication({ providerId, applicationId, environment })})`;

/** Of all applications of a provider for customers, or of all for tests; as `provider_subject` in the database. */
export const providerSubject = (
  providerId: string,
  environment: Environment,
): FigureCountsTable['subject'] =>
  environment === 'test' ? `provider-test:${providerId}` : `provider:${providerId}`;
