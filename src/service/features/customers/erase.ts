import { sql, type Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { appendEvents } from '../../foundation/events/append-events.js';
import { erasedName, isSomebody } from '../../foundation/housekeeping/erased-customer.js';
import { announceDue, erasureDueChannel } from '../../foundation/jobs/due-channel.js';
import { walletAccount } from '../../foundation/ledger/ledger.js';
import { hasLiveRequest } from '../help-requests/index.js';
import { endSubscriptions } from '../subscriptions/index.js';
import { revokeTokensOf } from '../access-tokens/index.js';
import { revokeTokensOfCustomer } from '../sessions/index.js';
import { eraseSlice } from './erasure-slice.js';

/** How far the erasure of a person is. */
export interface Erasure {
  /** The name that takes the place of the id; the id, where the customer is not erased. */
  id: string;
  status: 'none' | 'running' | 'done';
}

/** What whoever asks for an erasure waits for; the rest is done after the answer. */
const slicesAtOnce = 4;
/** Whoever asked does the first slices, and only after this the service by itself, ms. */
const headStartMs = 2_000;

/**
 * Erases a person (GDPR, article 17): a new name that nobody knows stands wherever the id stood, and what was written
 * about the sessions and in the help requests goes. Sessions, ledger and figures keep their amounts, so the books balance
 * as before. At once nobody is found under the id, what was said of the person is gone, session and access tokens count no
 * more and subscriptions end; the rows that name the id follow in slices, newest sessions first. Asked for again while it
 * goes on, it is the same erasure.
 * @throws {SessionError} `CUSTOMER_NOT_FOUND`, `CUSTOMER_IN_SESSION`
 */
export async function eraseCustomer(
  context: ServiceContext,
  customerId: string,
  asked: AskedChange,
): Promise<Erasure> {
  let erasure = await context.kysely.transaction().execute(async (trx) => {
    const id = await begin(context, trx, customerId, asked);
    return goOn(context, trx, id);
  });
  for (let slices = 1; slices < slicesAtOnce && erasure.status === 'running'; slices += 1) {
    const { id } = erasure;
    erasure = await context.kysely.transaction().execute((trx) => goOn(context, trx, id));
  }
  return erasure;
}

/** Does a slice of an erasure, where it is not done. */
async function goOn(context: ServiceContext, trx: Transaction<Tables>, id: string): Promise<Erasure> {
  const row = await trx
    .selectFrom('erasures')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  const isDone = !row || (await eraseSlice(trx, row, context.now()));
  return { id, status: isDone ? 'done' : 'running' };
}

/**
 * @param id of a customer, or the name that took its place.
 * @throws {SessionError} `CUSTOMER_NOT_FOUND`; by the id of somebody who is being erased, too.
 */
export async function readErasure({ kysely }: ServiceContext, id: string): Promise<Erasure> {
  const { rows } = await sql<Erasure>`
    select id, case
      when exists (select from erasures where erasures.id = customers.id) then 'running'
      when ${sql.raw(isSomebody)} then 'none'
      else 'done' end as status
    from customers where id = ${id} and erased_as is null`.execute(kysely);
  if (!rows[0]) throw new SessionError('CUSTOMER_NOT_FOUND');
  return rows[0];
}

/** Makes nobody of a customer. @returns the name that takes the place of the id. */
async function begin(
  context: ServiceContext,
  trx: Transaction<Tables>,
  customerId: string,
  asked: AskedChange,
): Promise<string> {
  // A sale that is under way comes first, and one that comes later finds nobody.
  const customer = await trx
    .selectFrom('customers')
    .select(['created_at', 'erased_as'])
    .where('id', '=', customerId)
    .where(sql.raw<boolean>(isSomebody))
    .forUpdate()
    .executeTakeFirst();
  if (!customer) throw new SessionError('CUSTOMER_NOT_FOUND');
  if (customer.erased_as !== null) return customer.erased_as;
  if (await isLive(trx, customerId)) throw new SessionError('CUSTOMER_IN_SESSION');
  const now = context.now();
  const id = erasedName();
  await endSubscriptions(context, trx, customerId);
  await appendEvents(context, trx, [
    {
      subject: `customer:${customerId}`,
      type: 'customer.deleted',
      payload: { customer_id: customerId },
      createdAt: now,
    },
  ]);
  const nothing = { organization_id: null, name: null, email: null, low_wallet_tokens: null };
  await trx
    .updateTable('customers')
    .set({ ...nothing, metadata: '{}', erased_as: id })
    .where('id', '=', customerId)
    .execute();
  await trx
    .insertInto('customers')
    .values({ id, organization_id: null, created_at: customer.created_at })
    .execute();
  await openErasedWallet(trx, customerId, id);
  await revokeTokensOf(trx, { kind: 'customer', id: customerId });
  await revokeTokensOfCustomer(trx, customerId);
  const dueAt = now + headStartMs;
  await trx.insertInto('erasures').values({ id, customer_id: customerId, due_at: dueAt }).execute();
  await announceDue(trx, dueAt, erasureDueChannel);
  await recordChange(trx, { ...asked, subject: `/customers/${id}` }, now);
  return id;
}

async function isLive(trx: Transaction<Tables>, customerId: string): Promise<boolean> {
  const session = await trx
    .selectFrom('sessions')
    .select('id')
    .where('user_id', '=', customerId)
    .where('due_at', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return session !== undefined || hasLiveRequest(trx, customerId);
}

/** While entries go from one wallet to the other neither keeps a balance, and nothing can be spent. */
async function openErasedWallet(trx: Transaction<Tables>, customerId: string, name: string): Promise<void> {
  await trx
    .updateTable('accounts')
    .set({ balance: null })
    .where('id', '=', walletAccount(customerId))
    .execute();
  await trx
    .insertInto('accounts')
    .values({ id: walletAccount(name), customer_id: name, balance: null })
    .execute();
}
