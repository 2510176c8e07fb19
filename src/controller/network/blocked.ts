import type { ValidateAnswer } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import { sessionEvent } from '../session-event.js';
import { log } from '../log.js';
import type { SessionRun } from '../run/session-run.js';
import { blockedPathsOf } from './blocked-paths.js';
import { noteAnswer } from './connection.js';
import { goodAnswer, type GoodAnswer } from './http-client.js';
import { pageOf } from '../page/browser-page.js';
import { perRun } from '../run/per-run.js';
import { requesting } from '../run/transitions.js';

/** While nobody answers on any path, one request in so many is asked around: a service that is gone is asked less, not more. */
const askOneIn = 32;
/** How often in a row it was to be asked, and nobody was there. */
const silencesOf = perRun(() => ({ count: 0 }));

/**
 * After a request that did not come through: whether the service answers on another path. Then something in this browser
 * blocks the first one, an ad blocker perhaps, which is told: once, and for as long as it holds up a change.
 * @param error why the request failed.
 * @returns what the service says on the other path; undefined where nothing is blocked, or nobody answers.
 */
export async function askAroundBlock(
  run: SessionRun,
  path: string,
  error: unknown,
): Promise<GoodAnswer<ValidateAnswer> | undefined> {
  const { world, token } = run;
  const isCut = error instanceof SessionError && error.code === 'NETWORK_FAILED';
  if (!isCut || !token || !pageOf(world).isOnline) return undefined;
  const silences = silencesOf(run);
  if (silences.count++ % askOneIn) return undefined;
  try {
    const answer = goodAnswer<ValidateAnswer>(await run.validateOnce(), world.now());
    silences.count = 0;
    if (run.signal.aborted) return undefined;
    noteAnswer(run, answer.sentAt);
    tell(run, path, error);
    return answer;
  } catch {
    return undefined;
  }
}

function tell(run: SessionRun, path: string, cause: SessionError): void {
  const { owner, options, snapshot } = run;
  const paths = blockedPathsOf(run);
  const isNews = !paths.has(path);
  const error = paths.get(path) ?? new SessionError('REQUEST_BLOCKED', { cause });
  paths.set(path, error);
  const { code } = error;
  if (isNews) log(options, 'warn', `${code}, ${path}`);
  const { state, pending } = snapshot;
  if (pending && /waiting|active|paused/.test(state)) run.dispatch(requesting(pending, error));
  else if (isNews) owner.dispatchEvent(sessionEvent('error', { code, error }));
}
