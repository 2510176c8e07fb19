import type { SessionRun } from '../run/session-run.js';
import { pageOf } from '../page/browser-page.js';
import { thresholdsOf } from '../warning/warnings.js';

/** How long a jump of time may go unseen, ms: that of a heartbeat, about. */
const longestMs = 30_000;

/** While nobody looks at the page, nothing is done each second: the next moment that matters is waited for. */
export function tickRarelyWhileHidden(run: SessionRun): void {
  const page = pageOf(run.world);
  run.quietMs = (leftMs) => {
    if (page.isVisible) return undefined;
    const next = thresholdsOf(run).find((seconds) => seconds * 1000 < leftMs) ?? 0;
    return Math.min(leftMs - next * 1000, longestMs);
  };
}
