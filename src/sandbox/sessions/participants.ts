import type { Participant, ParticipantRole, Participating, Presence } from '../../protocol/events.js';
import { isFinal } from '../../protocol/state-machine.js';
import type { SandboxClock } from '../clock.js';
import { nameOf, sideOf, type Credential } from '../credentials.js';
import type { Attendant, SessionRecord } from './session-record.js';
import type { Sessions } from './sessions.js';

/** Who has had no stream open for so long is lost, ms: a page that is loaded again takes less. */
const absenceMs = 20_000;

/** Somebody in a session, and the name under which the session knows him. */
export interface Person extends Participating {
  key: string;
  participant: Participant;
  role: ParticipantRole;
  participant_id: string;
}

/** As whom somebody is in a session. */
export function personOf(credential: Credential, session: SessionRecord, providerId: string): Person {
  const participant = sideOf(credential) === 'customer' ? 'customer' : 'provider';
  if (participant === 'customer')
    return { key: 'customer', participant, role: 'customer', participant_id: session.user_id };
  if (credential.kind === 'person') {
    const { kind, id } = credential.person;
    const role = kind === 'helper' ? 'helper' : 'provider';
    return { key: nameOf(credential), participant, role, participant_id: id };
  }
  return { key: 'provider', participant, role: 'provider', participant_id: providerId };
}

const told = ({ participant, role, participant_id }: Participating): Participating => ({
  participant,
  role,
  participant_id,
});

/** Who is there: whoever listens to a session. */
export class Participants {
  readonly #sessions: Sessions;
  readonly #clock: SandboxClock;

  constructor(sessions: Sessions, clock: SandboxClock) {
    this.#sessions = sessions;
    this.#clock = clock;
  }

  /** Somebody has opened a stream. */
  came(session: SessionRecord, person: Person): void {
    const known = session.attendants.get(person.key);
    this.#clock.clearTimeout(known?.timer);
    const since = known?.state === 'present' ? known.since : this.#clock.now();
    const attendant: Attendant = {
      ...told(person),
      state: 'present',
      since,
      streams: (known?.streams ?? 0) + 1,
      timer: undefined,
    };
    session.attendants.set(person.key, attendant);
    if (!known) this.#sessions.tell(session, 'participant.joined', told(person));
    else if (known.state === 'lost') this.#sessions.tell(session, 'participant.back', told(person));
    this.#startWhenJoined(session);
  }

  /** One of somebody's streams is over. */
  went(session: SessionRecord, { key }: Person): void {
    const attendant = session.attendants.get(key)!;
    attendant.streams -= 1;
    if (attendant.streams > 0) return;
    attendant.timer = this.#clock.setTimeout(() => {
      if (isFinal(session.status)) return;
      Object.assign(attendant, { state: 'lost', since: this.#clock.now(), timer: undefined });
      this.#sessions.tell(session, 'participant.lost', told(attendant));
    }, absenceMs);
  }

  /** Whether somebody of that role has a stream open. */
  isThere(session: SessionRecord, isWanted: (attendant: Attendant) => boolean): boolean {
    return [...session.attendants.values()].some((one) => one.streams > 0 && isWanted(one));
  }

  /** The others, as far as they have ever joined. */
  others(session: SessionRecord, reader: Person): Presence[] {
    return [...session.attendants]
      .filter(([key]) => key !== reader.key)
      .map(([, { state, since, ...who }]) => ({ ...told(who), state, since: Math.floor(since / 1000) }));
  }

  #startWhenJoined(session: SessionRecord): void {
    const { status, waits_for, waits_for_id } = session;
    if (status !== 'waiting' || waits_for === 'server') return;
    const isOther = ({ participant, role, participant_id }: Attendant) =>
      participant === 'provider' &&
      (waits_for !== 'helper' || role === 'helper') &&
      (waits_for_id === null || participant_id === waits_for_id);
    const isCustomer = ({ participant }: Attendant) => participant === 'customer';
    if (this.isThere(session, isOther) && this.isThere(session, isCustomer)) this.#sessions.start(session);
  }
}
