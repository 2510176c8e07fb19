import { sql, type Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { announceProviderCredentials } from '../../foundation/events/announcements.js';
import { runOnce, type Idempotency } from '../../foundation/idempotency.js';
import type { AccessTokenContent } from './access-token.js';
import type { Subject } from './subjects.js';

/** One page renews one token: more than this at a time is a loop. */
const maxTokensPerPerson = 100;

/** What is asked for. */
export type TokenOrder = Pick<AccessTokenContent, 'providerId' | 'subject' | 'scope' | 'clientId'> & {
  lifeSeconds: number;
};

/**
 * Writes down an access token that is to be signed. The token itself is kept nowhere: who repeats the request gets one
 * that says the same.
 * @throws {SessionError} `CUSTOMER_NOT_FOUND`, `ACCESS_TOKEN_LIMIT_REACHED`, and what `runOnce` throws
 */
export async function issueToken(
  context: ServiceContext,
  order: TokenOrder,
  asked: AskedChange,
  idempotency: Idempotency | undefined,
): Promise<AccessTokenContent> {
  const { lifeSeconds, ...said } = order;
  const now = context.now();
  const issued = await runOnce(context.kysely, idempotency, now, async (trx) => {
    await requireRoom(trx, order, now);
    const id = crypto.randomUUID();
    const issuedAt = Math.floor(now / 1000);
    const expiresAt = issuedAt + lifeSeconds;
    await trx
      .insertInto('access_tokens')
      .values({
        id,
        provider_id: order.providerId,
        subject_kind: order.subject.kind,
        subject_id: order.subject.id,
        expires_at: expiresAt * 1000,
      })
      .execute();
    await recordChange(trx, asked, now, id);
    return { id, issuedAt, expiresAt };
  });
  return { ...said, ...issued! };
}

async function requireRoom(
  trx: Transaction<Tables>,
  { providerId, subject }: TokenOrder,
  now: number,
): Promise<void> {
  if (subject.kind === 'customer') {
    // One who is being erased is gone after it.
    const customer = await trx
      .selectFrom('customers')
      .select('id')
      .where('id', '=', subject.id)
      .where('erased_as', 'is', null)
      .forKeyShare()
      .executeTakeFirst();
    if (!customer) throw new SessionError('CUSTOMER_NOT_FOUND');
  }
  const person = `access tokens ${providerId} ${subject.kind} ${subject.id}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${person}, 0))`.execute(trx);
  const { count } = await trx
    .selectFrom('access_tokens')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('subject_kind', '=', subject.kind)
    .where('subject_id', '=', subject.id)
    .where('provider_id', '=', providerId)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow();
  if (count >= maxTokensPerPerson) throw new SessionError('ACCESS_TOKEN_LIMIT_REACHED');
}

/**
 * Revokes one.
 * @param providerId whose it must be; undefined: any provider's
 * @throws {SessionError} `ACCESS_TOKEN_NOT_FOUND`
 */
export async function revokeToken(
  context: ServiceContext,
  id: string,
  providerId: string | undefined,
  asked: AskedChange,
): Promise<void> {
  const now = context.now();
  await context.kysely.transaction().execute(async (trx) => {
    const revoked = await trx
      .deleteFrom('access_tokens')
      .where('id', '=', id)
      .where('expires_at', '>', now)
      .$if(providerId !== undefined, (query) => query.where('provider_id', '=', providerId!))
      .returning('provider_id')
      .executeTakeFirst();
    if (!revoked) throw new SessionError('ACCESS_TOKEN_NOT_FOUND');
    await announceProviderCredentials(trx, revoked.provider_id);
    await recordChange(trx, asked, now);
  });
}

/**
 * Revokes all of a person.
 * @param providerId of which provider; undefined: of all
 * @returns how many there were.
 */
export async function revokeTokensOf(
  trx: Transaction<Tables>,
  { kind, id }: Subject,
  providerId?: string,
): Promise<number> {
  const revoked = await trx
    .deleteFrom('access_tokens')
    .where('subject_kind', '=', kind)
    .where('subject_id', '=', id)
    .$if(providerId !== undefined, (query) => query.where('provider_id', '=', providerId!))
    .returning('provider_id')
    .execute();
  for (const each of new Set(revoked.map((row) => row.provider_id)))
    await announceProviderCredentials(trx, each);
  return revoked.length;
}
