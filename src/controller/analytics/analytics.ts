import { flag } from '../option-values.js';
import { latePart } from '../late-part.js';
import type { SessionRun } from '../run/session-run.js';

/** What a page may say of something that it counts: a number, yes or no, or a word. */
export type TrackedValues = Readonly<Record<string, number | boolean | string>>;

/** Fetched by pages that count alone. */
const counting = latePart(() => import('./count-page.js'));

/** Whether the browser's owner objects: Global Privacy Control, Do Not Track. */
function isObjectedTo(): boolean {
  const { globalPrivacyControl, doNotTrack } = navigator as {
    globalPrivacyControl?: boolean;
    doNotTrack?: unknown;
  };
  return globalPrivacyControl === true || doNotTrack === '1';
}

const isWanted = ({ options }: SessionRun): boolean => flag(options.analytics) && !isObjectedTo();

/**
 * Counts what happens to the session in this page, where the page asked for it.
 * @param isLeading whether this tab asks the service for all of them.
 */
export function countPageLater(run: SessionRun, isLeading: () => boolean): void {
  if (!isWanted(run)) return;
  counting(() => !run.signal.aborted).then(
    ({ countPage }) => countPage(run, isLeading),
    () => {},
  );
}

/** Counts something of the page's own. */
export async function track(run: SessionRun, name: string, values: TrackedValues | undefined): Promise<void> {
  if (!isWanted(run)) return;
  const { countTracked } = await counting(() => !run.signal.aborted);
  countTracked(run, name, values);
}
