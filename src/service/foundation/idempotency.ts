import { createHash } from 'node:crypto';
import { sql, type Kysely, type Transaction } from 'kysely';
import { SessionError } from '../../protocol/errors.js';
import type { Tables } from './database/schema.js';

/** How long a result is kept, ms. */
export const resultsKeptForMs = 24 * 3_600_000;

/** One intended change, however often it is asked for. */
export interface Idempotency {
  /** Credential and route: the same key elsewhere is another key. */
  scope: string;
  key: string;
  /** The validated request; the same key with another one is refused. */
  request: unknown;
  /** Told where the change was made before, and its result is given again. */
  onReplay?: () => void;
}

/**
 * Runs `work` in a transaction, at most once for each key: its result is kept beside the change, and given again to who
 * repeats the request. A failure keeps nothing. `work` that returns undefined was not done, and is not kept.
 * @throws {SessionError} `IDEMPOTENCY_KEY_IN_USE`, `IDEMPOTENCY_KEY_REUSED`
 */
export async function runOnce<T extends object>(
  kysely: Kysely<Tables>,
  idempotency: Idempotency | undefined,
  now: number,
  work: (trx: Transaction<Tables>) => Promise<T | undefined>,
): Promise<T | undefined> {
  return kysely.transaction().execute(async (trx) => {
    if (!idempotency) return work(trx);
    const kept = await recall(trx, idempotency, now);
    if (kept) {
      idempotency.onReplay?.();
      return kept as T;
    }
    const result = await work(trx);
    if (result) await keep(trx, idempotency, result, now);
    return result;
  });
}

async function recall(trx: Transaction<Tables>, { scope, key, request }: Idempotency, now: number) {
  const name = `${scope}\n${key}`;
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as locked`.execute(trx);
  if (!rows[0]?.locked) throw new SessionError('IDEMPOTENCY_KEY_IN_USE', { retryAfterSeconds: 1 });
  const row = await trx
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'result'])
    .where('scope', '=', scope)
    .where('key', '=', key)
    .where('created_at', '>', now - resultsKeptForMs)
    .executeTakeFirst();
  if (row && row.request_hash !== hashOf(request)) throw new SessionError('IDEMPOTENCY_KEY_REUSED');
  return row?.result;
}

async function keep(trx: Transaction<Tables>, idempotency: Idempotency, result: object, now: number) {
  const { scope, key, request } = idempotency;
  const values = { request_hash: hashOf(request), result: JSON.stringify(result), created_at: now };
  await trx
    .insertInto('idempotency_keys')
    .values({ scope, key, ...values })
    .onConflict((conflict) => conflict.columns(['scope', 'key']).doUpdateSet(values))
    .execute();
}

/** Validated requests have their members in the order of the schema, so equal ones have equal text. */
const hashOf = (request: unknown) =>
  createHash('sha256')
    .update(JSON.stringify(request ?? null))
    .digest('hex');
