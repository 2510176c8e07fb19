import { sql, type Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { customerFields, type CustomerField } from '../../../protocol/webhooks.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { CustomerRow, Tables } from '../../foundation/database/schema.js';
import { appendEvents } from '../../foundation/events/append-events.js';
import { isSomebody } from '../../foundation/housekeeping/erased-customer.js';
import { openAccount, walletAccount } from '../../foundation/ledger/ledger.js';
import { isBehind, type PageCursor } from '../../foundation/page-cursor.js';

/** What a marketplace says of a customer; what is left out stays as it is. */
export type CustomerDetails = Partial<Pick<CustomerRow, CustomerField>>;

const told = ['id', ...customerFields, 'created_at'] as const;

/** @throws {SessionError} `ALREADY_EXISTS` */
export async function createCustomer(
  context: ServiceContext,
  id: string,
  details: CustomerDetails,
  asked: AskedChange,
): Promise<void> {
  await context.kysely.transaction().execute(async (trx) => {
    if (!(await insertCustomer(context, trx, id, details))) throw new SessionError('ALREADY_EXISTS');
    await recordChange(trx, asked, context.now(), id);
  });
}

/** Creates a customer, or changes the one that is there. */
export async function upsertCustomer(
  context: ServiceContext,
  id: string,
  details: CustomerDetails,
  asked: AskedChange,
): Promise<void> {
  await context.kysely.transaction().execute(async (trx) => {
    const isMade = await insertCustomer(context, trx, id, details);
    if (isMade || (await updateCustomer(context, trx, id, details)))
      await recordChange(trx, asked, context.now());
  });
}

/** @throws {SessionError} `CUSTOMER_NOT_FOUND` */
export async function changeCustomer(
  context: ServiceContext,
  id: string,
  details: CustomerDetails,
  asked: AskedChange,
): Promise<void> {
  await context.kysely.transaction().execute(async (trx) => {
    if (await updateCustomer(context, trx, id, details)) await recordChange(trx, asked, context.now());
  });
}

/** @returns whether it was made; false where there is one of that id. */
async function insertCustomer(
  context: ServiceContext,
  trx: Transaction<Tables>,
  id: string,
  { organization_id = null, metadata = {}, ...others }: CustomerDetails,
): Promise<boolean> {
  const now = context.now();
  const made = await trx
    .insertInto('customers')
    .values({ id, organization_id, metadata: JSON.stringify(metadata), ...others, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!made) return false;
  await openAccount(trx, walletAccount(id), id);
  const payload = { customer_id: id };
  await appendEvents(context, trx, [
    { subject: `customer:${id}`, type: 'customer.created', payload, createdAt: now },
  ]);
  return true;
}

/**
 * @returns whether anything was left to change.
 * @throws {SessionError} `CUSTOMER_NOT_FOUND`
 */
async function updateCustomer(
  context: ServiceContext,
  trx: Transaction<Tables>,
  id: string,
  details: CustomerDetails,
): Promise<boolean> {
  const current = await trx
    .selectFrom('customers')
    .select(customerFields)
    .where('id', '=', id)
    .where('erased_as', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!current) throw new SessionError('CUSTOMER_NOT_FOUND');
  const changed = customerFields.filter(
    (field) => details[field] !== undefined && textOf(details[field]) !== textOf(current[field]),
  );
  if (changed.length === 0) return false;
  const { metadata, ...others } = details;
  await trx
    .updateTable('customers')
    .set({ ...others, ...(metadata && { metadata: JSON.stringify(metadata) }) })
    .where('id', '=', id)
    .execute();
  const payload = { customer_id: id, changed };
  await appendEvents(context, trx, [
    { subject: `customer:${id}`, type: 'customer.updated', payload, createdAt: context.now() },
  ]);
  return true;
}

/** Equal values have equal text; the database has an order of its own for the names of metadata. */
const textOf = (value: CustomerRow[CustomerField]): string =>
  JSON.stringify(typeof value === 'object' && value ? Object.entries(value).sort() : value);

/**
 * Creates a customer who is seen for the first time. One who is there is never moved to another organization.
 * @param organizationId undefined where nothing is said of it
 * @throws {SessionError} `CUSTOMER_ORGANIZATION_MISMATCH`
 */
export async function meetCustomer(
  context: ServiceContext,
  trx: Transaction<Tables>,
  id: string,
  organizationId: string | undefined,
): Promise<void> {
  if (await insertCustomer(context, trx, id, { organization_id: organizationId ?? null })) return;
  const { organization_id } = await trx
    .selectFrom('customers')
    .select('organization_id')
    .where('id', '=', id)
    // Who is being erased is waited for, and is nobody then.
    .where('erased_as', 'is', null)
    .forKeyShare()
    .executeTakeFirstOrThrow(() => new SessionError('CUSTOMER_NOT_FOUND'));
  if (organizationId !== undefined && organization_id !== organizationId)
    throw new SessionError('CUSTOMER_ORGANIZATION_MISMATCH');
}

/**
 * The customer with the wallet: what can be spent, and what is held for running sessions.
 * @throws {SessionError} `CUSTOMER_NOT_FOUND`
 */
export async function readCustomer(context: ServiceContext, id: string) {
  const [customer] = await withWallets(
    context,
    await context.kysely
      .selectFrom('customers')
      .select(told)
      .where('id', '=', id)
      .where('erased_as', 'is', null)
      .execute(),
  );
  if (!customer) throw new SessionError('CUSTOMER_NOT_FOUND');
  return customer;
}

export interface CustomerFilter {
  organizationId?: string | undefined;
  /** Whatever the case of its letters. */
  email?: string | undefined;
  after?: PageCursor | undefined;
  limit: number;
}

/**
 * Newest first, without those who were erased.
 * @returns the rows, to go on from, and the customers.
 */
export async function listCustomers(
  context: ServiceContext,
  { organizationId, email, after, limit }: CustomerFilter,
) {
  const rows = await context.kysely
    .selectFrom('customers')
    .select(told)
    .where(sql.raw<boolean>(isSomebody))
    .where('erased_as', 'is', null)
    .$if(organizationId !== undefined, (query) => query.where('organization_id', '=', organizationId!))
    .$if(email !== undefined, (query) => query.where(sql<boolean>`lower(email) = lower(${email!}::text)`))
    .$if(after !== undefined, (query) => query.where(isBehind(after!)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return { rows, customers: await withWallets(context, rows) };
}

async function withWallets(
  { kysely }: ServiceContext,
  rows: readonly Pick<CustomerRow, (typeof told)[number]>[],
) {
  const ids = rows.map(({ id }) => id);
  const { rows: wallets } = await sql<{ id: string; available: number; held: number }>`
    select customer_id as id,
      coalesce(sum(balance) filter (where id = 'wallet:' || customer_id), 0)::bigint as available,
      coalesce(sum(balance) filter (where id <> 'wallet:' || customer_id), 0)::bigint as held
    from accounts where customer_id = any(${ids}::text[]) group by customer_id`.execute(kysely);
  const walletOf = new Map(wallets.map(({ id, ...wallet }) => [id, wallet]));
  return rows.map(({ created_at, ...customer }) => ({
    ...customer,
    created_at: Math.floor(created_at / 1000),
    wallet: walletOf.get(customer.id)!,
  }));
}
