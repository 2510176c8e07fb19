import type { Context } from 'hono';
import { SessionError } from '../../../protocol/errors.js';
import type { CredentialScheme, Presented } from '../../foundation/auth/authenticator.js';
import { Credential } from '../../foundation/auth/credential.js';
import { standingOf } from '../../foundation/auth/issued-tokens.js';
import type { Permission } from '../../foundation/auth/permissions.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { looksLikeAccessToken, verifyAccessToken, type AccessTokenContent } from './access-token.js';
import { grantable, type Subject } from './subjects.js';

/** An access token: confined to its operations, its provider and, where that is a customer or a helper, its person. */
export class AccessTokenCredential extends Credential {
  readonly policy = 'person';
  readonly name: string;
  readonly side: 'customer' | 'provider';
  readonly permissions: readonly Permission[];
  override readonly providerId: string;
  override readonly customerId: string | undefined;
  override readonly helperId: string | undefined;
  readonly tokenId: string;
  /** For whom it speaks. */
  readonly subject: Subject;

  constructor({ id, providerId, subject, scope }: AccessTokenContent) {
    super();
    // All tokens of a person share one limit.
    this.name = `${subject.kind}:${providerId}:${subject.id}`;
    this.side = subject.kind === 'customer' ? 'customer' : 'provider';
    // What a later version no longer grants is not kept alive by a token of before.
    this.permissions = grantable[subject.kind].filter((permission) => scope.includes(permission));
    this.providerId = providerId;
    this.customerId = subject.kind === 'customer' ? subject.id : undefined;
    this.helperId = subject.kind === 'helper' ? subject.id : undefined;
    this.tokenId = id;
    this.subject = subject;
  }
}

/** Knows access tokens: from a server, or from a page on an origin of the provider's applications. */
export const accessTokenScheme = (context: ServiceContext): CredentialScheme => ({
  /** @throws {SessionError} `ACCESS_TOKEN_INVALID`, `ACCESS_TOKEN_EXPIRED`, `ACCESS_TOKEN_REVOKED`, `ORIGIN_REFUSED` */
  async read(c: Context<HttpEnvironment>, { scheme, text }: Presented) {
    if (!looksLikeAccessToken(text)) return undefined;
    // None is bound to a key.
    if (scheme !== 'bearer') throw new SessionError('ACCESS_TOKEN_INVALID');
    const content = await verifyAccessToken(context, text);
    const origin = c.req.header('origin');
    const standing = await standingOf(context, { id: content.id, origin });
    if (!standing) throw new SessionError('ACCESS_TOKEN_REVOKED');
    if (!standing.isOriginAllowed) throw new SessionError('ORIGIN_REFUSED');
    if (origin !== undefined) c.set('originAllowed', true);
    return new AccessTokenCredential(content);
  },
});
