import type { SessionRun } from '../run/session-run.js';

/** Kept in the place of a session token that is nothing any more, so that a reload says that the session has ended. */
export const endMark = 'ended';

/** Forgets the session token of a session that is over, or was refused. */
export function forgetToken({ store }: Pick<SessionRun, 'store'>, hasEnded: boolean): void {
  if (hasEnded) store.save(endMark);
  else store.clear();
}
