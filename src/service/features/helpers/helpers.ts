import { sql, type Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { Availability } from '../../../protocol/help-request.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { Credential } from '../../foundation/auth/credential.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HelperRow, Tables } from '../../foundation/database/schema.js';
import { isBehind, type PageCursor } from '../../foundation/page-cursor.js';
import { revokeTokensOf } from '../access-tokens/index.js';
import { announceDesk } from './desk-channel.js';

/** What is said of a new helper. */
export type NewHelper = Pick<
  HelperRow,
  'id' | 'provider_id' | 'display_name' | 'skills' | 'max_concurrent' | 'created_at'
>;

/** @throws {SessionError} `ALREADY_EXISTS` */
export async function createHelper(
  { kysely }: ServiceContext,
  { skills, ...helper }: NewHelper,
  asked: AskedChange,
): Promise<HelperRow> {
  return kysely.transaction().execute(async (trx) => {
    const made = await trx
      .insertInto('helpers')
      .values({ ...helper, skills: JSON.stringify(skills), availability: 'offline' })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
    if (!made) throw new SessionError('ALREADY_EXISTS');
    await recordChange(trx, asked, made.created_at, made.id);
    return made;
  });
}

/**
 * The helper, where the credential reaches him: a helper reaches himself alone.
 * @throws {SessionError} `HELPER_NOT_FOUND`
 */
export async function requireHelper(
  { kysely }: ServiceContext,
  credential: Credential,
  id: string,
): Promise<HelperRow> {
  const own = credential.helperId;
  const helper =
    own !== undefined && own !== id
      ? undefined
      : await kysely
          .selectFrom('helpers')
          .selectAll()
          .where('id', '=', id)
          .where('removed_at', 'is', null)
          .$if(credential.providerId !== undefined, (query) =>
            query.where('provider_id', '=', credential.providerId!),
          )
          .executeTakeFirst();
  if (!helper) throw new SessionError('HELPER_NOT_FOUND');
  return helper;
}

export interface HelperFilter {
  /** Undefined lists those of all providers. */
  providerId?: string | undefined;
  /** A helper sees himself alone. */
  id?: string | undefined;
  availability?: Availability | undefined;
  after?: PageCursor | undefined;
  limit: number;
}

