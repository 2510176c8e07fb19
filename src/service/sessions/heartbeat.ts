import { sql } from 'kysely';
import type { ServiceContext } from '../context.js';
import type { Timer } from '../due-scheduler.js';

/** How long heartbeats are gathered, ms: one write then stands for all of them. */
const gatherForMs = 1_000;

/** Keeps when each session was last heard of. A lost second of it harms nobody, so heartbeats never wait for a write. */
export class HeartbeatRecorder {
  readonly #context: ServiceContext;
  readonly #timer: Timer;
  #heardAt = new Map<string, number>();
  #cancelTimer: (() => void) | undefined;

  constructor(context: ServiceContext, timer: Timer) {
    this.#context = context;
    this.#timer = timer;
  }

  /** @param heardAt milliseconds since the epoch */
  record(sessionId: string, heardAt: number): void {
    this.#heardAt.set(sessionId, heardAt);
    this.#cancelTimer ??= this.#timer(() => void this.flush(), gatherForMs);
  }

  /** Writes what was gathered. */
  async flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const heard = this.#heardAt;
    if (heard.size === 0) return;
    this.#heardAt = new Map();
    const rows = JSON.stringify([...heard].map(([id, at]) => ({ id, at })));
    try {
      await sql`
        update sessions set last_heartbeat_at = greatest(last_heartbeat_at, heard.at)
        from (
          select sessions.id, news.at
          from jsonb_to_recordset(${rows}::jsonb) as news(id text, at bigint) join sessions using (id)
          order by sessions.id for update of sessions skip locked
        ) as heard
        where sessions.id = heard.id`.execute(this.#context.kysely);
    } catch (error) {
      this.#context.logger.error('heartbeats could not be written', {
        error: String(error),
        count: heard.size,
      });
    }
  }
}
