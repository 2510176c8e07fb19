import { SignJWT } from 'jose';
import type { Operation } from '../../../../protocol/session-operations.js';
import { tokenExpiry, tokenGraceSeconds } from '../../../../protocol/rules/session-times.js';
import { customerTokenType, sessionTokenType } from '../../../../protocol/session-token.js';
import type { ServiceContext } from '../../../foundation/context.js';
import { signingKeysOf } from './signing-keys.js';
import type { SessionView } from '../session-view.js';

/** What a session token for a user allows, whatever it is renewed by. */
export interface TokenGrant {
  tokenId: string;
  operations: readonly Operation[];
  /** Seconds since the epoch: none of it lives longer. */
  expiresAt: number;
}

/** A token for a user without a session. */
export interface CustomerTokenContent {
  applicationId: string;
  providerId: string;
  customerId: string;
}

/**
 * Signs a session token (JWS ES256, RFC 7515; explicitly typed, RFC 8725 3.11) with the current key.
 * @param grant what it is confined to, where it is for a user.
 */
export async function issueSessionToken(
  context: ServiceContext,
  view: SessionView,
  grant?: TokenGrant,
): Promise<string> {
  const claims = {
    tokens_allocated: view.tokens_allocated,
    ...(view.return_url !== null && { return_url: view.return_url }),
    ...(view.binding !== 'unbound' && { dpop_bound: true }),
    ...(view.key_thumbprint !== null && { cnf: { jkt: view.key_thumbprint } }),
    ...(view.launch_count > 0 && { launch_count: view.launch_count }),
    ...(grant && { ...scopeOf(grant), token_id: grant.tokenId }),
  };
  const owner = {
    applicationId: view.application_id,
    providerId: view.provider_id,
    customerId: view.user_id,
  };
  const issuedAt = Math.floor(context.now() / 1000);
  const end = grant ? grant.expiresAt : Math.max(tokenExpiry(view, view), issuedAt + tokenGraceSeconds);
  return sign(context, { type: sessionTokenType, jti: view.id, owner, claims, issuedAt, end });
}

/** Signs the token of a user without a session: it has the form of a session token, and another type. */
export async function issueCustomerToken(
  context: ServiceContext,
  owner: CustomerTokenContent,
  grant: TokenGrant,
): Promise<string> {
  const claims = { tokens_allocated: 0, ...scopeOf(grant) };
  const issuedAt = Math.floor(context.now() / 1000);
  const end = grant.expiresAt;
  return sign(context, { type: customerTokenType, jti: grant.tokenId, owner, claims, issuedAt, end });
}

/** When a token that is issued now ends, seconds since the epoch. */
export const endOfToken = (context: ServiceContext, issuedAt: number, end: number): number =>
  Math.min(end, issuedAt + context.limits.sessionTokenSeconds);

const scopeOf = ({ operations }: TokenGrant) => ({ scope: operations.join(' ') });

interface TokenContent {
  type: string;
  jti: string;
  owner: CustomerTokenContent;
  claims: object;
  issuedAt: number;
  end: number;
}

async function sign(
  context: ServiceContext,
  { type, jti, owner, claims, issuedAt, end }: TokenContent,
): Promise<string> {
  const { kid, privateKey } = await signingKeysOf(context).current();
  return new SignJWT({ provider_id: owner.providerId, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: type, kid })
    .setIssuer(context.publicUrl)
    .setSubject(owner.customerId)
    .setAudience(owner.applicationId)
    .setJti(jti)
    .setIssuedAt(issuedAt)
    .setExpirationTime(endOfToken(context, issuedAt, end))
    .sign(privateKey);
}
