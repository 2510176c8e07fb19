import { sql, type RawBuilder, type Transaction } from 'kysely';
import type { ErasureRow, Tables } from '../../foundation/database/schema.js';
import { forgetDetails } from '../../foundation/housekeeping/session-details.js';
import { changeSome } from '../../foundation/housekeeping/some-rows.js';
import { forgetFailures } from '../../foundation/jobs/failed-work.js';
import { walletAccount } from '../../foundation/ledger/ledger.js';
import { eraseFiles } from '../files/index.js';
import { eraseRequests } from '../help-requests/index.js';
import { eraseMessages } from '../messages/index.js';
import { eraseSignals } from '../rooms/index.js';
import { renameSubscriptions } from '../subscriptions/index.js';

/** What this work is called where it fails. */
export const erasureWork = 'erasure';

/** Rows that one transaction changes, at most: others wait no longer for its locks than for those of a request. */
const sliceSize = 500;
/** Sessions of which it looks for what is in them. */
const sessionsAtOnce = 100;

/** Who is erased, and what is left of a slice. */
interface Slice {
  trx: Transaction<Tables>;
  customerId: string;
  /** What takes the place of the id. */
  name: string;
  limit: number;
  now: number;
}

/**
 * Takes the id of a customer from rows that hold it, `sliceSize` at most. Where none is left the customer himself goes.
 * Each row is found by the id that it still has: after a crash the next slice goes on with what is left.
 * @returns whether that was the last slice.
 */
export async function eraseSlice(
  trx: Transaction<Tables>,
  { id: name, customer_id: customerId }: ErasureRow,
  now: number,
): Promise<boolean> {
  let limit = sliceSize;
  for (const step of steps) {
    let done: number;
    do {
      if (limit <= 0) return false;
      done = await step({ trx, customerId, name, limit, now });
      limit -= done;
    } while (done > 0);
  }
  await finish(trx, customerId, name);
  return true;
}

/** Each takes the id from some rows of its kind. @returns how many rows it has changed; 0 once no more of them has the id. */
const steps: readonly ((slice: Slice) => Promise<number>)[] = [
  eraseSessions,
  ({ trx, customerId, name, limit }) => renameSubscriptions(trx, customerId, name, limit),
  ({ trx, customerId, name, limit }) => eraseRequests(trx, customerId, name, limit),
  ({ trx, customerId, name, limit }) =>
    changeSome(
      trx,
      {
        table: 'ledger_entries',
        which: sql`account_id = ${walletAccount(customerId)}`,
        change: sql`account_id = ${walletAccount(name)}`,
      },
      limit,
    ),
  renamed('ledger_transactions'),
  renamed('accounts', (customerId) => sql`and id <> ${walletAccount(customerId)}`),
  renamed('provider_customers'),
  eraseTraces,
];

function renamed(
  table: 'ledger_transactions' | 'accounts' | 'provider_customers',
  condition: (customerId: string) => RawBuilder<unknown> = () => sql``,
) {
  return ({ trx, customerId, name, limit }: Slice) =>
    changeSome(
      trx,
      {
        table,
        which: sql`customer_id = ${customerId} ${condition(customerId)}`,
        change: sql`customer_id = ${name}`,
      },
      limit,
    );
}

/** Newest first, as lists show them: what is in them, and once that is gone they themselves. */
async function eraseSessions({ trx, customerId, name, limit, now }: Slice): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from sessions where user_id = ${customerId}
    order by created_at desc, id desc limit ${Math.min(limit, sessionsAtOnce)} for no key update`.execute(
    trx,
  );
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  let done = 0;
  for (const erase of [eraseMessages, eraseSignals, eraseFiles, erasePresence(customerId, name)]) {
    done += await erase(trx, ids, limit - done, now);
    if (done >= limit) return done;
  }
  await sql`update checkouts set success_url = '', cancel_url = '', checkout_url = null
    where session_id = any(${ids}::text[])`.execute(trx);
  await sql`update sessions set user_id = ${name}, ${forgetDetails} where id = any(${ids}::text[])`.execute(
    trx,
  );
  return done + rows.length;
}

/** That the person was there, and when. */
const erasePresence =
  (customerId: string, name: string) =>
  async (trx: Transaction<Tables>, sessionIds: readonly string[], limit: number): Promise<number> => {
    for (const table of ['attendances', 'presences'] as const)
      await sql`update ${sql.table(table)} set participant_id = ${name}
        where role = 'customer' and participant_id = ${customerId} and session_id = any(${sessionIds}::text[])`.execute(
        trx,
      );
    const subjects = sessionIds.map((id) => `session:${id}`);
    const told = {
      table: 'events' as const,
      which: sql`subject = any(${subjects}::text[]) and type like 'participant.%'
        and payload ->> 'role' = 'customer' and payload ->> 'participant_id' is distinct from ${name}`,
      change: sql`payload = payload || jsonb_build_object('participant_id', ${name}::text)`,
    };
    return changeSome(trx, told, limit);
  };

/** What was told to others, and who changed what. */
async function eraseTraces({ trx, customerId, name, limit }: Slice): Promise<number> {
  const traces = [
    {
      table: 'webhook_deliveries' as const,
      which: sql`data ->> 'user_id' = ${customerId}`,
      change: sql`data = data || jsonb_build_object('user_id', ${name}::text)
        || case when data ? 'metadata' then '{"metadata": {}}'::jsonb else '{}' end
        || case data ->> 'role' when 'customer' then jsonb_build_object('participant_id', ${name}::text) else '{}' end`,
    },
    {
      // Who has asked for it hears of the erasure itself under the id, which goes once that is told; see `purges.ts`.
      table: 'webhook_deliveries' as const,
      which: sql`data ? 'customer_id' and data ->> 'customer_id' = ${customerId} and type <> 'customer.deleted'`,
      change: sql`data = data || jsonb_build_object('customer_id', ${name}::text)`,
    },
    {
      table: 'events' as const,
      which: sql`subject = ${`customer:${customerId}`}`,
      change: sql`subject = 'customer:' || ${name}::text,
        payload = payload || jsonb_build_object('customer_id', ${name}::text)`,
    },
    ...['', '/credits'].map((path) => ({
      table: 'audit_entries' as const,
      which: sql`subject in (${`/customers/${customerId}${path}`}, ${`/customers/${encodeURIComponent(customerId)}${path}`})`,
      change: sql`subject = ${`/customers/${name}${path}`}`,
    })),
    { table: 'idempotency_keys' as const, which: sql`scope = ${`operator credit ${customerId}`}` },
  ];
  let done = 0;
  for (const trace of traces) if (done < limit) done += await changeSome(trx, trace, limit - done);
  return done;
}

/** Nothing names the customer any more, which the database checks where it can. */
async function finish(trx: Transaction<Tables>, customerId: string, name: string): Promise<void> {
  // The customer before the wallet, as everywhere.
  await sql`select from customers where id = ${customerId} for update`.execute(trx);
  await sql`update accounts
    set balance = (select coalesce(sum(amount), 0) from ledger_entries where account_id = accounts.id)
    where id = ${walletAccount(name)}`.execute(trx);
  await trx.deleteFrom('accounts').where('id', '=', walletAccount(customerId)).execute();
  await trx.deleteFrom('erasures').where('id', '=', name).execute();
  await trx.deleteFrom('customers').where('id', '=', customerId).execute();
  await forgetFailures(trx, erasureWork, [name]);
}
