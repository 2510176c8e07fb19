import type { ValidateAnswer } from '../../protocol/api.js';
import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import { parseSessionToken } from '../../protocol/session-token.js';
import { sessionEvent } from '../session-event.js';
import { accept } from '../run/answers.js';
import type { SessionRun } from '../run/session-run.js';
import { askForToken } from './ask-for-token.js';
import { refresh } from '../network/heartbeat.js';
import { goodAnswer, isRefused } from '../network/http-client.js';
import { lifecycleOf } from '../page/lifecycle.js';
import { perRun } from '../run/per-run.js';
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
/** Between tries, ms: about that at first, twice as long after each failure. */
const retryMs = 15_000;
const longestRetryMs = 300_000;

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
  let failures = 0;
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
    failures = isNew ? 0 : failures + 1;
    const leftMs = exp * 1000 - clock.now();
    // A failure is tried again while the token lives, the last times before it ends.
    if (isNew) void look();
    else if (leftMs > 0) arm(retryInMs(failures, leftMs) * (0.5 + pageOf(world).random()));
  };
  const arm = (delayMs: number) => {
    if (!signal.aborted) timer = world.setTimeout(() => void look(), Math.min(delayMs, 2 ** 31 - 1));
  };
  lifecycleOf(run).listen(() => void look(), signal);
  signal.addEventListener('abort', () => world.clearTimeout(timer));
  void look();
}

const retryInMs = (failures: number, leftMs: number): number =>
  Math.max(retryMs, Math.min(retryMs * 2 ** (failures - 1), longestRetryMs, leftMs / 2));

/** The last refusal that was told, and of which token's successor: one that stays is told once, not with each try. */
const refusalOf = perRun((): { code?: ErrorCode; token?: string } => ({}));

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
    token = await askForToken(run, 1);
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
    if (error instanceof SessionError && isRefused(error)) tellOnce(run, before, error);
    throw error;
  }
}

function tellOnce(run: SessionRun, token: string, error: SessionError): void {
  const { code } = error;
  const told = refusalOf(run);
  if (run.signal.aborted || (told.code === code && told.token === token)) return;
  Object.assign(told, { code, token });
  run.owner.dispatchEvent(sessionEvent('error', { code, error }));
}