/** Newest first. */
export function listHelpers(
  { kysely }: ServiceContext,
  { providerId, id, availability, after, limit }: HelperFilter,
): Promise<HelperRow[]> {
  return kysely
    .selectFrom('helpers')
    .selectAll()
    .where('removed_at', 'is', null)
    .$if(providerId !== undefined, (query) => query.where('provider_id', '=', providerId!))
    .$if(id !== undefined, (query) => query.where('id', '=', id!))
    .$if(availability !== undefined, (query) => query.where('availability', '=', availability!))
    .$if(after !== undefined, (query) => query.where(isBehind(after!)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** What may be changed of a helper. */
export type HelperChanges = Partial<
  Pick<HelperRow, 'display_name' | 'skills' | 'max_concurrent' | 'availability'>
>;

/**
 * Changes a helper who was found before; his desk hears of it, and what he can do from now on is offered to him.
 * @throws {SessionError} `HELPER_NOT_FOUND` where he was removed meanwhile.
 */
export async function changeHelper(
  context: ServiceContext,
  helper: HelperRow,
  { skills, ...others }: HelperChanges,
  asked: AskedChange,
): Promise<HelperRow> {
  const changes = { ...others, ...(skills && { skills: JSON.stringify(skills) }) };
  if (Object.keys(changes).length === 0) return helper;
  return context.kysely.transaction().execute(async (trx) => {
    // The service, or another tab, may have put the switch elsewhere since it was read.
    const found = await lockHelper(trx, helper.id);
    if (found.removed_at !== null) throw new SessionError('HELPER_NOT_FOUND');
    if (changes.availability === found.availability) return found;
    const changed = await trx
      .updateTable('helpers')
      // Who turns the switch is there: nothing that was missed before counts.
      .set({ ...changes, ...(changes.availability && { missed_in_a_row: 0 }) })
      .where('id', '=', helper.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await announceDesk(trx, helper.id);
    await recordChange(trx, asked, context.now());
    return changed;
  });
}

/**
 * Removes a helper who was found before: the name goes, and the access tokens. What he did stays under the id.
 * @throws {SessionError} `HELPER_BUSY` while he has a request, `HELPER_NOT_FOUND`
 */
export async function removeHelper(
  context: ServiceContext,
  helper: HelperRow,
  asked: AskedChange,
): Promise<void> {
  await context.kysely.transaction().execute(async (trx) => {
    const now = context.now();
    const found = await lockHelper(trx, helper.id);
    if (found.removed_at !== null) throw new SessionError('HELPER_NOT_FOUND');
    if (found.active_count > 0) throw new SessionError('HELPER_BUSY');
    await trx
      .updateTable('helpers')
      .set({ removed_at: now, display_name: '', availability: 'offline' })
      .where('id', '=', helper.id)
      .execute();
    await trx.deleteFrom('notifications').where('helper_id', '=', helper.id).execute();
    await revokeTokensOf(trx, { kind: 'helper', id: helper.id }, helper.provider_id);
    await recordChange(trx, asked, now);
  });
}

async function lockHelper(trx: Transaction<Tables>, id: string): Promise<HelperRow> {
  return trx
    .selectFrom('helpers')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
}

/**
 * Takes a seat of a helper, who has answered by that.
 * @throws {SessionError} `HELPER_NOT_FOUND`, `HELPER_UNAVAILABLE`, `HELPER_BUSY`
 */
export async function takeSeat(trx: Transaction<Tables>, id: string): Promise<void> {
  const taken = await trx
    .updateTable('helpers')
    .set({ active_count: sql`active_count + 1`, missed_in_a_row: 0 })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .where('availability', '<>', 'offline')
    .where(sql<boolean>`active_count < max_concurrent`)
    .returning('id')
    .executeTakeFirst();
  if (taken) return;
  const { removed_at, availability } = await lockHelper(trx, id);
  if (removed_at !== null) throw new SessionError('HELPER_NOT_FOUND');
  throw new SessionError(availability === 'offline' ? 'HELPER_UNAVAILABLE' : 'HELPER_BUSY');
}

/** A helper has answered: what he missed before was not in a row with what he may miss from now on. */
export async function forgetMissed(trx: Transaction<Tables>, id: string): Promise<void> {
  await trx
    .updateTable('helpers')
    .set({ missed_in_a_row: 0 })
    .where('id', '=', id)
    .where('missed_in_a_row', '>', 0)
    .execute();
}

/** Gives it back: what waits may be offered to him again. */
export async function freeSeat(trx: Transaction<Tables>, id: string): Promise<void> {
  await trx
    .updateTable('helpers')
    .set({ active_count: sql`active_count - 1` })
    .where('id', '=', id)
    .execute();
  await announceDesk(trx, id);
}

/** Who has missed so many in a row is not there, whatever the switch says. */
const maxMissedInARow = 3;

/**
 * Counts a request that helpers have missed. The switch of who misses too many goes to away.
 * @returns those whom that has happened to.
 */
export async function countMissed(trx: Transaction<Tables>, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ id: string; isAway: boolean }>`
    with missed as materialized (
      select id, availability = 'available' and missed_in_a_row + 1 >= ${maxMissedInARow} as is_away from helpers
      where id = any(${ids}::text[]) order by id for no key update
    )
    update helpers set missed_in_a_row = missed_in_a_row + 1,
      availability = case when is_away then 'away' else availability end
    from missed where missed.id = helpers.id
    returning helpers.id, is_away as "isAway"`.execute(trx);
  return rows.filter(({ isAway }) => isAway).map(({ id }) => id);
}
