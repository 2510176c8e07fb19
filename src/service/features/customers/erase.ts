import { sql, type Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { forgetDetails } from '../../foundation/housekeeping/session-details.js';
import { erasedName } from '../../foundation/housekeeping/erased-customer.js';
import { appendEvents } from '../../foundation/events/append-events.js';
import { walletAccount } from '../../foundation/ledger/ledger.js';
import { eraseRequests, hasLiveRequest } from '../help-requests/index.js';
import { endSubscriptions, renameSubscriptions } from '../subscriptions/index.js';
import { eraseFiles } from '../files/index.js';
import { eraseMessages } from '../messages/index.js';
import { eraseSignals } from '../rooms/index.js';
import { revokeTokensOf } from '../access-tokens/index.js';
import { revokeTokensOfCustomer } from '../sessions/index.js';

/**
 * Erases a person (GDPR, article 17): a new name that nobody knows stands wherever the id stood, and what was written
 * about the sessions and in the help requests goes. Subscriptions end. Sessions, ledger and figures keep their amounts, so the books balance as before.
 * @throws {SessionError} `CUSTOMER_NOT_FOUND`, `CUSTOMER_IN_SESSION`
 */
export async function eraseCustomer(context: ServiceContext, id: string, asked: AskedChange): Promise<void> {
  await context.kysely.transaction().execute(async (trx) => {
    // A sale that is under way comes first, and one that comes later finds nobody.
    const customer = await trx
      .selectFrom('customers')
      .select('created_at')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!customer) throw new SessionError('CUSTOMER_NOT_FOUND');
    const live = await trx
      .selectFrom('sessions')
      .select('id')
      .where('user_id', '=', id)
      .where('due_at', 'is not', null)
      .limit(1)
      .executeTakeFirst();
    if (live || (await hasLiveRequest(trx, id))) throw new SessionError('CUSTOMER_IN_SESSION');
    await endSubscriptions(context, trx, id);
    const name = erasedName();
    const payload = { customer_id: id };
    await appendEvents(context, trx, [
      { subject: `customer:${id}`, type: 'customer.deleted', payload, createdAt: context.now() },
    ]);
    await trx
      .insertInto('customers')
      .values({ id: name, organization_id: null, created_at: customer.created_at })
      .execute();
    await eraseSessions(trx, id, name);
    await eraseMessages(trx, name);
    await eraseSignals(trx, name);
    await eraseFiles(trx, name, context.now());
    await erasePresence(trx, id, name);
    await renameSubscriptions(trx, id, name);
    await eraseRequests(trx, id, name);
    await eraseWallet(trx, id, name);
    await eraseTraces(trx, id, name);
    await revokeTokensOf(trx, { kind: 'customer', id });
    await revokeTokensOfCustomer(trx, id);
    await trx.deleteFrom('customers').where('id', '=', id).execute();
    await recordChange(trx, { ...asked, subject: `/customers/${name}` }, context.now());
  });
}

async function eraseSessions(trx: Transaction<Tables>, id: string, name: string): Promise<void> {
  const ofCustomer = sql`(select id from sessions where user_id = ${name})`;
  await sql`update sessions set user_id = ${name}, ${forgetDetails} where user_id = ${id}`.execute(trx);
  await sql`update checkouts set success_url = '', cancel_url = '', checkout_url = null
    where session_id in ${ofCustomer}`.execute(trx);
  await trx
    .updateTable('provider_customers')
    .set({ customer_id: name })
    .where('customer_id', '=', id)
    .execute();
}

/** That the person was there, and when: to be called once the sessions have the new name. */
async function erasePresence(trx: Transaction<Tables>, id: string, name: string): Promise<void> {
  const ofCustomer = sql`(select id from sessions where user_id = ${name})`;
  for (const table of ['attendances', 'presences'] as const)
    await sql`update ${sql.table(table)} set participant_id = ${name}
      where role = 'customer' and participant_id = ${id} and session_id in ${ofCustomer}`.execute(trx);
  await sql`update events set payload = payload || jsonb_build_object('participant_id', ${name}::text)
    where subject in (select 'session:' || id from sessions where user_id = ${name})
      and type like 'participant.%' and payload ->> 'role' = 'customer'`.execute(trx);
}

/** After the sessions, as everywhere. */
async function eraseWallet(trx: Transaction<Tables>, id: string, name: string): Promise<void> {
  const [wallet, erased] = [walletAccount(id), walletAccount(name)];
  const { balance } = await trx
    .selectFrom('accounts')
    .select('balance')
    .where('id', '=', wallet)
    .forUpdate()
    .executeTakeFirstOrThrow();
  await trx.insertInto('accounts').values({ id: erased, customer_id: name, balance }).execute();
  await trx
    .updateTable('ledger_entries')
    .set({ account_id: erased })
    .where('account_id', '=', wallet)
    .execute();
  await trx.deleteFrom('accounts').where('id', '=', wallet).execute();
  await trx.updateTable('accounts').set({ customer_id: name }).where('customer_id', '=', id).execute();
  await trx
    .updateTable('ledger_transactions')
    .set({ customer_id: name })
    .where('customer_id', '=', id)
    .execute();
}

/** What was told to others, and who changed what. */
async function eraseTraces(trx: Transaction<Tables>, id: string, name: string): Promise<void> {
  await sql`update webhook_deliveries
    set data = data || jsonb_build_object('user_id', ${name}::text)
      || case when data ? 'metadata' then '{"metadata": {}}'::jsonb else '{}' end
      || case data ->> 'role' when 'customer' then jsonb_build_object('participant_id', ${name}::text) else '{}' end
    where data ->> 'user_id' = ${id}`.execute(trx);
  await sql`update events
    set subject = 'customer:' || ${name}::text, payload = payload || jsonb_build_object('customer_id', ${name}::text)
    where subject = ${`customer:${id}`}`.execute(trx);
  // Who has asked for it hears of the erasure itself under the id, which goes once that is told; see `purges.ts`.
  await sql`update webhook_deliveries set data = data || jsonb_build_object('customer_id', ${name}::text)
    where data ? 'customer_id' and data ->> 'customer_id' = ${id} and type <> 'customer.deleted'`.execute(
    trx,
  );
  for (const path of ['', '/credits'])
    await trx
      .updateTable('audit_entries')
      .set({ subject: `/customers/${name}${path}` })
      .where('subject', 'in', [`/customers/${id}${path}`, `/customers/${encodeURIComponent(id)}${path}`])
      .execute();
  await trx.deleteFrom('idempotency_keys').where('scope', '=', `operator credit ${id}`).execute();
}
