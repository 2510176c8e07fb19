import { timingSafeEqual } from 'node:crypto';
import type { CredentialScheme } from './authenticator.js';
import { OperatorCredential } from './credential.js';
import { hashOf, refuseBrowser } from './secrets.js';

/** Knows the operator key, of which its hash alone is kept and compared. */
export function operatorKeyScheme(operatorKey: string): CredentialScheme {
  const hash = Buffer.from(hashOf(operatorKey));
  return {
    async read(c, { scheme, text }) {
      if (scheme !== 'bearer' || !timingSafeEqual(Buffer.from(hashOf(text)), hash)) return undefined;
      refuseBrowser(c);
      return new OperatorCredential();
    },
  };
}
