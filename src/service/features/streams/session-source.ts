import type { Participating, SnapshotEvent } from '../../../protocol/events.js';
import { isFinal } from '../../../protocol/state-machine.js';
import { toSession } from '../../../protocol/rules/session-view.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { EventRow } from '../../foundation/database/schema.js';
import type { Subject } from '../../foundation/events/subject.js';
import { isOf, presencesFor, sideOf, type Attendance, type SessionParticipant } from '../presence/index.js';
import { readSignals, type SignalBatch } from '../rooms/index.js';
import { readSession, type SessionView } from '../sessions/index.js';
import { eventFrame, frame, signalFrame } from './frame.js';
import { reaches, type StreamCredential } from './stream-credential.js';
import type { StreamSource, Told } from './stream-source.js';

export interface SessionReader {
  /** What ends it ends the stream. */
  credential: StreamCredential;
  /** As whom it is read; undefined for who is nobody in it. */
  participant: SessionParticipant | undefined;
  /** The last signal before it began to listen. */
  signalId: number;
}

/**
 * What happens to a session, each time with the whole session. Who listens as a participant of it is there, and hears what the
 * other side signals meanwhile.
 */
export class SessionSource implements StreamSource {
  readonly subject: Subject;
  readonly #context: ServiceContext;
  readonly #attendance: Attendance;
  readonly #id: string;
  readonly #reader: SessionReader;
  #signalId: number;

  constructor(context: ServiceContext, attendance: Attendance, id: string, reader: SessionReader) {
    this.subject = `session:${id}`;
    this.#context = context;
    this.#attendance = attendance;
    this.#id = id;
    this.#reader = reader;
    this.#signalId = reader.signalId;
  }

  opened(): void {
    if (this.#reader.participant) this.#attendance.came(this.#id, this.#reader.participant);
  }

  closed(): void {
    if (this.#reader.participant) this.#attendance.went(this.#id, this.#reader.participant);
  }

  async tell(events: readonly EventRow[], after: number, needsSnapshot: boolean): Promise<Told | undefined> {
    const [view, signals] = await Promise.all([readSession(this.#context, this.#id), this.#signals()]);
    if (!reaches(this.#reader.credential, view)) return undefined;
    const first = needsSnapshot ? [await this.#snapshot(view, after)] : [];
    const end = events.findIndex(({ type }) => type === 'session.ended');
    const told = end < 0 ? events : events.slice(0, end + 1);
    const more = { session: toSession(view), server_time: view.read_at };
    const frames = told
      .filter((event) => !this.#isOwnPresence(event))
      .map((event) => eventFrame(event, { session_id: this.#id, ...more }));
    const isOver = end >= 0 || (isFinal(view.status) && (await this.#endWasTold(after)));
    this.#signalId = signals.lastId;
    const { hasMore } = signals;
    return { frames: [...first, ...frames, ...signals.frames.map(signalFrame)], isOver, hasMore };
  }

  async #signals(): Promise<SignalBatch> {
    const { participant } = this.#reader;
    const side = participant && sideOf(participant.role);
    const after = this.#signalId;
    if (!side || !this.#context.hasRooms) return { frames: [], lastId: after, hasMore: false };
    return readSignals(this.#context, { sessionId: this.#id, side, after });
  }

  async #snapshot(view: SessionView, lastId: number): Promise<string> {
    const session = toSession(view);
    return frame(lastId, {
      type: 'session.snapshot',
      session_id: session.id,
      revision: session.revision,
      created_at: Math.floor(view.read_at / 1000),
      session,
      server_time: view.read_at,
      presence: await presencesFor(this.#context, this.#id, this.#reader.participant),
    } satisfies SnapshotEvent);
  }

  /** Nobody is told that he is there himself. */
  #isOwnPresence({ type, payload }: EventRow): boolean {
    const { participant } = this.#reader;
    return (
      participant !== undefined &&
      type.startsWith('participant.') &&
      isOf(payload as Participating, participant)
    );
  }

  /** A stream that began after the end has nothing to wait for. */
  async #endWasTold(lastId: number): Promise<boolean> {
    const end = await this.#context.kysely
      .selectFrom('events')
      .select('id')
      .where('subject', '=', this.subject)
      .where('type', '=', 'session.ended')
      .where('id', '<=', lastId)
      .executeTakeFirst();
    return end !== undefined;
  }
}
