import { sql, type Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { doBatch } from '../../foundation/jobs/due-batch.js';
import { isToBeTried, type DueRows } from '../../foundation/jobs/failed-work.js';

/** How often an instance says that it lives, ms. */
export const renewEveryMs = 5_000;
/** One that has not said so for this long is dead, ms. */
const leaseMs = 20_000;

/** Says that an instance lives. @returns false where nobody knew of it, or not any more. */
export async function renewLease({ kysely, now }: ServiceContext, instanceId: string): Promise<boolean> {
  const at = now();
  const { rows } = await sql<{ is_known: boolean }>`
    insert into instances (id, alive_since, alive_until) values (${instanceId}, ${at}, ${at + leaseMs})
    on conflict (id) do update set
      alive_since = case when instances.alive_until < ${at}::bigint then ${at} else instances.alive_since end,
      alive_until = excluded.alive_until
    returning xmax <> 0 as is_known`.execute(kysely);
  return rows[0]!.is_known;
}

/** To be called when none of its streams is written down any more. */
export async function giveUpLease({ kysely }: ServiceContext, instanceId: string): Promise<void> {
  await kysely.deleteFrom('instances').where('id', '=', instanceId).execute();
}

const rows: DueRows = { work: 'instance_burial', table: 'instances', id: 'id', dueAt: 'alive_until' };

/**
 * Instances that died take their streams with them: whoever had them is looked at now. Who has not been alive for a
 * lease himself waits: after a time without the database everybody's lease is over, and everybody may still live.
 */
export async function buryInstances(context: ServiceContext, instanceId: string): Promise<void> {
  await doBatch(context, {
    rows,
    claim: (trx, now, among) => claimDead(trx, instanceId, now, among),
    idOf: ({ id }) => id,
    work: bury,
  });
}

function claimDead(
  trx: Transaction<Tables>,
  instanceId: string,
  now: number,
  among?: readonly string[],
): Promise<{ id: string }[]> {
  return trx
    .selectFrom('instances')
    .select('id')
    .where('alive_until', '<', now)
    .where('id', '!=', instanceId)
    .where(isToBeTried(rows, now))
    .$if(among !== undefined, (query) => query.where(sql<boolean>`id = any(${among}::text[])`))
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('instances as own')
          .where('own.id', '=', instanceId)
          .where('own.alive_since', '<=', now - leaseMs)
          .where('own.alive_until', '>=', now)
          .select('own.id'),
      ),
    )
    .forUpdate('instances')
    .skipLocked()
    .execute();
}

async function bury(trx: Transaction<Tables>, dead: readonly { id: string }[], now: number): Promise<void> {
  const ids = dead.map(({ id }) => id);
  await sql`
    with gone as (
      delete from attendances where instance_id = any(${ids}::text[]) returning session_id, participant
    )
    update presences set due_at = ${now} from gone
    where presences.session_id = gone.session_id and presences.participant = gone.participant
      and presences.state = 'present'`.execute(trx);
  await sql`delete from instances where id = any(${ids}::text[])`.execute(trx);
}
