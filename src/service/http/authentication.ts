import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import type { ServiceContext } from '../context.js';
import { Possession, type PresentedToken } from '../proof/possession.js';
import { findBySecretKey, hashOf } from '../secret-keys.js';
import { readSession, type SessionView } from '../sessions/session-view.js';
import { verifySessionToken } from '../tokens/verify.js';
import type { Credential } from './credential.js';
import type { HttpEnvironment } from './environment.js';

export interface Authenticator {
  /**
   * The credential of a request.
   * @throws {SessionError} `CREDENTIAL_MISSING`, `CREDENTIAL_INVALID`, `SECRET_KEY_IN_BROWSER`, `TOKEN_*`,
   * `ORIGIN_REFUSED`, `PROOF_*`, `SESSION_BOUND_ELSEWHERE`.
   */
  authenticate(c: Context<HttpEnvironment>): Promise<Credential>;
  /** The same for a request that validates a session, which binds it to the browser; `TOKEN_MISSING` without any. */
  authenticateValidation(c: Context<HttpEnvironment>): Promise<Credential>;
  /** The same for a request that validates the session token in its body. */
  authenticateBody(c: Context<HttpEnvironment>, token: string): Promise<SessionCredential>;
}

type SessionCredential = Credential & { kind: 'session' };
type Presented = Pick<PresentedToken, 'token' | 'place' | 'isValidation'>;

export function createAuthenticator(context: ServiceContext, operatorKey: string): Authenticator {
  const operatorKeyHash = Buffer.from(hashOf(operatorKey));

  const possession = new Possession(context);

  async function fromSessionToken(
    c: Context<HttpEnvironment>,
    presented: Presented,
  ): Promise<SessionCredential> {
    const { claims, view } = await verifySessionToken(context, presented.token);
    requireOrigin(c, view);
    const { method, path } = c.req;
    await possession.check(view, { ...presented, method, path, proof: c.req.header('dpop') });
    return { kind: 'session', view, issuedAt: claims.iat, expiresAt: claims.exp };
  }

  async function fromHeader(c: Context<HttpEnvironment>, missing: ErrorCode, isValidation: boolean) {
    const [, scheme, text] = /^(Bearer|DPoP) +(\S+) *$/i.exec(c.req.header('authorization') ?? '') ?? [];
    if (scheme === undefined || text === undefined) throw new SessionError(missing);
    const place = scheme.toLowerCase() === 'dpop' ? 'dpop' : 'bearer';
    if (place === 'bearer') {
      const credential = await fromSecretKey(c, text);
      if (credential) return credential;
    }
    if (!text.includes('.')) throw new SessionError('CREDENTIAL_INVALID');
    return fromSessionToken(c, { token: text, place, isValidation });
  }

  async function fromSecretKey(c: Context<HttpEnvironment>, text: string): Promise<Credential | undefined> {
    if (timingSafeEqual(Buffer.from(hashOf(text)), operatorKeyHash)) {
      refuseBrowser(c);
      return { kind: 'operator' };
    }
    if (/^sk_(live|test)_/.test(text)) {
      refuseBrowser(c);
      const { id, provider_id } = await findBySecretKey(context, text);
      return { kind: 'application', applicationId: id, providerId: provider_id };
    }
    return undefined;
  }

  return {
    authenticate: (c) => fromHeader(c, 'CREDENTIAL_MISSING', false),
    authenticateValidation: (c) => fromHeader(c, 'TOKEN_MISSING', true),
    authenticateBody: (c, token) => fromSessionToken(c, { token, place: 'body', isValidation: true }),
  };
}

/** Middleware: only these kinds of credential may go on. */
export function allowOnly(authenticator: Authenticator, ...kinds: Credential['kind'][]) {
  return createMiddleware<HttpEnvironment>(async (c, next) => {
    const credential = await authenticator.authenticate(c);
    if (!kinds.includes(credential.kind)) throw new SessionError('CREDENTIAL_INSUFFICIENT');
    c.set('credential', credential);
    await next();
  });
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
  if (credential.kind === 'session') {
    if (credential.view.id !== id) throw new SessionError('TOKEN_SESSION_MISMATCH');
    return credential.view;
  }
  const view = await readSession(context, id);
  requireApplication(credential, view.application_id, 'SESSION_NOT_FOUND');
  return view;
}

/** Refuses what belongs to another application as if it were not there. */
export function requireApplication(credential: Credential, applicationId: string, notFound: ErrorCode): void {
  if (credential.kind === 'application' && credential.applicationId !== applicationId)
    throw new SessionError(notFound);
}

/**
 * The provider whose things the credential reaches; undefined for the operator, who reaches all of them.
 * @param named the provider that the request names
 * @throws {SessionError} `PROVIDER_NOT_FOUND` where that is another one
 */
export function reachedProvider(credential: Credential, named?: string): string | undefined {
  if (credential.kind !== 'application') return named;
  if (named !== undefined && named !== credential.providerId) throw new SessionError('PROVIDER_NOT_FOUND');
  return credential.providerId;
}

/**
 * Only browsers send `Origin`, or without it, when they just read, `Sec-Fetch-Site`; no secret belongs there. The other
 * `Sec-Fetch-*` tell nothing: the fetch of Node sends `Sec-Fetch-Mode` too.
 */
function refuseBrowser(c: Context<HttpEnvironment>): void {
  const marks = [c.req.header('origin'), c.req.header('sec-fetch-site')];
  if (marks.some((mark) => mark !== undefined)) throw new SessionError('SECRET_KEY_IN_BROWSER');
}

function requireOrigin(c: Context<HttpEnvironment>, view: SessionView): void {
  const origin = c.req.header('origin');
  if (origin === undefined) return;
  if (!view.allowed_origins.includes(origin)) throw new SessionError('ORIGIN_REFUSED');
  c.set('originAllowed', true);
}
