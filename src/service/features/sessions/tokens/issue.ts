import { SignJWT } from 'jose';
import { sessionTokenType } from '../../../../protocol/session-token.js';
import type { ServiceContext } from '../../../foundation/context.js';
import { signingKeysOf } from './signing-keys.js';
import type { SessionView } from '../session-view.js';

/** A page may still read its bill that long after the end, seconds. */
const graceSeconds = 900;

/** When a session token of this session may end at the earliest: the (latest) deadline, every pause still to come, the grace. */
export function tokenExpiry(view: SessionView): number {
  const pauseSecondsLeft = view.pausable ? Math.max(0, view.max_pause_seconds - view.pause_seconds_used) : 0;
  return view.deadline_at / 1000 + pauseSecondsLeft + graceSeconds;
}

/** Signs a session token (JWS ES256, RFC 7515; explicitly typed, RFC 8725 3.11) with the current key. */
export async function issueSessionToken(context: ServiceContext, view: SessionView): Promise<string> {
  const { kid, privateKey } = await signingKeysOf(context).current();
  const issuedAt = Math.floor(context.now() / 1000);
  const wholeSeconds = Math.max(tokenExpiry(view) - issuedAt, graceSeconds);
  const lifeSeconds = Math.min(wholeSeconds, context.limits.sessionTokenSeconds);
  return new SignJWT({
    provider_id: view.provider_id,
    tokens_allocated: view.tokens_allocated,
    ...(view.return_url !== null && { return_url: view.return_url }),
    ...(view.binding !== 'unbound' && { dpop_bound: true }),
    ...(view.key_thumbprint !== null && { cnf: { jkt: view.key_thumbprint } }),
    ...(view.launch_count > 0 && { launch_count: view.launch_count }),
  })
    .setProtectedHeader({ alg: 'ES256', typ: sessionTokenType, kid })
    .setIssuer(context.publicUrl)
    .setSubject(view.user_id)
    .setAudience(view.application_id)
    .setJti(view.id)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifeSeconds)
    .sign(privateKey);
}
