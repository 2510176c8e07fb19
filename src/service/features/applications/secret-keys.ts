import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Environment } from '../../../protocol/environments.js';
import { hashOf } from '../../foundation/auth/secrets.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import { announceCredentials } from '../../foundation/events/announcements.js';

/** A new secret key, and what is kept of it. */
export function makeSecretKey(mode: Environment): { secretKey: string; hash: string } {
  const secretKey = `sk_${mode}_${randomBytes(32).toString('base64url')}`;
  return { secretKey, hash: hashOf(secretKey) };
}

/**
 * Gives an application a new secret key. Those before it count for the overlap, and not longer: who loses the answer and
 * asks again has not made the key invalid that his servers use.
 * @param rotation `mode` is that of the application where nothing is said; the first that is said is its own for good
 * @throws {SessionError} `APPLICATION_NOT_FOUND`, `REQUEST_INVALID` where its mode is another one
 */
export async function rotateSecretKey(
  { kysely, now }: ServiceContext,
  applicationId: string,
  rotation: { mode: Environment | undefined; overlapSeconds: number },
  asked: AskedChange,
): Promise<{ secretKey: string; formerExpireAt: number }> {
  const rotatedAt = now();
  const formerExpireAt = rotatedAt + rotation.overlapSeconds * 1000;
  const secretKey = await kysely.transaction().execute(async (trx) => {
    const application = await trx
      .selectFrom('applications')
      .select(['secret_key_hash', 'mode'])
      .where('id', '=', applicationId)
      .forUpdate()
      .executeTakeFirst();
    if (!application) throw new SessionError('APPLICATION_NOT_FOUND');
    const mode = application.mode ?? rotation.mode ?? 'live';
    if (rotation.mode !== undefined && rotation.mode !== mode)
      throw new InvalidRequest([{ pointer: '/environment', message: `the application is for ${mode}` }]);
    const { secretKey, hash } = makeSecretKey(mode);
    await trx
      .updateTable('former_secret_keys')
      .set({ expires_at: formerExpireAt })
      .where('application_id', '=', applicationId)
      .where('expires_at', '>', formerExpireAt)
      .execute();
    await trx
      .insertInto('former_secret_keys')
      .values({
        hash: application.secret_key_hash,
        application_id: applicationId,
        expires_at: formerExpireAt,
      })
      .execute();
    await trx
      .updateTable('applications')
      .set({ secret_key_hash: hash, mode })
      .where('id', '=', applicationId)
      .execute();
    await announceCredentials(trx, applicationId);
    await recordChange(trx, asked, rotatedAt);
    return secretKey;
  });
  return { secretKey, formerExpireAt };
}

/**
 * The application that a secret key belongs to, the current one or one of before that still counts.
 * @param mode what the key says of itself
 * @throws {SessionError} `CREDENTIAL_INVALID`, also where the application is of the other mode
 */
export async function findBySecretKey({ kysely, now }: ServiceContext, secretKey: string, mode: Environment) {
  // The hash is the index: how long it takes to find none tells nothing of a key with 256 bits.
  const hash = hashOf(secretKey);
  const current = await kysely
    .selectFrom('applications')
    .select(['id', 'provider_id', 'secret_key_hash as hash', 'mode'])
    .where('secret_key_hash', '=', hash)
    .where(isOfMode(mode))
    .executeTakeFirst();
  if (current) return current;
  const former = await kysely
    .selectFrom('former_secret_keys')
    .innerJoin('applications', 'applications.id', 'application_id')
    .select(['applications.id', 'provider_id', 'hash', 'mode'])
    .where('hash', '=', hash)
    .where('expires_at', '>', now())
    .where(isOfMode(mode))
    .executeTakeFirst();
  if (!former) throw new SessionError('CREDENTIAL_INVALID');
  return former;
}

const isOfMode = (mode: Environment) => sql<boolean>`coalesce(mode, ${mode}) = ${mode}`;

/** Until when secret keys count, by their hashes, ms since the epoch; those that do not are left out. */
export async function expiriesOf(
  { kysely, now }: ServiceContext,
  hashes: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ hash: string; expires_at: number | null }>`
    select secret_key_hash as hash, null::bigint as expires_at from applications
    where secret_key_hash = any(${hashes}::text[])
    union all
    select hash, expires_at from former_secret_keys
    where hash = any(${hashes}::text[]) and expires_at > ${now()}`.execute(kysely);
  return new Map(rows.map(({ hash, expires_at }) => [hash, expires_at ?? Infinity]));
}
