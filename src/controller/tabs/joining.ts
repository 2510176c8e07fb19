import type { SessionRun } from '../run/session-run.js';
import { takeIn } from './shared-state.js';
import { relayThroughTabs } from './relay.js';
import { tabLineOf } from './tab-line.js';

/** How long another tab is given to answer, ms. */
const answerMs = 200;
/** The same in a page that was reloaded: it may have been in a session, whose other tabs may be loading too. */
const patientAnswerMs = 3000;

/**
 * Joins the session that another tab of this origin runs. A token that is bound to this browser's key comes with it;
 * another never leaves its tab, which then asks the service for this one too.
 * @returns false where no tab runs one.
 */
export async function joinRunningSession(run: SessionRun): Promise<boolean> {
  const line = tabLineOf(run);
  line.open();
  if (!line.isOpen) return false;
  const answered = line.next('state', wasReloaded() ? patientAnswerMs : answerMs);
  line.post('hello', {});
  const state = await answered;
  if (!state || run.signal.aborted) return false;
  if (state.token) run.bind();
  takeIn(run, state);
  if (!run.token) relayThroughTabs(run);
  return true;
}

const wasReloaded = () =>
  performance
    .getEntriesByType('navigation')
    .some((entry) => (entry as PerformanceNavigationTiming).type === 'reload');
