import type { EventRow } from '../../foundation/database/schema.js';
import type { Subject } from '../../foundation/events/subject.js';

/** What one reader hears of a subject. */
export interface StreamSource {
  readonly subject: Subject;
  /** Whether it is told as it stands, each time that it is woken, and no events are read. */
  readonly hasNoEvents?: boolean;
  /** How many streams of its subject an instance has at most, where many people follow it. */
  readonly mostStreams?: number;
  /**
   * What is written of events that were just read. Where the subject as it stands is told as well, it is looked at now:
   * then it is never older than an event.
   * @param after the id of the last event before those
   * @param needsSnapshot whether the subject as it stands comes first
   * @returns undefined where the reader is to hear nothing of it any more.
   */
  tell(events: readonly EventRow[], after: number, needsSnapshot: boolean): Promise<Told | undefined>;
  /** A stream has begun to read it. */
  opened?(): void;
  /** That stream is over, whoever has ended it. */
  closed?(): void;
}

export interface Told {
  frames: readonly string[];
  /** Whether nothing will follow. */
  isOver: boolean;
  /** Whether it is to be told again at once: there was more than is told at a time. */
  hasMore?: boolean;
}
