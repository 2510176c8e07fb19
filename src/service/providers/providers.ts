import type { Kysely, Updateable } from 'kysely';
import { SessionError } from '../../protocol/errors.js';
import { recordChange, type AskedChange } from '../audit.js';
import type { ServiceContext } from '../context.js';
import type { ProviderRow, ProvidersTable, Tables } from '../database/schema.js';

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

/** All of them, by id. */
export function listProviders({ kysely }: ServiceContext): Promise<ProviderRow[]> {
  return kysely.selectFrom('providers').selectAll().orderBy('id').execute();
}

/** @throws {SessionError} `PROVIDER_NOT_FOUND` */
export async function changeProvider(
  context: ServiceContext,
  id: string,
  changes: Updateable<ProvidersTable>,
  asked: AskedChange,
): Promise<ProviderRow> {
  if (Object.keys(changes).length > 0) {
    await context.kysely.transaction().execute(async (trx) => {
      const changed = await trx
        .updateTable('providers')
        .set(changes)
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst();
      if (changed) await recordChange(trx, asked, context.now());
    });
  }
  return findProvider(context, id);
}
