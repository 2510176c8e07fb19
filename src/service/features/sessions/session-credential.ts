import type { Context } from 'hono';
import { SessionError } from '../../../protocol/errors.js';
import type { CredentialScheme, Presented } from '../../foundation/auth/authenticator.js';
import { Credential } from '../../foundation/auth/credential.js';
import type { Permission } from '../../foundation/auth/permissions.js';
import { requireReach } from '../../foundation/auth/reach.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { Possession, type PresentedToken } from './proof/possession.js';
import { readSession, type SessionView } from './session-view.js';
import { verifySessionToken, type VerifiedSessionToken } from './tokens/verify.js';

/** A session token: confined to its session. */
export class SessionCredential extends Credential {
  static readonly permissions: readonly Permission[] = [
    'sessions.read',
    'sessions.attend',
    'sessions.change',
    'sessions.extend',
  ];
  readonly policy = 'session';
  readonly side = 'customer';
  readonly permissions = SessionCredential.permissions;
  readonly name: string;
  override readonly applicationId: string;
  override readonly providerId: string;
  /** The session as it stood when the token was verified. */
  readonly view: SessionView;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;

  constructor({ claims, view }: VerifiedSessionToken) {
    super();
    this.name = `session:${view.id}`;
    this.applicationId = view.application_id;
    this.providerId = view.provider_id;
    this.view = view;
    this.issuedAt = claims.iat;
    this.expiresAt = claims.exp;
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
  ): Promise<SessionCredential> {
    const verified = await verifySessionToken(this.#context, presented.token);
    requireOrigin(c, verified.view);
    const { method, path } = c.req;
    await this.#possession.check(verified.view, { ...presented, method, path, proof: c.req.header('dpop') });
    return new SessionCredential(verified);
  }
}

function requireOrigin(c: Context<HttpEnvironment>, view: SessionView): void {
  const origin = c.req.header('origin');
  if (origin === undefined) return;
  if (!view.allowed_origins.includes(origin)) throw new SessionError('ORIGIN_REFUSED');
  c.set('originAllowed', true);
}

/**
 * The session, where the credential reaches it.
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
  };
  requireReach(credential, owners, 'SESSION_NOT_FOUND');
  return view;
}
