import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { ErrorCode } from '../../../protocol/error-codes.js';
import { SessionError } from '../../../protocol/errors.js';
import { takeQuota } from '../http/rate-limit.js';
import type { HttpEnvironment } from '../http/environment.js';
import type { RateLimiter } from '../rate-limits/rate-limiter.js';
import type { Credential } from './credential.js';
import { OperationNotAllowed } from './operation-not-allowed.js';
import type { Permission } from './permissions.js';

/** What stands in the header `Authorization`. */
export interface Presented {
  scheme: 'bearer' | 'dpop';
  text: string;
  /** Whether the request asks for nothing but whether it is good. */
  isValidation: boolean;
}

/** Knows credentials of one kind. */
export interface CredentialScheme {
  /** @returns undefined where the text does not look like one. @throws {SessionError} where it does, and is none. */
  read(c: Context<HttpEnvironment>, presented: Presented): Promise<Credential | undefined>;
}

/** Finds out who asks, and counts it against the rate limit of its kind. */
export class Authenticator {
  readonly #schemes: readonly CredentialScheme[];
  readonly #limiter: RateLimiter;

  /** @param schemes asked in this order. */
  constructor(schemes: readonly CredentialScheme[], limiter: RateLimiter) {
    this.#schemes = schemes;
    this.#limiter = limiter;
  }

  /**
   * The credential of a request.
   * @param missing the code where there is none.
   * @throws {SessionError} that code, `CREDENTIAL_INVALID`, `RATE_LIMITED`, and what the schemes throw.
   */
  async authenticate(
    c: Context<HttpEnvironment>,
    {
      missing = 'CREDENTIAL_MISSING',
      isValidation = false,
    }: { missing?: ErrorCode; isValidation?: boolean } = {},
  ): Promise<Credential> {
    const [, scheme, text] = /^(Bearer|DPoP) +(\S+) *$/i.exec(c.req.header('authorization') ?? '') ?? [];
    if (scheme === undefined || text === undefined) throw new SessionError(missing);
    const presented: Presented = { scheme: scheme.toLowerCase() as Presented['scheme'], text, isValidation };
    for (const known of this.#schemes) {
      const credential = await known.read(c, presented);
      if (credential) return this.admit(c, credential);
    }
    throw new SessionError('CREDENTIAL_INVALID');
  }

  /** Counts one that was found elsewhere than in the header. @throws {SessionError} `RATE_LIMITED` */
  admit<C extends Credential>(c: Context<HttpEnvironment>, credential: C): C {
    takeQuota(c, this.#limiter, credential.policy, credential.name);
    return credential;
  }
}

/** @throws {SessionError} `CREDENTIAL_INSUFFICIENT`, `OPERATION_NOT_ALLOWED` */
export function requirePermission(credential: Credential, permission: Permission): void {
  if (credential.permissions.includes(permission)) return;
  const operation = credential.operationFor?.(permission);
  throw operation === undefined
    ? new SessionError('CREDENTIAL_INSUFFICIENT')
    : new OperationNotAllowed(operation);
}

/**
 * Middleware: only who has this permission goes on.
 * @throws {SessionError} what `requirePermission` and `authenticate` throw.
 */
export function allow(authenticator: Authenticator, permission: Permission) {
  return createMiddleware<HttpEnvironment>(async (c, next) => {
    const credential = await authenticator.authenticate(c);
    requirePermission(credential, permission);
    c.set('credential', credential);
    await next();
  });
}
