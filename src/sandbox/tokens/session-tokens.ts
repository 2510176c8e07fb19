import { parseCompactJws } from '../../protocol/compact-jws.js';
import { SessionError } from '../../protocol/errors.js';
import { tokenExpiry, tokenGraceSeconds } from '../../protocol/rules/session-times.js';
import { checkClaims } from '../../protocol/session-token-claims.js';
import {
  customerTokenType,
  maxTokenLength,
  parseSessionToken,
  sessionTokenType,
  type SessionTokenClaims,
} from '../../protocol/session-token.js';
import type { Operation } from '../../protocol/session-operations.js';
import type { SandboxClock } from '../clock.js';
import type { Settings } from '../options.js';
import type { SessionRecord } from '../sessions/session-record.js';
import type { SigningKey } from './signing-key.js';

/** `typ` of an access token (RFC 9068, 2.1). */
export const accessTokenType = 'at+jwt';
/** How far a token may be from the future, seconds. */
const aheadToleranceSeconds = 5;

/** What a session token for a user allows. */
export interface TokenGrant {
  tokenId: string;
  operations: readonly Operation[];
  /** Seconds since the epoch. */
  expiresAt: number;
}

/** Whom an access token speaks for, and what it allows. */
export interface AccessGrant {
  kind: 'member' | 'helper' | 'customer';
  id: string;
  scope: readonly string[];
}

/** `typ` of a token, which tells what else to look at; undefined where it is none. */
export function typeOf(token: string): unknown {
  try {
    return parseCompactJws(token, maxTokenLength).header.typ;
  } catch {
    return undefined;
  }
}

/** Issues the tokens of a sandbox, and reads them. */
export class Tokens {
  readonly #settings: Settings;
  readonly #clock: SandboxClock;
  readonly #key: SigningKey;

  constructor(settings: Settings, clock: SandboxClock, key: SigningKey) {
    this.#settings = settings;
    this.#clock = clock;
    this.#key = key;
  }

  /** @param grant what it is confined to, where it is for a user */
  ofSession(session: SessionRecord, grant?: TokenGrant): Promise<string> {
    const { launch_count, return_url, tokens_allocated } = session;
    const now = Math.floor(this.#clock.now() / 1000);
    return this.#key.sign(sessionTokenType, {
      ...this.#common(session.id, session.user_id),
      aud: session.application_id,
      exp: grant?.expiresAt ?? Math.max(tokenExpiry(session, this.#settings.terms), now + tokenGraceSeconds),
      tokens_allocated,
      ...(return_url !== null && { return_url }),
      ...(launch_count > 0 && { launch_count }),
      ...(grant && { scope: grant.operations.join(' '), token_id: grant.tokenId }),
    });
  }

  /** For a user who has no live session. */
  ofCustomer(userId: string, { tokenId, operations, expiresAt }: TokenGrant): Promise<string> {
    return this.#key.sign(customerTokenType, {
      ...this.#common(tokenId, userId),
      aud: this.#settings.applicationId,
      exp: expiresAt,
      tokens_allocated: 0,
      scope: operations.join(' '),
    });
  }

  ofPerson({ kind, id, scope }: AccessGrant, tokenId: string, lifeSeconds: number): Promise<string> {
    const { apiEndpoint, applicationId } = this.#settings;
    return this.#key.sign(accessTokenType, {
      ...this.#common(tokenId, id),
      aud: apiEndpoint,
      exp: Math.floor(this.#clock.now() / 1000) + lifeSeconds,
      client_id: applicationId,
      scope: scope.join(' '),
      subject_kind: kind,
    });
  }

  /** @throws {SessionError} `TOKEN_*` */
  async readSessionToken(token: string): Promise<{ claims: SessionTokenClaims; isOfCustomer: boolean }> {
    const { header, claims } = parseSessionToken(token);
    if (header.alg !== 'ES256') throw new SessionError('TOKEN_ALGORITHM_REFUSED');
    if (header.typ !== sessionTokenType && header.typ !== customerTokenType)
      throw new SessionError('TOKEN_TYPE_REFUSED');
    await this.#key.verify(token, header.kid);
    checkClaims(claims, {
      now: this.#clock.now(),
      toleranceSeconds: 0,
      aheadToleranceSeconds,
      issuer: this.#settings.apiEndpoint,
    });
    return { claims, isOfCustomer: header.typ === customerTokenType };
  }

  /** @throws {SessionError} `ACCESS_TOKEN_INVALID`, `ACCESS_TOKEN_EXPIRED` */
  async readAccessToken(token: string): Promise<AccessGrant> {
    const { header, payload } = parseCompactJws(token, maxTokenLength);
    await this.#key.verify(token, header.kid).catch(() => {
      throw new SessionError('ACCESS_TOKEN_INVALID');
    });
    const { exp, scope, sub, subject_kind } = payload as Record<string, string> & { exp: number };
    if (exp <= this.#clock.now() / 1000) throw new SessionError('ACCESS_TOKEN_EXPIRED');
    return { kind: subject_kind as AccessGrant['kind'], id: sub!, scope: scope!.split(' ') };
  }

  #common(jti: string, sub: string) {
    const { apiEndpoint, providerId } = this.#settings;
    return { iss: apiEndpoint, jti, sub, provider_id: providerId, iat: Math.floor(this.#clock.now() / 1000) };
  }
}
