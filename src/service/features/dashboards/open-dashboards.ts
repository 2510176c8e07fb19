import { sql } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import { announcedEvent, eventsChannel } from '../../foundation/events/announcements.js';
import { idIn } from '../../foundation/events/subject.js';
import type { OpenStreams } from '../streams/index.js';

/** Who hears of a provider. */
export interface Follower {
  /** Something happened to those. @param isComplete whether to nothing else */
  note(subjects: readonly string[], isComplete: boolean): void;
}

/** Between two looks at what happened: a reader hears of it at most so often, ms. */
const tellEveryMs = 1_000;
/** Events that are looked up at a time; where more happen within a second, all are told to look at everything. */
const mostHeard = 5_000;

/**
 * The dashboards that are open on this instance. What is announced anyway names the event and its subject, not the provider: while
 * any dashboard is open, one query a second tells which of the events are of a provider whose dashboard is. While none is, nothing
 * is done, and no change of anybody costs more for being followed.
 */
export class OpenDashboards {
  readonly #context: ServiceContext;
  readonly #streams: OpenStreams;
  readonly #followers = new Map<string, Set<Follower>>();
  #heard = new Set<number>();
  /** Providers of which something was announced that is no event of a session or a help request. */
  #touched = new Set<string>();
  #hasMissed = false;
  #toldAt = -Infinity;
  #cancelTimer: (() => void) | undefined;
  #unlisten = async () => {};
  #work = Promise.resolve();

  constructor(context: ServiceContext, streams: OpenStreams) {
    this.#context = context;
    this.#streams = streams;
  }

  async start(): Promise<void> {
    this.#unlisten = await this.#context.database.listen(eventsChannel, (payload) => this.#hear(payload));
  }

  async stop(): Promise<void> {
    const unlisten = this.#unlisten;
    this.#unlisten = async () => {};
    await unlisten();
    this.#cancelTimer?.();
    await this.#work;
  }

  came(providerId: string, follower: Follower): void {
    this.#followers.set(providerId, (this.#followers.get(providerId) ?? new Set()).add(follower));
  }

  went(providerId: string, follower: Follower): void {
    const ofProvider = this.#followers.get(providerId);
    ofProvider?.delete(follower);
    if (ofProvider?.size === 0) this.#followers.delete(providerId);
  }

  #hear(payload: string | null): void {
    if (this.#followers.size === 0) return;
    if (payload === null) this.#hasMissed = true;
    else {
      const { id, subject } = announcedEvent(payload) ?? {};
      if (subject === undefined) return;
      const providerId = idIn('provider', subject);
      if (providerId !== undefined && this.#followers.has(providerId)) this.#touched.add(providerId);
      else if (/^(session|request):/.test(subject) && id! > 0) this.#heard.add(id!);
      else return;
      if (this.#heard.size > mostHeard) {
        this.#heard.clear();
        this.#hasMissed = true;
      }
    }
    // A clock that was set back does not hold it up.
    const waitMs = Math.min(tellEveryMs, Math.max(0, this.#toldAt + tellEveryMs - this.#context.now()));
    this.#cancelTimer ??= this.#context.timer(() => {
      this.#cancelTimer = undefined;
      this.#work = this.#work.then(() => this.#tell());
    }, waitMs);
  }

  async #tell(): Promise<void> {
    this.#toldAt = this.#context.now();
    const [heard, touched] = [[...this.#heard], this.#touched];
    let hasMissed = this.#hasMissed;
    this.#heard.clear();
    this.#touched = new Set();
    this.#hasMissed = false;
    let subjectsOf = new Map<string, string[]>();
    try {
      if (heard.length > 0 && !hasMissed) subjectsOf = await this.#subjectsOf(heard);
    } catch (error) {
      hasMissed = true;
      this.#context.logger.error('what dashboards show could not be read', { error: String(error) });
    }
    for (const [providerId, followers] of this.#followers) {
      const subjects = subjectsOf.get(providerId);
      if (!hasMissed && !subjects && !touched.has(providerId)) continue;
      for (const follower of followers) follower.note(subjects ?? [], !hasMissed);
      this.#streams.wake(`provider:${providerId}`);
    }
  }

  /** What those events are about, by provider; of those whose dashboards are open here. */
  async #subjectsOf(heard: readonly number[]): Promise<Map<string, string[]>> {
    const { rows } = await sql<{ provider_id: string; subjects: string[] }>`
      select provider_id, array_agg(distinct subject) as subjects from events
      where id = any(${heard}::bigint[]) and provider_id = any(${[...this.#followers.keys()]}::text[])
      group by provider_id`.execute(this.#context.kysely);
    return new Map(rows.map(({ provider_id, subjects }) => [provider_id, subjects]));
  }
}
