import { createHash, randomBytes } from 'node:crypto';
import { SessionError } from '../protocol/errors.js';
import { recordChange, type AskedChange } from './audit.js';
import type { ServiceContext } from './context.js';

export type KeyEnvironment = 'live' | 'test';

/** A new secret key, and what is kept of it. */
export function makeSecretKey(environment: KeyEnvironment): { secretKey: string; hash: string } {
  const secretKey = `sk_${environment}_${randomBytes(32).toString('base64url')}`;
  return { secretKey, hash: hashOf(secretKey) };
}

/** SHA-256, hex. A random key of 256 bits needs no salt and no slow hash. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/**
 * Gives an application a new secret key. Those before it count for the overlap, and not longer: who loses the answer and
 * asks again has not made the key invalid that his servers use.
 * @throws {SessionError} `APPLICATION_NOT_FOUND`
 */
export async function rotateSecretKey(
  { kysely, now }: ServiceContext,
  applicationId: string,
  { environment, overlapSeconds }: { environment: KeyEnvironment; overlapSeconds: number },
  asked: AskedChange,
): Promise<{ secretKey: string; formerExpireAt: number }> {
  const { secretKey, hash } = makeSecretKey(environment);
  const rotatedAt = now();
  const formerExpireAt = rotatedAt + overlapSeconds * 1000;
  await kysely.transaction().execute(async (trx) => {
    const application = await trx
      .selectFrom('applications')
      .select('secret_key_hash')
      .where('id', '=', applicationId)
      .forUpdate()
      .executeTakeFirst();
    if (!application) throw new SessionError('APPLICATION_NOT_FOUND');
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
      .set({ secret_key_hash: hash })
      .where('id', '=', applicationId)
      .execute();
    await recordChange(trx, asked, rotatedAt);
  });
  return { secretKey, formerExpireAt };
}

/**
 * The application that a secret key belongs to, the current one or one of before that still counts.
 * @throws {SessionError} `CREDENTIAL_INVALID`
 */
export async function findBySecretKey({ kysely, now }: ServiceContext, secretKey: string) {
  // The hash is the index: how long it takes to find none tells nothing of a key with 256 bits.
  const hash = hashOf(secretKey);
  const current = await kysely
    .selectFrom('applications')
    .select(['id', 'provider_id'])
    .where('secret_key_hash', '=', hash)
    .executeTakeFirst();
  if (current) return current;
  const former = await kysely
    .selectFrom('former_secret_keys')
    .innerJoin('applications', 'applications.id', 'application_id')
    .select(['applications.id', 'provider_id'])
    .where('hash', '=', hash)
    .where('expires_at', '>', now())
    .executeTakeFirst();
  if (!former) throw new SessionError('CREDENTIAL_INVALID');
  return former;
}

/** Forgets secret keys that no longer count. */
export async function forgetFormerKeys({ kysely }: ServiceContext, now: number): Promise<void> {
  await kysely.deleteFrom('former_secret_keys').where('expires_at', '<=', now).execute();
}
