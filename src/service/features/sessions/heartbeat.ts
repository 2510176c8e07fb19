import { sql, type Kysely } from 'kysely';
import type { PageReport } from '../../../protocol/page-metrics.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { WriteBehind } from '../../foundation/write-behind.js';

export interface Heartbeat {
  sessionId: string;
  /** ms since the epoch */
  heardAt: number;
}

/** What a page has counted, as a heartbeat brought it. */
export interface HeardReport extends PageReport {
  sessionId: string;
  applicationId: string;
  /** ms since the epoch */
  heardAt: number;
}

/** Keeps when each session was last heard of: by the session's id. */
export const heartbeatRecorder = (context: ServiceContext): WriteBehind<Heartbeat> =>
  new WriteBehind(context, { name: 'heartbeat', write, sessionOf: ({ sessionId }) => sessionId });

async function write(kysely: Kysely<Tables>, heartbeats: readonly Heartbeat[]): Promise<void> {
  const rows = JSON.stringify(heartbeats.map(({ sessionId, heardAt }) => ({ id: sessionId, at: heardAt })));
  await sql`
    update sessions set last_heartbeat_at = greatest(last_heartbeat_at, heard.at)
    from (
      select sessions.id, news.at
      from jsonb_to_recordset(${rows}::jsonb) as news(id text, at bigint) join sessions using (id)
      order by sessions.id for update of sessions skip locked
    ) as heard
    where sessions.id = heard.id`.execute(kysely);
}
