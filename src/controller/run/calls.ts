import { track, type TrackedValues } from '../analytics/analytics.js';
import { SessionError } from '../../protocol/errors.js';
import type { ExtensionOption } from '../../protocol/session.js';
import type { SessionRun } from './session-run.js';
import type { SessionState } from '../snapshot.js';
import { isAllowed, type CallName } from './allowed.js';
import { attachParts } from './attachment.js';
import type { Usage } from '../ending/bill.js';
import { extend } from '../extension/extension.js';
import { lifecycleOf } from '../page/lifecycle.js';
import { pause, resume } from './pause.js';
import { complete, end } from '../ending/settlement.js';
import { postState } from '../tabs/shared-state.js';
import { tabLineOf } from '../tabs/tab-line.js';
import { pendingCalls } from './pending-call.js';
import { noteAnswered } from '../warning/warnings.js';

/** What asks the service for a change, with what it was given. */
export type Change =
  | ['pause' | 'resume' | 'end']
  | ['extend', minutes: number, options: readonly ExtensionOption[]]
  | ['complete', usage: Usage | undefined];

/** A call of the controller, with what it was given. */
export type LateCall =
  Change | ['refresh' | 'answerWarning'] | ['track', name: string, values: TrackedValues | undefined];

/** States in which each change makes sense. */
const callable: Record<CallName, readonly SessionState[]> = {
  pause: ['active'],
  resume: ['paused'],
  extend: ['active', 'paused'],
  end: ['waiting', 'active', 'paused'],
  complete: ['active', 'paused'],
};

/** Performs a call. @throws {SessionError} as `performChange` does. */
export async function perform(run: SessionRun | undefined, call: LateCall): Promise<void> {
  switch (call[0]) {
    case 'refresh':
      return run && askNow(run);
    case 'track':
      if (run) attach(run);
      return run && track(run, call[1], call[2]);
    case 'answerWarning':
      return run && answerStanding(run);
    default:
      return performChange(run, call as Change);
  }
}

/**
 * Performs a change, or joins the same one that is under way: a double click asks the service once. While the service
 * cannot be reached, calls stand in line.
 * @throws {SessionError} `CALL_REFUSED` where the state does not allow it, or another call is pending; `OPERATION_NOT_ALLOWED`
 * where the session token does not.
 */
async function performChange(run: SessionRun | undefined, call: Change): Promise<void> {
  const [name] = call;
  const minutes = name === 'extend' ? call[1] : undefined;
  const state = run?.snapshot.state ?? 'idle';
  const other = run && pendingCalls.get(run);
  // Buying 30 minutes is not what a purchase of 15 that is under way does.
  if (other?.name === name && other.minutes === minutes) return other.done;
  if (other && run.snapshot.connection !== 'online' && name !== 'extend') {
    await other.done.catch(() => {});
    return performChange(run, call);
  }
  if (!run || !callable[name].includes(state) || other) {
    const why = other ? `${other.name}() is under way` : `the session is ${state}`;
    throw new SessionError('CALL_REFUSED', { message: `${name}() is not possible while ${why}` });
  }
  if (!isAllowed(run.snapshot.session, name)) throw new SessionError('OPERATION_NOT_ALLOWED');
  attach(run);
  const done = start(run, call).finally(() => pendingCalls.delete(run));
  pendingCalls.set(run, { name, minutes, done });
  return done;
}

/** Lets a running session do everything beside its calls. */
export const attach = (run: SessionRun): void => attachParts(run, perform);

/** Takes note that the warning that stands has been answered, for all tabs. */
function answerStanding(run: SessionRun): void {
  noteAnswered(run, run.snapshot.warning);
  postState(run);
}

/** Has the service asked how the session stands, by the tab that leads. */
function askNow(run: SessionRun): void {
  tabLineOf(run).post('refresh', {});
  lifecycleOf(run).tell('asked');
}

function start(run: SessionRun, call: Change): Promise<void> {
  switch (call[0]) {
    case 'pause':
      return pause(run);
    case 'resume':
      return resume(run);
    case 'extend':
      return extend(run, call[1], call[2]);
    case 'end':
      return end(run);
    case 'complete':
      return complete(run, call[1]);
  }
}
