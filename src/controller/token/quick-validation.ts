import type { ValidateAnswer } from '../../protocol/api.js';
import type { Session } from '../../protocol/session.js';
import type { HttpAnswer } from '../network/http-request.js';
import { readPlainToken } from './plain-token.js';
import type { SessionRun } from '../run/session-run.js';
import { hearing } from '../snapshot.js';

/**
 * The quick way into a session: one request, and the service's plain yes to a token that has the form of one. Whatever
 * else happens is left to the thorough way (`validation.ts`), together with the answer, where the token could be sent
 * without a closer look.
 * @returns whether it was a plain yes.
 */
export async function quickValidation(run: SessionRun, token: string): Promise<boolean> {
  try {
    const { aud, dpop_bound, jti } = readPlainToken(token);
    const { applicationId, jwksUri } = run.options;
    if (jwksUri || (applicationId && aud !== applicationId)) return false;
    run.keepToken(token);
    if (dpop_bound) run.bind();
    run.firstAnswer = run.validateOnce();
    return takeYes(run, jti, await run.firstAnswer);
  } catch {
    return false;
  }
}

/** Takes in an answer that is a plain yes. @returns false where it is not. */
function takeYes(run: SessionRun, jti: string, got: HttpAnswer): boolean {
  const body = (got.body ?? {}) as ValidateAnswer;
  const { valid, session, capabilities, server_time, allowed_operations } = body;
  const { id, status, expires_at } = (session ?? {}) as Session;
  const isPlain =
    got.response.ok &&
    valid === true &&
    // A backend that names none may leave much unsaid.
    capabilities &&
    id === jti &&
    status === 'active' &&
    expires_at! > 0 &&
    expires_at! % 1 === 0 &&
    server_time > 0;
  if (!isPlain) return false;
  Object.assign(run.said, body);
  run.clock.observe(got.sentAt, got.receivedAt, server_time);
  run.take(hearing({ allowed_operations, ...session }, status, expires_at! * 1000), server_time);
  return true;
}
