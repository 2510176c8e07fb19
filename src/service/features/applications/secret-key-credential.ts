import type { CredentialScheme } from '../../foundation/auth/authenticator.js';
import { Credential } from '../../foundation/auth/credential.js';
import type { Permission } from '../../foundation/auth/permissions.js';
import { refuseBrowser } from '../../foundation/auth/secrets.js';
import type { ServiceContext } from '../../foundation/context.js';
import { findBySecretKey } from './secret-keys.js';

/**
 * A secret key: confined to its application and the application's sessions; of its provider it reads everything, and
 * changes settings and webhooks.
 */
export class SecretKeyCredential extends Credential {
  static readonly permissions: readonly Permission[] = [
    'sessions.create',
    'sessions.list',
    'sessions.read',
    'sessions.attend',
    'sessions.launch',
    'sessions.start',
    'sessions.change',
    'sessions.extend',
    'applications.read',
    'providers.read',
    'providers.change',
    'figures.read',
    'webhooks.read',
    'webhooks.manage',
    'exceptions.read',
    'access-tokens.manage',
  ];
  readonly policy = 'application';
  readonly side = 'provider';
  readonly permissions = SecretKeyCredential.permissions;
  readonly name: string;
  override readonly applicationId: string;
  override readonly providerId: string;
  /** What is kept of the key; see `hashOf`. */
  readonly keyHash: string;

  constructor(application: { id: string; provider_id: string; hash: string }) {
    super();
    this.name = `application:${application.id}`;
    this.applicationId = application.id;
    this.providerId = application.provider_id;
    this.keyHash = application.hash;
  }
}

export const secretKeyScheme = (context: ServiceContext): CredentialScheme => ({
  async read(c, { scheme, text }) {
    if (scheme !== 'bearer' || !/^sk_(live|test)_/.test(text)) return undefined;
    refuseBrowser(c);
    return new SecretKeyCredential(await findBySecretKey(context, text));
  },
});
