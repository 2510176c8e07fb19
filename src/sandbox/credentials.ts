import { SessionError } from '../protocol/errors.js';
import type { Pauser } from '../protocol/pauser.js';
import { operations, sessionOperations, type Operation } from '../protocol/session-operations.js';
import type { Settings } from './options.js';
import type { SessionRecord } from './sessions/session-record.js';
import type { Sessions } from './sessions/sessions.js';
import {
  accessTokenType,
  typeOf,
  type AccessGrant,
  type TokenGrant,
  type Tokens,
} from './tokens/session-tokens.js';

/** Who asks. */
export type Credential =
  | {
      kind: 'session';
      session: SessionRecord;
      operations: readonly Operation[];
      /** Seconds since the epoch. */
      expiresAt: number;
      grant: TokenGrant | undefined;
    }
  | { kind: 'customer'; userId: string; operations: readonly Operation[] }
  | { kind: 'server' }
  | { kind: 'person'; person: AccessGrant };

/** What a credential needs of a route to pass. A secret key passes everywhere. */
export interface Permission {
  /** A session token: the operation that it allows; undefined refuses all of them. */
  session?: Operation;
  /** An access token: what its scope names; undefined refuses all of them. */
  person?: string;
}

export const sideOf = (credential: Credential): Pauser =>
  credential.kind === 'session' || credential.kind === 'customer'
    ? 'customer'
    : credential.kind === 'person' && credential.person.kind === 'customer'
      ? 'customer'
      : 'provider';

/** Under which name its idempotency keys and participants are kept. */
export function nameOf(credential: Credential): string {
  switch (credential.kind) {
    case 'session':
      return `session:${credential.session.id}`;
    case 'customer':
      return `customer:${credential.userId}`;
    case 'person':
      return `${credential.person.kind}:${credential.person.id}`;
    case 'server':
      return 'server';
  }
}

/** @throws {SessionError} `CREDENTIAL_INSUFFICIENT`, `OPERATION_NOT_ALLOWED` */
export function requirePermission(credential: Credential, { session, person }: Permission): void {
  if (credential.kind === 'server') return;
  if (credential.kind === 'person') {
    if (person === undefined || !credential.person.scope.includes(person))
      throw new SessionError('CREDENTIAL_INSUFFICIENT');
    return;
  }
  if (session === undefined) throw new SessionError('CREDENTIAL_INSUFFICIENT');
  if (!credential.operations.includes(session)) throw new SessionError('OPERATION_NOT_ALLOWED');
}

/** Knows who asks by what he presents. */
export class Credentials {
  readonly #settings: Settings;
  readonly #tokens: Tokens;
  readonly #sessions: Sessions;
  readonly #revoked = new Set<string>();

  constructor(settings: Settings, tokens: Tokens, sessions: Sessions) {
    this.#settings = settings;
    this.#tokens = tokens;
    this.#sessions = sessions;
  }

  revoke(tokenId: string): void {
    this.#revoked.add(tokenId);
  }

  /**
   * @param authorization the header
   * @param missing the code where there is none
   * @throws {SessionError} `CREDENTIAL_INVALID`, `TOKEN_*`, `ACCESS_TOKEN_*`, `SESSION_NOT_FOUND`
   */
  async read(
    authorization: string | null,
    missing: 'CREDENTIAL_MISSING' | 'TOKEN_MISSING',
  ): Promise<Credential> {
    if (authorization === null) throw new SessionError(missing);
    const text = /^(?:Bearer|DPoP) (\S+)$/i.exec(authorization)?.[1];
    if (text === undefined) throw new SessionError('CREDENTIAL_INVALID');
    if (text === this.#settings.secretKey) return { kind: 'server' };
    if (!text.includes('.')) throw new SessionError('CREDENTIAL_INVALID');
    return typeOf(text) === accessTokenType
      ? { kind: 'person', person: await this.#tokens.readAccessToken(text) }
      : this.readToken(text);
  }

  /** The credential that a session token is. */
  async readToken(token: string): Promise<Credential> {
    const { claims, isOfCustomer } = await this.#tokens.readSessionToken(token);
    const named = claims.scope?.split(' ');
    const allowed = named ? operations.filter((one) => named.includes(one)) : [...sessionOperations];
    const tokenId = isOfCustomer ? claims.jti : claims.token_id;
    if (tokenId !== undefined && this.#revoked.has(tokenId)) throw new SessionError('TOKEN_REVOKED');
    if (isOfCustomer) return { kind: 'customer', userId: claims.sub, operations: allowed };
    const session = this.#sessions.find(claims.jti);
    if (claims.aud !== session.application_id) throw new SessionError('TOKEN_AUDIENCE_MISMATCH');
    if ((claims.launch_count ?? 0) !== session.launch_count) throw new SessionError('TOKEN_SUPERSEDED');
    const grant = tokenId === undefined ? undefined : { tokenId, operations: allowed, expiresAt: claims.exp };
    return { kind: 'session', session, operations: allowed, expiresAt: claims.exp, grant };
  }
}
