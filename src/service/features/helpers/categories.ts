import type { Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HelpCategoryRow, Tables } from '../../foundation/database/schema.js';
import { isBehind, type PageCursor } from '../../foundation/page-cursor.js';

/** @throws {SessionError} `ALREADY_EXISTS` */
export async function createCategory(
  { kysely }: ServiceContext,
  { skills, ...category }: HelpCategoryRow,
  asked: AskedChange,
): Promise<HelpCategoryRow> {
  return kysely.transaction().execute(async (trx) => {
    const made = await trx
      .insertInto('help_categories')
      .values({ ...category, skills: JSON.stringify(skills) })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
    if (!made) throw new SessionError('ALREADY_EXISTS');
    await recordChange(trx, asked, made.created_at, made.id);
    return made;
  });
}

export interface CategoryFilter {
  /** Undefined lists those of all providers. */
  providerId?: string | undefined;
  after?: PageCursor | undefined;
  limit: number;
}

/** Newest first. */
export function listCategories(
  { kysely }: ServiceContext,
  { providerId, after, limit }: CategoryFilter,
): Promise<HelpCategoryRow[]> {
  return kysely
    .selectFrom('help_categories')
    .selectAll()
    .$if(providerId !== undefined, (query) => query.where('provider_id', '=', providerId!))
    .$if(after !== undefined, (query) => query.where(isBehind(after!)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Tokens, or money and what is taken of it. */
export type CategoryPrice = Pick<HelpCategoryRow, 'tokens' | 'amount' | 'currency' | 'capture'>;

/** What may be changed of a category; requests that were made before keep what it said then. */
export type CategoryChanges = Partial<Omit<HelpCategoryRow, 'id' | 'provider_id' | 'created_at'>>;

/**
 * @param providerId whose it must be; undefined: any provider's
 * @param priceOf the price of the category as it would be; throws where it is none
 * @throws {SessionError} `HELP_CATEGORY_NOT_FOUND`
 */
export async function changeCategory(
  context: ServiceContext,
  id: string,
  providerId: string | undefined,
  { skills, ...others }: CategoryChanges,
  { asked, priceOf }: { asked: AskedChange; priceOf: (price: CategoryPrice) => CategoryPrice },
): Promise<HelpCategoryRow> {
  const changes = { ...others, ...(skills && { skills: JSON.stringify(skills) }) };
  return context.kysely.transaction().execute(async (trx) => {
    const before = await trx
      .selectFrom('help_categories')
      .selectAll()
      .where('id', '=', id)
      .$if(providerId !== undefined, (query) => query.where('provider_id', '=', providerId!))
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (!before) throw new SessionError('HELP_CATEGORY_NOT_FOUND');
    if (Object.keys(changes).length === 0) return before;
    // What belongs to a price in money goes with it.
    const noMoney = others.amount === null && { currency: null, capture: null };
    const price = priceOf({ ...before, ...noMoney, ...others });
    await recordChange(trx, asked, context.now());
    return trx
      .updateTable('help_categories')
      .set({ ...changes, ...price })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
  });
}

/**
 * A category of a provider that can be asked for.
 * @throws {SessionError} `HELP_CATEGORY_NOT_FOUND`, `HELP_CATEGORY_INACTIVE`
 */
export async function offeredCategory(
  trx: Transaction<Tables>,
  id: string,
  providerId: string,
): Promise<HelpCategoryRow> {
  const category = await trx
    .selectFrom('help_categories')
    .selectAll()
    .where('id', '=', id)
    .where('provider_id', '=', providerId)
    .executeTakeFirst();
  if (!category) throw new SessionError('HELP_CATEGORY_NOT_FOUND');
  if (!category.active) throw new SessionError('HELP_CATEGORY_INACTIVE');
  return category;
}
