import type { LongTask } from '../pages/long-tasks.js';
import type { ShownText } from '../pages/shown-text.js';
import { secondsOf } from '../harness/shown-time.js';
import { sum } from '../harness/statistics.js';

export interface JudgedSeconds {
  /** For each second: how far from its boundary it was shown, either way, less what a long task blocked, ms. */
  offMs: number[];
  /** For each second: how long after its boundary it was shown, ms; negative where it came too early. */
  lateMs: number[];
  /** Boundaries that a long task lay over. */
  covered: number;
  /** Seconds that were shown twice or not at all. */
  wrong: number;
}

/**
 * Compares what was shown with what the deadline asks for: `k` seconds from `k` seconds before it.
 * @param shown each change of the text. The first is the start, at no boundary, and only tells where to count from.
 * @param deadline as the other instants: by the page's performance.now().
 */
export function judgeSeconds(
  shown: readonly ShownText[],
  tasks: readonly LongTask[],
  deadline: number,
): JudgedSeconds {
  const judged: JudgedSeconds = { offMs: [], lateMs: [], covered: 0, wrong: 0 };
  let previous: number | undefined;
  for (const { text, at } of shown) {
    const seconds = secondsOf(text);
    if (previous !== undefined) {
      const boundary = deadline - seconds * 1000;
      const late = at - boundary;
      judged.lateMs.push(late);
      judged.offMs.push(Math.abs(late - blockedBetween(tasks, boundary, at)));
      if (tasks.some(({ start, end }) => start <= boundary && boundary < end)) judged.covered += 1;
      // One step down is right; further down skips seconds, up or level shows them again.
      judged.wrong += Math.abs(previous - seconds - 1);
    }
    previous = seconds;
  }
  return judged;
}

/** The part of that time in which a task held the main thread, ms. */
const blockedBetween = (tasks: readonly LongTask[], from: number, to: number): number =>
  sum(tasks.map(({ start, end }) => Math.max(0, Math.min(end, to) - Math.max(start, from))));
