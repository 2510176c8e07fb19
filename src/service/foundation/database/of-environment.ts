import { sql } from 'kysely';
import type { Environment } from '../../../protocol/environments.js';

/**
 * Condition: an application is for customers, or for tests; true where none is asked for. Of one that was there before there were
 * environments nobody has said that it is for tests.
 */
export const isOfEnvironment = (environment: Environment | undefined) =>
  environment === undefined
    ? sql<boolean>`true`
    : sql<boolean>`coalesce(applications.mode, 'live') = ${environment}`;
