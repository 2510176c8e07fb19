import { perRun } from '../run/per-run.js';

/** What the tabs of a session know in common, beside the snapshot. */
interface CommonKnowledge {
  /** When the last heartbeat left, of whichever tab, by the device's clock, ms; 0 before the first. */
  beatAt: number;
  /** Whether time stands still because nobody looked. */
  isPausedByHiding: boolean;
}

export const commonKnowledgeOf = perRun((): CommonKnowledge => ({
  beatAt: 0,
  isPausedByHiding: false,
}));
