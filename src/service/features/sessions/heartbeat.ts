import { sql, type Kysely } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import { failureText } from '../../foundation/database/failures.js';
import type { Tables } from '../../foundation/database/schema.js';
import { inHalves } from '../../foundation/jobs/in-halves.js';

/** How long heartbeats are gathered, ms: one write then stands for all of them. */
const gatherForMs = 1_000;

/** Keeps when each session was last heard of. A lost second of it harms nobody, so heartbeats never wait for a write. */
export class HeartbeatRecorder {
  readonly #context: ServiceContext;
  #heardAt = new Map<string, number>();
  #cancelTimer: (() => void) | undefined;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** @param heardAt milliseconds since the epoch */
  record(sessionId: string, heardAt: number): void {
    this.#heardAt.set(sessionId, heardAt);
    this.#cancelTimer ??= this.#context.timer(() => void this.flush(), gatherForMs);
  }

  /** Writes what was gathered. */
  async flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const heard = this.#heardAt;
    if (heard.size === 0) return;
    this.#heardAt = new Map();
    const { kysely, logger, metrics } = this.#context;
    try {
      await inHalves(
        [...heard],
        (part) => write(kysely, part),
        ([id], error) => {
          metrics.workFailed('heartbeat');
          logger.error('a heartbeat could not be written', { session_id: id, error: failureText(error) });
        },
      );
    } catch (error) {
      logger.error('heartbeats could not be written', { error: String(error), count: heard.size });
    }
  }
}

async function write(kysely: Kysely<Tables>, heard: readonly [id: string, at: number][]): Promise<void> {
  const rows = JSON.stringify(heard.map(([id, at]) => ({ id, at })));
  await sql`
    update sessions set last_heartbeat_at = greatest(last_heartbeat_at, heard.at)
    from (
      select sessions.id, news.at
      from jsonb_to_recordset(${rows}::jsonb) as news(id text, at bigint) join sessions using (id)
      order by sessions.id for update of sessions skip locked
    ) as heard
    where sessions.id = heard.id`.execute(kysely);
}
