import type { CredentialScheme } from '../../foundation/auth/authenticator.js';
import { Credential } from '../../foundation/auth/credential.js';
import type { Permission } from '../../foundation/auth/permissions.js';
import { refuseBrowser } from '../../foundation/auth/secrets.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Environment } from '../../../protocol/environments.js';
import { findBySecretKey } from './secret-keys.js';

/**
 * A secret key: confined to its application and the application's sessions; of its provider it reads everything, and
 * changes settings, prices and webhooks. One of a test moves the clock of a service that has a test clock.
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
    'sessions.pause',
    'sessions.complete',
    'sessions.extend',
    'messages.read',
    'messages.send',
    'files.read',
    'files.upload',
    'files.delete',
    'applications.read',
    'applications.configure',
    'installations.verify',
    'secret-keys.roll',
    'providers.read',
    'providers.change',
    'figures.read',
    'helpers.read',
    'helpers.manage',
    'helpers.attend',
    'help-categories.read',
    'help-categories.manage',
    'help-requests.create',
    'help-requests.read',
    'help-requests.cancel',
    'help-requests.answer',
    'webhooks.read',
    'webhooks.manage',
    'exceptions.read',
    'access-tokens.manage',
    'session-tokens.manage',
  ];
  readonly policy = 'application';
  readonly side = 'provider';
  readonly permissions: readonly Permission[];
  readonly name: string;
  override readonly applicationId: string;
  override readonly providerId: string;
  override readonly environment: Environment;
  /** What is kept of the key; see `hashOf`. */
  readonly keyHash: string;

  constructor(
    application: { id: string; provider_id: string; hash: string; mode: Environment | null },
    mode: Environment,
  ) {
    super();
    const { permissions } = SecretKeyCredential;
    this.permissions = mode === 'test' ? [...permissions, 'test-clock.advance'] : permissions;
    this.name = `application:${application.id}`;
    this.applicationId = application.id;
    this.providerId = application.provider_id;
    // Of an application that is for neither yet both kinds of keys count, and it is counted as one for customers.
    this.environment = application.mode ?? 'live';
    this.keyHash = application.hash;
  }
}

export const secretKeyScheme = (context: ServiceContext): CredentialScheme => ({
  async read(c, { scheme, text }) {
    const [, mode] = (/^sk_(live|test)_/.exec(text) ?? []) as [string?, Environment?];
    if (scheme !== 'bearer' || mode === undefined) return undefined;
    refuseBrowser(c);
    return new SecretKeyCredential(await findBySecretKey(context, text, mode), mode);
  },
});
