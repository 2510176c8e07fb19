import { SessionError } from '../../protocol/errors.js';
import { signalEvent, type SignalFrame } from '../../protocol/room.js';
import { isFinal } from '../../protocol/state-machine.js';
import type { SandboxClock } from '../clock.js';
import type { EventLog, LoggedEvent } from '../event-log.js';
import { frame, streamResponse } from '../streams.js';
import type { Participants, Person } from './participants.js';
import type { SessionRecord } from './session-record.js';
import type { Sessions } from './sessions.js';

type SignalListener = (signal: SignalFrame) => void;

/** The live events of sessions, and what their two sides signal to each other meanwhile. */
export class SessionStreams {
  readonly #sessions: Sessions;
  readonly #participants: Participants;
  readonly #events: EventLog;
  readonly #clock: SandboxClock;
  readonly #signals = new Map<string, Set<SignalListener>>();

  constructor(sessions: Sessions, participants: Participants, events: EventLog, clock: SandboxClock) {
    this.#sessions = sessions;
    this.#participants = participants;
    this.#events = events;
    this.#clock = clock;
  }

  /**
   * @param lastEventId after which it goes on; null begins with a snapshot
   * @throws {SessionError} `EVENT_ID_INVALID`
   */
  open(session: SessionRecord, reader: Person, lastEventId: string | null): Response {
    const subject = `session:${session.id}`;
    let lastId = lastEventId === null ? this.#events.lastId : Number(lastEventId);
    if (!Number.isSafeInteger(lastId) || lastId < 0 || lastId > this.#events.lastId)
      throw new SessionError('EVENT_ID_INVALID');
    const isOver = isFinal(session.status) && this.#events.after(subject, lastId).length === 0;
    if (isOver && lastEventId !== null) return new Response(null, { status: 204 });
    return streamResponse(this.#clock, (stream) => {
      if (lastEventId === null) stream.write(this.#snapshot(session, reader, lastId));
      const tell = () => {
        for (const event of this.#events.after(subject, lastId)) {
          lastId = event.id;
          if (!isOwnPresence(event, reader)) stream.write(this.#frame(session, event));
          if (event.type === 'session.ended') return stream.close();
        }
      };
      const hear: SignalListener = (signal) =>
        signal.from !== reader.participant && stream.write(frame(signalEvent, signal));
      const listeners = this.#signals.get(session.id) ?? new Set();
      this.#signals.set(session.id, listeners.add(hear));
      const stopListening = this.#events.listen(subject, tell);
      const isAttended = !isFinal(session.status);
      tell();
      if (isOver) stream.close();
      if (isAttended) this.#participants.came(session, reader);
      return () => {
        stopListening();
        listeners.delete(hear);
        if (isAttended) this.#participants.went(session, reader);
      };
    });
  }

  /** Reaches whoever listens now, of the other side. */
  signal(session: SessionRecord, signal: SignalFrame): void {
    for (const listener of this.#signals.get(session.id) ?? []) listener(signal);
  }

  #snapshot(session: SessionRecord, reader: Person, lastId: number): string {
    const view = this.#sessions.view(session);
    const { id: session_id, revision } = session;
    const created_at = Math.floor(view.server_time / 1000);
    const presence = this.#participants.others(session, reader);
    return frame('session.snapshot', { session_id, revision, created_at, ...view, presence }, lastId);
  }

  #frame(session: SessionRecord, { id, type, payload, at }: LoggedEvent): string {
    const view = this.#sessions.view(session);
    return frame(type, { created_at: Math.floor(at / 1000), ...payload, ...view }, id);
  }
}

/** Nobody is told that he is there himself. */
function isOwnPresence({ type, payload }: LoggedEvent, { role, participant_id }: Person): boolean {
  const who = payload as Partial<Person>;
  return type.startsWith('participant.') && who.role === role && who.participant_id === participant_id;
}
