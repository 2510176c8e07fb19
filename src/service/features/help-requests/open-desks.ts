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
  #fresh = new Set<string>();
  #requests = new Set<string>();
  #isWorking = false;
  #work = Promise.resolve();

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
    await this.#work;
  }

  /** @param attends whether it is the helper, and no onlooker */
  came(helperId: string, attends: boolean): void {
    countUp(this.#shown, helperId);
    if (!attends) return;
    countUp(this.#attended, helperId);
    this.#fresh.add(helperId);
    this.#do();
    this.#cancelTimer ??= this.#context.timer(() => this.#beat(), beatMs);
  }

  went(helperId: string, attends: boolean): void {
    countDown(this.#shown, helperId);
    if (attends) countDown(this.#attended, helperId);
  }

  #hear(payload: string | null): void {
    const news = readAnnouncement(payload);
    if (news?.kind === 'request') this.#requests.add(news.id);
    else if (!news) this.#wake(this.#shown.keys());
    else {
      if (this.#attended.has(news.id)) this.#fresh.add(news.id);
      this.#wake([news.id]);
    }
    this.#do();
  }

  #beat(): void {
    this.#cancelTimer = undefined;
    if (this.#isStopped || this.#attended.size === 0) return;
    this.#cancelTimer = this.#context.timer(() => this.#beat(), beatMs);
    for (const id of this.#attended.keys()) this.#fresh.add(id);
    this.#do();
  }

  /** One thing at a time: what comes meanwhile is done together after it. */
  #do(): void {
    if (!this.#isWorking) this.#work = this.#doAll();
  }

  async #doAll(): Promise<void> {
    this.#isWorking = true;
    while ((this.#fresh.size > 0 || this.#requests.size > 0) && !this.#isStopped) {
      const [fresh, requests] = [[...this.#fresh], [...this.#requests]];
      this.#fresh = new Set();
      this.#requests = new Set();
      try {
        if (requests.length > 0) this.#wake(await this.#concerned(requests));
        if (fresh.length > 0) await this.#attend(fresh.filter((id) => this.#attended.has(id)));
      } catch (error) {
        // The next beat does it again, and whoever has missed something looks.
        this.#context.logger.error('desks could not be looked after', { error: String(error) });
        this.#wake(this.#shown.keys());
      }
    }
    // In the same breath as the last look: nothing that came in between is left over.
    this.#isWorking = false;
  }

  /** Says that these desks are open, and offers them what waits. */
  async #attend(helperIds: readonly string[]): Promise<void> {
    if (helperIds.length === 0) return;
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

function countUp(counts: Map<string, number>, id: string): void {
  counts.set(id, (counts.get(id) ?? 0) + 1);
}

function countDown(counts: Map<string, number>, id: string): void {
  const count = counts.get(id)! - 1;
  if (count > 0) counts.set(id, count);
  else counts.delete(id);
}
