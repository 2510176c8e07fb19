import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import type { ServiceContext } from '../context.js';
import { readSession, type SessionView } from '../sessions/session-view.js';
import { verifySessionToken } from '../tokens/verify.js';
import type { Credential } from './credential.js';
import type { HttpEnvironment } from './environment.js';

export const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex');

export interface Authenticator {
  /**
   * The credential of a request.
   * @throws {SessionError} `missing` where there is none, `CREDENTIAL_INVALID`, `SECRET_KEY_IN_BROWSER`, `TOKEN_*`,
   * `ORIGIN_REFUSED`.
   */
  authenticate(c: Context<HttpEnvironment>, missing: ErrorCode): Promise<Credential>;
  /** The credential that a session token is, wherever it was found. */
  fromSessionToken(c: Context<HttpEnvironment>, token: string): Promise<Credential & { kind: 'session' }>;
}

export function createAuthenticator(context: ServiceContext, operatorKey: string): Authenticator {
  const operatorKeyHash = Buffer.from(sha256Hex(operatorKey));

  const fromSessionToken: Authenticator['fromSessionToken'] = async (c, token) => {
    const { claims, view } = await verifySessionToken(context, token);
    requireOrigin(c, view);
    return { kind: 'session', view, expiresAt: claims.exp };
  };

  const authenticate: Authenticator['authenticate'] = async (c, missing) => {
    const text = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (text === undefined) throw new SessionError(missing);
    const hash = sha256Hex(text);
    if (timingSafeEqual(Buffer.from(hash), operatorKeyHash)) {
      refuseBrowser(c);
      return { kind: 'operator' };
    }
    if (/^sk_(live|test)_/.test(text)) {
      refuseBrowser(c);
      return { kind: 'application', applicationId: await findApplicationId(context, hash) };
    }
    if (!text.includes('.')) throw new SessionError('CREDENTIAL_INVALID');
    return fromSessionToken(c, text);
  };

  return { authenticate, fromSessionToken };
}

/** Middleware: only these kinds of credential may go on. */
export function allowOnly(authenticator: Authenticator, ...kinds: Credential['kind'][]) {
  return createMiddleware<HttpEnvironment>(async (c, next) => {
    const credential = await authenticator.authenticate(c, 'CREDENTIAL_MISSING');
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

// The hash is the index: comparing 256 bits of a random key's hash tells nobody the key.
async function findApplicationId(context: ServiceContext, secretKeyHash: string): Promise<string> {
  const application = await context.kysely
    .selectFrom('applications')
    .select(['id', 'secret_key_hash'])
    .where('secret_key_hash', '=', secretKeyHash)
    .executeTakeFirst();
  const stored = Buffer.from(application?.secret_key_hash ?? ''.padEnd(64, '-'));
  if (!timingSafeEqual(stored, Buffer.from(secretKeyHash)) || !application)
    throw new SessionError('CREDENTIAL_INVALID');
  return application.id;
}

/** Only browsers send Origin, and no secret belongs there. */
function refuseBrowser(c: Context<HttpEnvironment>): void {
  if (c.req.header('origin') !== undefined) throw new SessionError('SECRET_KEY_IN_BROWSER');
}

function requireOrigin(c: Context<HttpEnvironment>, view: SessionView): void {
  const origin = c.req.header('origin');
  if (origin === undefined) return;
  if (!view.allowed_origins.includes(origin)) throw new SessionError('ORIGIN_REFUSED');
  c.set('originAllowed', true);
}
