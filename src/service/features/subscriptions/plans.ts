import type { Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { PlanRow, Tables } from '../../foundation/database/schema.js';
import { isBehind, type PageCursor } from '../../foundation/page-cursor.js';

/** @throws {SessionError} `ALREADY_EXISTS` */
export async function createPlan(
  { kysely }: ServiceContext,
  { metadata, ...plan }: PlanRow,
  asked: AskedChange,
): Promise<PlanRow> {
  return kysely.transaction().execute(async (trx) => {
    const made = await trx
      .insertInto('plans')
      .values({ ...plan, metadata: JSON.stringify(metadata) })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
    if (!made) throw new SessionError('ALREADY_EXISTS');
    await recordChange(trx, asked, made.created_at, made.id);
    return made;
  });
}

/** @throws {SessionError} `PLAN_NOT_FOUND` */
export async function findPlan({ kysely }: ServiceContext, id: string): Promise<PlanRow> {
  const plan = await kysely.selectFrom('plans').selectAll().where('id', '=', id).executeTakeFirst();
  if (!plan) throw new SessionError('PLAN_NOT_FOUND');
  return plan;
}

/** Newest first. */
export function listPlans(
  { kysely }: ServiceContext,
  { after, limit }: { after: PageCursor | undefined; limit: number },
): Promise<PlanRow[]> {
  return kysely
    .selectFrom('plans')
    .selectAll()
    .$if(after !== undefined, (query) => query.where(isBehind(after!)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/**
 * What a plan grants never changes: people have subscribed to it.
 * @throws {SessionError} `PLAN_NOT_FOUND`
 */
export async function changePlan(
  context: ServiceContext,
  id: string,
  { metadata, ...others }: Partial<Pick<PlanRow, 'name' | 'active' | 'metadata'>>,
  asked: AskedChange,
): Promise<PlanRow> {
  const changes = { ...others, ...(metadata && { metadata: JSON.stringify(metadata) }) };
  if (Object.keys(changes).length === 0) return findPlan(context, id);
  return context.kysely.transaction().execute(async (trx) => {
    const changed = await trx
      .updateTable('plans')
      .set(changes)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    if (!changed) throw new SessionError('PLAN_NOT_FOUND');
    await recordChange(trx, asked, context.now());
    return changed;
  });
}

/**
 * A plan that can be subscribed to.
 * @throws {SessionError} `PLAN_NOT_FOUND`, `PLAN_INACTIVE`
 */
export async function offeredPlan(trx: Transaction<Tables>, id: string): Promise<PlanRow> {
  const plan = await trx.selectFrom('plans').selectAll().where('id', '=', id).forShare().executeTakeFirst();
  if (!plan) throw new SessionError('PLAN_NOT_FOUND');
  if (!plan.active) throw new SessionError('PLAN_INACTIVE');
  return plan;
}
