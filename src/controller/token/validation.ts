import type { ValidateAnswer } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import type { Session } from '../../protocol/session.js';
import { parseSessionToken } from '../../protocol/session-token.js';
import { sessionEvent } from '../session-event.js';
import type { SessionRun } from '../run/session-run.js';
import { learn, take } from '../run/answers.js';
import { emptying, stateOf } from '../run/transitions.js';
import { checkedAddress } from '../options.js';
import { latePart } from '../late-part.js';
import { addressWatchOf } from './address-watch.js';
import { askForToken } from './ask-for-token.js';
import { endMark, forgetToken } from '../ending/end-mark.js';
import { isRefused, sendUntilAnswered } from '../network/http-client.js';
import { verifySessionToken } from './verification.js';
import { joinRunningSession } from '../tabs/joining.js';

const sandbox = latePart(() => import('./enter-sandbox.js'));

/**
 * The thorough way into a session: joins the one that another tab runs, or finds a token, looks closely at it, has the service judge it however often that
 * takes, and verifies it in the page where `jwksUri` is set.
 * @param token what the address, the program or a reload offered.
 * @param isAmbiguous whether the address held several.
 * @throws {SessionError} `CONFIGURATION_INVALID`, `SANDBOX_REFUSED`, `TOKEN_MISSING`, `TOKEN_AMBIGUOUS`, the codes of `parseSessionToken`, of the
 * service, of `verifySessionToken`, `NO_LIVE_SESSION`, with which the snapshot is empty, and `TOKEN_AUDIENCE_MISMATCH`,
 * `TOKEN_SESSION_MISMATCH`, `SESSION_ENDED`, `ANSWER_INVALID`.
 */
export async function validate(run: SessionRun, token: string | null, isAmbiguous: boolean): Promise<void> {
  const { jwksUri } = run.options;
  if (jwksUri) checkedAddress(jwksUri);
  const hasEnded = token === endMark;
  let offered = hasEnded ? null : token;
  addressWatchOf(run).keepOut(offered ?? '');
  try {
    if (isAmbiguous) throw new SessionError('TOKEN_AMBIGUOUS');
    if (run.options.sandbox) {
      const { enterSandbox } = await sandbox(() => !run.signal.aborted);
      offered = await enterSandbox(run, offered);
    } else if (offered === null && (await joinRunningSession(run))) return;
    await validateToken(run, offered ?? (await askForToken(run)));
  } catch (cause) {
    if (run.signal.aborted) throw cause;
    const error = nameCause(cause, hasEnded);
    // What will not be accepted later either is not kept; what failed on the way is, for the retry.
    if (isRefused(error)) forgetToken(run, error.code === 'SESSION_ENDED');
    if (error.code === 'NO_LIVE_SESSION') leaveEmpty(run);
    throw error;
  }
}

/** Nothing has failed: the run is over before it began. */
function leaveEmpty(run: SessionRun): void {
  run.dispatch(emptying);
  if (!run.signal.aborted) run.owner.dispatchEvent(sessionEvent('empty', {}));
  run.stop();
}

/**
 * What is behind a failure. A page without an origin of its own (a sandboxed frame) is answered by no service: that looks
 * like a lost network, or like an origin that could be allowed.
 */
function nameCause(cause: unknown, hasEnded: boolean): SessionError {
  const error = cause instanceof SessionError ? cause : new SessionError('NETWORK_FAILED', { cause });
  // There was one, in this tab.
  if (error.code === 'TOKEN_MISSING' && hasEnded) return new SessionError('SESSION_ENDED');
  const isUnheard = /^(NETWORK_FAILED|ORIGIN_REFUSED)$/.test(error.code);
  return isUnheard && globalThis.origin === 'null'
    ? new SessionError('ORIGIN_OPAQUE', { cause: error })
    : error;
}

async function validateToken(run: SessionRun, token: string): Promise<void> {
  const { applicationId: audience, jwksUri } = run.options;
  run.signal.throwIfAborted();
  const { claims } = parseSessionToken(token);
  if (audience && claims.aud !== audience) throw new SessionError('TOKEN_AUDIENCE_MISMATCH');
  run.keepToken(token);
  if (claims.dpop_bound) run.bind();
  const answer = await sendUntilAnswered<ValidateAnswer>(run, (attempt) =>
    attempt === 1 && run.firstAnswer ? run.firstAnswer : run.validateOnce(),
  );
  const { valid, session, server_time: now, remaining_seconds, allowed_operations } = answer.body;
  if (jwksUri) {
    const { world, signal } = run;
    await verifySessionToken(token, { jwksUri, audience, now: now ?? world.now(), world, signal });
  }
  if (valid !== true) throw new SessionError('SESSION_ENDED');
  if (typeof session?.id !== 'string') throw new SessionError('ANSWER_INVALID');
  if (session.id !== claims.jti) throw new SessionError('TOKEN_SESSION_MISMATCH');
  const said: Partial<Session> = session;
  if (stateOf(said.status) === 'ended') throw new SessionError('SESSION_ENDED');
  const opening = { remaining_seconds, allowed_operations, return_url: claims.return_url ?? null, ...said };
  take(run, opening, learn(run, answer.body, answer));
}
