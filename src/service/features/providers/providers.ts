import type { Kysely, Updateable } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { ProviderRow, ProvidersTable, Tables } from '../../foundation/database/schema.js';
import type { PageCursor } from '../../foundation/page-cursor.js';

/** In which days are counted where nobody said otherwise. */
export const defaultTimeZone = 'UTC';

/** @throws {SessionError} `ALREADY_EXISTS` */
export async function createProvider(
  { kysely }: ServiceContext,
  provider: ProviderRow,
  asked: AskedChange,
): Promise<ProviderRow> {
  return kysely.transaction().execute(async (trx) => {
    const row = await trx
      .insertInto('providers')
      .values(provider)
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
    if (!row) throw new SessionError('ALREADY_EXISTS');
    await recordChange(trx, asked, provider.created_at, provider.id);
    return row;
  });
}

/** An application may name a provider that nobody has registered: it is there from then on, under its id. */
export async function ensureProvider(db: Kysely<Tables>, id: string, now: number): Promise<void> {
  await db
    .insertInto('providers')
    .values({ id, name: id, time_zone: defaultTimeZone, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** @throws {SessionError} `PROVIDER_NOT_FOUND` */
export async function findProvider({ kysely }: ServiceContext, id: string): Promise<ProviderRow> {
  const row = await kysely.selectFrom('providers').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new SessionError('PROVIDER_NOT_FOUND');
  return row;
}

/** By id. */
export function listProviders(
  { kysely }: ServiceContext,
  { after, limit }: { after: PageCursor | undefined; limit: number },
): Promise<ProviderRow[]> {
  return kysely
    .selectFrom('providers')
    .selectAll()
    .$if(after !== undefined, (query) => query.where('id', '>', after!.id))
    .orderBy('id')
    .limit(limit)
    .execute();
}

/**
 * @param requireCurrent throws where the provider is not as it is to be before the change
 * @throws {SessionError} `PROVIDER_NOT_FOUND`
 */
export async function changeProvider(
  context: ServiceContext,
  id: string,
  changes: Updateable<ProvidersTable>,
  asked: AskedChange,
  requireCurrent: (current: ProviderRow) => void,
): Promise<ProviderRow> {
  return context.kysely.transaction().execute(async (trx) => {
    const current = await trx
      .selectFrom('providers')
      .selectAll()
      .where('id', '=', id)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (!current) throw new SessionError('PROVIDER_NOT_FOUND');
    requireCurrent(current);
    if (Object.keys(changes).length === 0) return current;
    await recordChange(trx, asked, context.now());
    return trx
      .updateTable('providers')
      .set(changes)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
  });
}
