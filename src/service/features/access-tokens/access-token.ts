import { compactVerify, SignJWT } from 'jose';
import { parseCompactJws, type JsonObject } from '../../../protocol/compact-jws.js';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import { isStorable } from '../../foundation/storable-text.js';
import { signingKeysOf } from '../sessions/index.js';
import { subjectKinds, type Subject } from './subjects.js';

/** `typ` of an access token (RFC 9068, 2.1). */
const accessTokenType = 'at+jwt';
export const maxLifeSeconds = 86_400;
const maxTokenLength = 8192;
/** How far one may be from the future, seconds: clocks are set and measured while tokens are on their way. */
const aheadToleranceSeconds = 5;

/** What an access token says; instants are whole seconds since the epoch. */
export interface AccessTokenContent {
  id: string;
  providerId: string;
  subject: Subject;
  scope: readonly string[];
  /** Who asked for it. */
  clientId: string;
  issuedAt: number;
  expiresAt: number;
}

/** Signs an access token (RFC 9068) with the current key. */
export async function signAccessToken(context: ServiceContext, content: AccessTokenContent): Promise<string> {
  const { kid, privateKey } = await signingKeysOf(context).current();
  return new SignJWT({
    client_id: content.clientId,
    scope: content.scope.join(' '),
    provider_id: content.providerId,
    subject_kind: content.subject.kind,
  })
    .setProtectedHeader({ alg: 'ES256', typ: accessTokenType, kid })
    .setIssuer(context.publicUrl)
    .setAudience(context.publicUrl)
    .setSubject(content.subject.id)
    .setJti(content.id)
    .setIssuedAt(content.issuedAt)
    .setExpirationTime(content.expiresAt)
    .sign(privateKey);
}

/** Whether a credential says that it is an access token, and no token of another type. */
export function looksLikeAccessToken(text: string): boolean {
  try {
    const header = JSON.parse(Buffer.from(text.split('.')[0]!, 'base64url').toString()) as unknown;
    return (header as { typ?: unknown } | null)?.typ === accessTokenType;
  } catch {
    return false;
  }
}

/**
 * Verifies that an access token is this service's own, and that its time is not over. The form is checked before any
 * cryptography; the key is ours by name, and nothing in the token chooses the algorithm (RFC 8725, 3.1 and 3.2).
 * @throws {SessionError} `ACCESS_TOKEN_INVALID`, `ACCESS_TOKEN_EXPIRED`
 */
export async function verifyAccessToken(context: ServiceContext, token: string): Promise<AccessTokenContent> {
  const { header, payload } = parse(token);
  const { alg, typ, kid, ...others } = header;
  if (alg !== 'ES256' || typ !== accessTokenType || Object.keys(others).length > 0) refuse();
  const key = typeof kid === 'string' ? await signingKeysOf(context).find(kid) : undefined;
  if (!key) return refuse();
  await compactVerify(token, key.publicKey, { algorithms: ['ES256'] }).catch(refuse);
  const content = toContent(payload);
  if (payload.iss !== context.publicUrl || payload.aud !== context.publicUrl) refuse();
  const { issuedAt, expiresAt } = content;
  if (expiresAt <= issuedAt || expiresAt - issuedAt > maxLifeSeconds) refuse();
  const nowSeconds = context.now() / 1000;
  if (issuedAt > nowSeconds + aheadToleranceSeconds) refuse();
  if (expiresAt <= nowSeconds) throw new SessionError('ACCESS_TOKEN_EXPIRED');
  return content;
}

/** One code for whatever is wrong with it: whoever made it up learns nothing from the refusal. */
function refuse(): never {
  throw new SessionError('ACCESS_TOKEN_INVALID');
}

function parse(token: string): { header: JsonObject; payload: JsonObject } {
  try {
    return parseCompactJws(token, maxTokenLength);
  } catch {
    return refuse();
  }
}

/** Exactly the claims that this service issues, each of its type. */
function toContent({ jti, sub, iat, exp, ...claims }: JsonObject): AccessTokenContent {
  const { scope, client_id: clientId, provider_id: providerId } = claims;
  const kind = subjectKinds.find((each) => each === claims.subject_kind);
  const isText = (value: unknown): value is string =>
    typeof value === 'string' && value !== '' && isStorable(value);
  const isInstant = (value: unknown): value is number => Number.isSafeInteger(value);
  if (!isText(jti) || !isText(sub) || !isText(scope) || !isText(clientId) || !isText(providerId)) refuse();
  if (!isInstant(iat) || !isInstant(exp) || kind === undefined) refuse();
  const subject = { kind, id: sub };
  return { id: jti, providerId, subject, scope: scope.split(' '), clientId, issuedAt: iat, expiresAt: exp };
}
