import { sql, type Transaction } from 'kysely';
import type { Participant } from '../../../protocol/events.js';
import type { SignalFrame, SignalType } from '../../../protocol/room.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import type { Subject } from '../../foundation/events/subject.js';
import { Gatherer } from '../../foundation/gatherer.js';
import { purgeOf, type Purge } from '../../foundation/housekeeping/purge.js';
import { changeSome } from '../../foundation/housekeeping/some-rows.js';
import { perService } from '../../foundation/per-service.js';

/** Who listens has heard them by then, and who comes later joins anew, ms. */
const keptForMs = 60_000;
/** Signals that are read at a time. */
const batchSize = 20;

/** Signals of the other side, in their order. */
export interface SignalBatch {
  frames: SignalFrame[];
  /** The id of the last one; that of before where there is none. */
  lastId: number;
  /** Whether there may be more. */
  hasMore: boolean;
}

interface SignalQuestion {
  sessionId: string;
  /** The side that hears them. */
  side: Participant;
  after: number;
}

interface ReadSignal {
  n: number;
  id: number;
  participant: Participant;
  sender_id: string;
  type: SignalType;
  data: string | null;
}

const signalsOf = perService(
  (context) => new Gatherer<SignalQuestion, SignalBatch>((questions) => readAll(context, questions)),
);

/** What the other side has signalled since, read together with what others ask for at the same time. */
export const readSignals = (context: ServiceContext, question: SignalQuestion): Promise<SignalBatch> =>
  signalsOf(context).ask(question);

async function readAll(
  { kysely }: ServiceContext,
  questions: readonly SignalQuestion[],
): Promise<SignalBatch[]> {
  const asked = JSON.stringify(
    questions.map(({ sessionId, side, after }, n) => ({ n, session_id: sessionId, side, after })),
  );
  const { rows } = await sql<ReadSignal>`
    select asked.n, those.id, those.participant, those.sender_id, those.type, those.data
    from jsonb_to_recordset(${asked}::jsonb) as asked(n int, session_id text, side text, after bigint),
      lateral (
        select * from signals
        where session_id = asked.session_id and id > asked.after and participant <> asked.side
        order by id limit ${batchSize}) as those
    order by asked.n, those.id`.execute(kysely);
  return questions.map(({ after }, n) => {
    const own = rows.filter((row) => row.n === n);
    return { frames: own.map(toFrame), lastId: own.at(-1)?.id ?? after, hasMore: own.length === batchSize };
  });
}

const toFrame = ({ type, data, participant, sender_id }: ReadSignal): SignalFrame => ({
  type,
  ...(data !== null && { data: JSON.parse(data) as Record<string, unknown> }),
  from: participant,
  sender_id,
});

/** The newest signal of a session, behind which a stream begins; 0 where there is none. */
export async function newestSignal({ kysely, hasRooms }: ServiceContext, sessionId: string): Promise<number> {
  if (!hasRooms) return 0;
  const newest = await kysely
    .selectFrom('signals')
    .select(({ fn }) => fn.max('id').as('id'))
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  return newest?.id ?? 0;
}

/** The sessions in which somebody has signalled within the last minutes. */
export async function readSignalled({ kysely, hasRooms }: ServiceContext): Promise<Subject[]> {
  if (!hasRooms) return [];
  const rows = await kysely.selectFrom('signals').select('session_id').distinct().execute();
  return rows.map(({ session_id }): Subject => `session:${session_id}`);
}

/** Descriptions and candidates hold addresses of the browsers: they are gone within two minutes. */
export const signalPurge: Purge = purgeOf({
  kind: 'signals',
  table: 'signals',
  since: sql<number>`created_at`,
  keptForMs,
  everyMs: 60_000,
});

/** Takes away what was signalled in sessions of a customer who is being erased, so much at most. @returns how much. */
export const eraseSignals = (
  trx: Transaction<Tables>,
  sessionIds: readonly string[],
  limit: number,
): Promise<number> =>
  changeSome(trx, { table: 'signals', which: sql`session_id = any(${sessionIds}::text[])` }, limit);
