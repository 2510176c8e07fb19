import type { ValidateAnswer } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import { parseSessionToken } from '../../protocol/session-token.js';
import { sessionEvent } from '../session-event.js';
import { accept } from '../run/answers.js';
import type { SessionRun } from '../run/session-run.js';
import { askForToken } from './ask-for-token.js';
import { refresh } from '../network/heartbeat.js';
import { goodAnswer, isRefused } from '../network/http-client.js';
import { lifecycleOf } from '../page/lifecycle.js';
import { endSignalOf } from '../run/run-end.js';
import { pageOf } from '../page/browser-page.js';

/** How long before its end a session token is renewed, seconds; at 80 % of a life that is shorter. */
const earlySeconds = 300;
const earlyPart = 0.2;
/** By when a tab renews its own, where no other tab could hand it a new one, seconds. */
const lateSeconds = 60;
const latePart = 0.05;
/** How soon to look again where the time is in doubt, ms. */
const doubtMs = 1000;
/** Between tries, ms. */
const retryMs = 15_000;

/** The tab that leads renews the session token before it ends, for all tabs that it can be handed to. */
export const renewTokenEarly = (run: SessionRun, term: AbortSignal): void =>
  renewToken(run, term, earlySeconds, earlyPart);

/** Each tab renews a token that nobody has renewed: one that is not bound never leaves its tab. */
export const renewTokenLate = (run: SessionRun): void =>
  renewToken(run, endSignalOf(run), lateSeconds, latePart);

function renewToken(run: SessionRun, signal: AbortSignal, seconds: number, part: number): void {
  const { world, clock } = run;
  let timer: number | undefined;
  let isUnderway = false;
  const look = async () => {
    world.clearTimeout(timer);
    if (signal.aborted || isUnderway || !run.token) return;
    const { exp, iat } = parseSessionToken(run.token).claims;
    const waitMs = (exp - Math.min(seconds, (exp - iat) * part)) * 1000 - clock.now();
    if (waitMs > 0) return arm(waitMs);
    // Time has jumped, and nobody knows yet which way.
    if (lifecycleOf(run).isInDoubt()) return arm(doubtMs);
    isUnderway = true;
    const isNew = await renew(run).catch(() => false);
    isUnderway = false;
    // A failure is tried again while the token lives.
    if (isNew) void look();
    else if (exp * 1000 > clock.now()) arm(retryMs * (0.5 + pageOf(world).random()));
  };
  const arm = (delayMs: number) => {
    if (!signal.aborted) timer = world.setTimeout(() => void look(), Math.min(delayMs, 2 ** 31 - 1));
  };
  lifecycleOf(run).listen(() => void look(), signal);
  signal.addEventListener('abort', () => world.clearTimeout(timer));
  void look();
}

/**
 * Gets another token: from the service, with a heartbeat, or from the page's own server. What that one gives is taken up once
 * the service has accepted it, with the operations that it allows. One of another session of the customer, or of none, is
 * told as `TOKEN_SESSION_MISMATCH`: this session goes on while the present token lives.
 */
async function renew(run: SessionRun): Promise<boolean> {
  const before = run.token;
  await refresh(run);
  if (run.token !== before) return true;
  const { getSessionToken, sessionTokenUrl } = run.options;
  if (!getSessionToken && !sessionTokenUrl) return false;
  const { id } = run.snapshot.session!;
  let token = before;
  try {
    token = await askForToken(run);
    if (token === before) return false;
    if (parseSessionToken(token).claims.jti !== id) throw new SessionError('TOKEN_SESSION_MISMATCH');
    run.keepToken(token);
    const answer = goodAnswer<ValidateAnswer>(await run.validateOnce(), run.world.now());
    const { session, allowed_operations } = answer.body;
    if (session?.id !== id) throw new SessionError('TOKEN_SESSION_MISMATCH');
    accept(run, { ...session, allowed_operations }, answer.body, { trip: answer, lookedAt: answer.sentAt });
    return true;
  } catch (error) {
    if (run.token === token) run.keepToken(before);
    if (error instanceof SessionError && isRefused(error) && !run.signal.aborted)
      run.owner.dispatchEvent(sessionEvent('error', { code: error.code, error }));
    throw error;
  }
}
