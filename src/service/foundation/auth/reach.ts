import type { Environment } from '../../../protocol/environments.js';
import type { ErrorCode } from '../../../protocol/error-codes.js';
import { SessionError } from '../../../protocol/errors.js';
import type { Credential } from './credential.js';

/** Refuses what belongs to another application as if it were not there. */
export function requireApplication(credential: Credential, applicationId: string, notFound: ErrorCode): void {
  const confinedTo = credential.applicationId;
  if (confinedTo !== undefined && confinedTo !== applicationId) throw new SessionError(notFound);
}

/** Whose something is. */
export interface Owners {
  applicationId: string;
  providerId: string;
  /** Undefined for what is no customer's. */
  customerId?: string;
  /** Who has taken what is one helper's alone: the other helpers of the provider find nothing. */
  helperId?: string | null;
}

/** Refuses what belongs to others as if it were not there. */
export function requireReach(credential: Credential, owners: Owners, notFound: ErrorCode): void {
  requireApplication(credential, owners.applicationId, notFound);
  const { providerId, customerId, helperId } = credential;
  if (providerId !== undefined && providerId !== owners.providerId) throw new SessionError(notFound);
  if (customerId !== undefined && customerId !== owners.customerId) throw new SessionError(notFound);
  if (helperId !== undefined && helperId !== (owners.helperId ?? helperId)) throw new SessionError(notFound);
}

/**
 * The customer whose things the credential reaches; undefined for who reaches those of everybody.
 * @param named the customer that the request names
 * @throws {SessionError} `CUSTOMER_NOT_FOUND` where that is another one
 */
export function reachedCustomer(credential: Credential, named?: string): string | undefined {
  const { customerId } = credential;
  if (customerId === undefined) return named;
  if (named !== undefined && named !== customerId) throw new SessionError('CUSTOMER_NOT_FOUND');
  return customerId;
}

/**
 * The provider whose things the credential reaches; undefined for who reaches all of them.
 * @param named the provider that the request names
 * @throws {SessionError} `PROVIDER_NOT_FOUND` where that is another one
 */
export function reachedProvider(credential: Credential, named?: string): string | undefined {
  const { providerId } = credential;
  if (providerId === undefined) return named;
  if (named !== undefined && named !== providerId) throw new SessionError('PROVIDER_NOT_FOUND');
  return providerId;
}

/**
 * The environment whose things the credential reaches; undefined for who reaches both, and names none.
 * @throws {SessionError} `CREDENTIAL_INSUFFICIENT` where the one that is named is the other one
 */
export function reachedEnvironment(credential: Credential, named?: Environment): Environment | undefined {
  const { environment } = credential;
  if (environment !== undefined && named !== undefined && named !== environment)
    throw new SessionError('CREDENTIAL_INSUFFICIENT');
  return environment ?? named;
}
