import { SessionError } from '../../protocol/errors.js';
import { SessionRequestEvent } from '../request-event.js';
import type { SessionRun } from './session-run.js';
import { settling, type PendingCall } from '../snapshot.js';
import { requesting } from './transitions.js';

/**
 * Asks the service for one change: pending while it runs, and its refusal in the snapshot. Never optimistic: the
 * answer alone moves anything.
 */
export async function change(
  run: SessionRun,
  pending: PendingCall,
  work: () => Promise<void>,
): Promise<void> {
  // A listener of the event before may have ended all of this.
  run.signal.throwIfAborted();
  run.dispatch(requesting(pending));
  let error: SessionError | null = null;
  try {
    await work();
  } catch (cause) {
    if (run.signal.aborted) throw cause;
    error = cause instanceof SessionError ? cause : new SessionError('SERVICE_ERROR', { cause });
    throw error;
  } finally {
    if (!run.signal.aborted && run.snapshot.pending) run.dispatch(settling(error));
  }
}

/**
 * As `change`, after an event that lets the page refuse, or do the work itself.
 * @param afterPage asks the service how things stand once the page has done it.
 */
export async function requestedChange(
  run: SessionRun,
  pending: PendingCall,
  fields: object,
  work: () => Promise<void>,
  afterPage: () => Promise<unknown>,
): Promise<void> {
  const event = new SessionRequestEvent(`${pending}-request`, fields);
  if (run.owner.dispatchEvent(event)) return change(run, pending, work);
  if (!event.response) return;
  await change(run, pending, async () => {
    await event.response;
    await afterPage();
  });
}
