import type { Context } from 'hono';
import { SessionError } from '../../../protocol/errors.js';
import { customerOperations, sessionOperations } from '../../../protocol/session-operations.js';
import { customerTokenType, type SessionTokenClaims } from '../../../protocol/session-token.js';
import type { CredentialScheme, Presented } from '../../foundation/auth/authenticator.js';
import { Credential } from '../../foundation/auth/credential.js';
import { standingOf, type IssuedTokenStanding } from '../../foundation/auth/issued-tokens.js';
import type { Permission } from '../../foundation/auth/permissions.js';
import { requireReach } from '../../foundation/auth/reach.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { Possession, type PresentedToken } from './proof/possession.js';
import { readSession, type SessionView } from './session-view.js';
import type { TokenGrant } from './tokens/issue.js';
import { operationsIn, operationWith, permissionsOf } from './tokens/operations.js';
import { markUsed } from './tokens/user-tokens.js';
import { findItsSession, verifySessionToken } from './tokens/verify.js';

/** A session token: confined to its session, to what it allows, and to its customer where it allows to read about him. */
export class SessionCredential extends Credential {
  readonly policy = 'session';
  readonly side = 'customer';
  readonly permissions: readonly Permission[];
  readonly name: string;
  override readonly applicationId: string;
  override readonly providerId: string;
  override readonly customerId: string;
  /** The session as it stood when the token was verified. */
  readonly view: SessionView;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  /** Of one that was issued for a user. */
  readonly grant: TokenGrant | undefined;

  constructor(claims: SessionTokenClaims, view: SessionView, grant?: TokenGrant) {
    super();
    this.permissions = permissionsOf(grant?.operations ?? sessionOperations);
    this.name = `session:${view.id}`;
    this.applicationId = view.application_id;
    this.providerId = view.provider_id;
    this.customerId = view.user_id;
    this.view = view;
    this.issuedAt = claims.iat;
    this.expiresAt = claims.exp;
    this.grant = grant;
  }

  override operationFor(permission: Permission): string | undefined {
    return this.grant && operationWith(permission);
  }
}

/** A token for a user without a session: it reads what it allows about its customer. */
export class CustomerCredential extends Credential {
  readonly policy = 'person';
  readonly side = 'customer';
  readonly permissions: readonly Permission[];
  readonly name: string;
  override readonly applicationId: string;
  override readonly providerId: string;
  override readonly customerId: string;

  constructor(claims: SessionTokenClaims, { operations }: TokenGrant) {
    super();
    // A session's operations it has once it is of a session: bound to its browser, where that is asked for.
    this.permissions = permissionsOf(
      customerOperations.filter((operation) => operations.includes(operation)),
    );
    // All tokens of a person share one limit.
    this.name = `customer:${claims.provider_id}:${claims.sub}`;
    this.applicationId = claims.aud;
    this.providerId = claims.provider_id;
    this.customerId = claims.sub;
  }

  override operationFor(permission: Permission): string | undefined {
    return operationWith(permission);
  }
}

/** Knows session tokens, wherever they stand. */
export class SessionTokenScheme implements CredentialScheme {
  readonly #context: ServiceContext;
  readonly #possession: Possession;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#possession = new Possession(context);
  }

  async read(c: Context<HttpEnvironment>, { scheme, text, isValidation }: Presented) {
    return text.includes('.') ? this.verify(c, { token: text, place: scheme, isValidation }) : undefined;
  }

  /** @throws {SessionError} `TOKEN_*`, `SESSION_NOT_FOUND`, `ORIGIN_REFUSED`, `PROOF_*`, `SESSION_BOUND_ELSEWHERE` */
  async verify(
    c: Context<HttpEnvironment>,
    presented: Pick<PresentedToken, 'token' | 'place' | 'isValidation'>,
  ): Promise<SessionCredential | CustomerCredential> {
    const { header, claims } = await verifySessionToken(this.#context, presented.token);
    const isOfCustomer = header.typ === customerTokenType;
    const tokenId = isOfCustomer ? claims.jti : claims.token_id;
    const standing = tokenId === undefined ? undefined : await this.#standingOf(c, tokenId);
    const grant = standing && {
      tokenId: tokenId!,
      operations: operationsIn(claims.scope ?? '', standing.customerOperations),
      expiresAt: standing.expiresAt / 1000,
    };
    if (isOfCustomer) {
      if (!standing!.isOriginAllowed) throw new SessionError('ORIGIN_REFUSED');
      if (c.req.header('origin') !== undefined) c.set('originAllowed', true);
      return new CustomerCredential(claims, grant!);
    }
    let view = await findItsSession(this.#context, claims);
    requireOrigin(c, view);
    const { method, path } = c.req;
    const unusedTokenId = standing && !standing.isUsed ? tokenId : undefined;
    const request = { ...presented, method, path, proof: c.req.header('dpop'), unusedTokenId };
    view = await this.#possession.check(view, request);
    if (unusedTokenId !== undefined) await markUsed(this.#context.kysely, unusedTokenId, this.#context.now());
    return new SessionCredential(claims, view, grant);
  }

  async #standingOf(c: Context<HttpEnvironment>, id: string): Promise<IssuedTokenStanding> {
    const standing = await standingOf(this.#context, { id, origin: c.req.header('origin') });
    if (!standing) throw new SessionError('TOKEN_REVOKED');
    return standing;
  }
}

function requireOrigin(c: Context<HttpEnvironment>, view: SessionView): void {
  const origin = c.req.header('origin');
  if (origin === undefined) return;
  if (!view.allowed_origins.includes(origin)) throw new SessionError('ORIGIN_REFUSED');
  c.set('originAllowed', true);
}

/**
 * The session, where the credential reaches it: of the helpers, the talk of a help request is that of the one who has taken it.
 * @throws {SessionError} `TOKEN_SESSION_MISMATCH`, `SESSION_NOT_FOUND`
 */
export async function requireSession(
  context: ServiceContext,
  credential: Credential,
  id: string,
): Promise<SessionView> {
  if (credential instanceof SessionCredential) {
    if (credential.view.id !== id) throw new SessionError('TOKEN_SESSION_MISMATCH');
    return credential.view;
  }
  const view = await readSession(context, id);
  const owners = {
    applicationId: view.application_id,
    providerId: view.provider_id,
    customerId: view.user_id,
    helperId: view.waits_for_id,
  };
  requireReach(credential, owners, 'SESSION_NOT_FOUND');
  return view;
}
