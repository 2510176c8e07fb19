import { sql } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import { deskChannel, readAnnouncement } from '../helpers/index.js';
import type { OpenStreams } from '../streams/index.js';
import { offerToHelpers } from './offer.js';
import { beatMs } from './times.js';

/**
 * The desks that are open on this instance. It says each few seconds whose they are, offers them what waits, and wakes the streams
 * of those who have news: of a request however many it was offered to, one query tells which of them are here.
 */
export class OpenDesks {
  readonly #context: ServiceContext;
  readonly #streams: OpenStreams;
  /** How many streams of each helper's desk are open; with them those of who only looks at it. */
  readonly #shown = new Map<string, number>();
  /** How many of them the helper has open. */
  readonly #attended = new Map<string, number>();
  #unlisten = async () => {};
  #cancelTimer: (() => void) | undefined;
  #isStopped = true;
  /** Whose desks were opened, or are free again, since the last time it was said. */
  readonly #fresh = new Rounds((ids) => this.#attend(ids));
  /** What was announced of requests: nobody waits for it until it has been said that a thousand desks are open. */
  readonly #requests = new Rounds(async (ids) => this.#wake(await this.#concerned(ids)));

  constructor(context: ServiceContext, streams: OpenStreams) {
    this.#context = context;
    this.#streams = streams;
  }

  async start(): Promise<void> {
    this.#isStopped = false;
    this.#unlisten = await this.#context.database.listen(deskChannel, (payload) => this.#hear(payload));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer?.();
    const unlisten = this.#unlisten;
    this.#unlisten = async () => {};
    await unlisten();
    await Promise.all([this.#fresh.done, this.#requests.done]);
  }

  /** @param attends whether it is the helper, and no onlooker */
  came(helperId: string, attends: boolean): void {
    countUp(this.#shown, helperId);
    if (!attends) return;
    countUp(this.#attended, helperId);
    this.#begin(this.#fresh, [helperId]);
    this.#cancelTimer ??= this.#context.timer(() => this.#beat(), beatMs);
  }

  went(helperId: string, attends: boolean): void {
    countDown(this.#shown, helperId);
    if (attends) countDown(this.#attended, helperId);
  }

  #hear(payload: string | null): void {
    const news = readAnnouncement(payload);
    if (news?.kind === 'request') this.#begin(this.#requests, [news.id]);
    else if (!news) this.#wake(this.#shown.keys());
    else {
      if (this.#attended.has(news.id)) this.#begin(this.#fresh, [news.id]);
      this.#wake([news.id]);
    }
  }

  #beat(): void {
    this.#cancelTimer = undefined;
    if (this.#isStopped || this.#attended.size === 0) return;
    this.#cancelTimer = this.#context.timer(() => this.#beat(), beatMs);
    this.#begin(this.#fresh, this.#attended.keys());
  }

  #begin(rounds: Rounds, ids: Iterable<string>): void {
    if (this.#isStopped) return;
    rounds.begin(ids, (error) => {
      // The next beat does it again, and whoever has missed something looks.
      this.#context.logger.error('desks could not be looked after', { error: String(error) });
      this.#wake(this.#shown.keys());
    });
  }

  /** Says that these desks are open, and offers them what waits. */
  async #attend(ids: readonly string[]): Promise<void> {
    const helperIds = ids.filter((id) => this.#attended.has(id));
    if (helperIds.length === 0 || this.#isStopped) return;
    const { kysely, now } = this.#context;
    const at = now();
    await sql`
      insert into helper_desks (helper_id, seen_at)
      select id, ${at}::bigint from helpers where id = any(${helperIds}::text[]) order by id
      on conflict (helper_id) do update set seen_at = greatest(helper_desks.seen_at, excluded.seen_at)`.execute(
      kysely,
    );
    await kysely.transaction().execute((trx) => offerToHelpers(trx, helperIds, at));
  }

  /** Those of the desks here whom any of the requests is or was offered to. */
  async #concerned(requestIds: readonly string[]): Promise<string[]> {
    const rows = await this.#context.kysely
      .selectFrom('help_offers')
      .select('helper_id')
      .distinct()
      .where(sql<boolean>`request_id = any(${requestIds}::text[])`)
      .execute();
    return rows.map(({ helper_id }) => helper_id).filter((id) => this.#shown.has(id));
  }

  #wake(helperIds: Iterable<string>): void {
    for (const id of helperIds) this.#streams.wake(`helper:${id}`);
  }
}

/** Does something with all ids that have gathered, one round at a time: what comes meanwhile is done together after it. */
class Rounds {
  readonly #work: (ids: readonly string[]) => Promise<void>;
  #waiting = new Set<string>();
  #isWorking = false;
  /** Fulfils once nothing waits. */
  done = Promise.resolve();

  constructor(work: (ids: readonly string[]) => Promise<void>) {
    this.#work = work;
  }

  begin(ids: Iterable<string>, onFailure: (error: unknown) => void): void {
    for (const id of ids) this.#waiting.add(id);
    if (!this.#isWorking) this.done = this.#doAll(onFailure);
  }

  async #doAll(onFailure: (error: unknown) => void): Promise<void> {
    this.#isWorking = true;
    while (this.#waiting.size > 0) {
      const ids = [...this.#waiting];
      this.#waiting = new Set();
      await this.#work(ids).catch(onFailure);
    }
    // In the same breath as the last look: nothing that came in between is left over.
    this.#isWorking = false;
  }
}

function countUp(counts: Map<string, number>, id: string): void {
  counts.set(id, (counts.get(id) ?? 0) + 1);
}

function countDown(counts: Map<string, number>, id: string): void {
  const count = counts.get(id)! - 1;
  if (count > 0) counts.set(id, count);
  else counts.delete(id);
}
