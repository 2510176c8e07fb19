import type { Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables, WebhookEndpointRow } from '../../foundation/database/schema.js';
import { toStored } from '../../foundation/secrets/stored-secret.js';
import { placeOf } from './secrets.js';
import { newSecret } from './signature.js';

/** Secrets of an endpoint that sign beside the last two: each makes the header of every webhook longer. */
const maxOlder = 6;

/**
 * Gives an endpoint a new secret. The one before signs beside it for the overlap; what was replaced before that keeps the
 * time it was given. An overlap of 0 retires them all.
 * @throws {SessionError} `WEBHOOK_ENDPOINT_NOT_FOUND`, `WEBHOOK_LIMIT_REACHED` where too many still sign.
 */
export async function rollSecret(
  { kysely, now, box }: ServiceContext,
  { id }: WebhookEndpointRow,
  overlapSeconds: number,
  asked: AskedChange,
): Promise<{ secret: string; previousExpiresAt: number }> {
  const secret = newSecret();
  return kysely.transaction().execute(async (trx) => {
    const before = await trx
      .selectFrom('webhook_endpoints')
      .select(['id', 'secret', 'previous_secret', 'previous_secret_expires_at'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!before) throw new SessionError('WEBHOOK_ENDPOINT_NOT_FOUND');
    const rolledAt = now();
    const previousExpiresAt = rolledAt + overlapSeconds * 1000;
    await keepOlder(trx, before, rolledAt, overlapSeconds === 0);
    await trx
      .updateTable('webhook_endpoints')
      .set({
        secret: toStored(secret, placeOf(id), box),
        previous_secret: before.secret,
        previous_secret_expires_at: previousExpiresAt,
      })
      .where('id', '=', id)
      .execute();
    await recordChange(trx, asked, rolledAt);
    return { secret, previousExpiresAt };
  });
}

type Secrets = Pick<WebhookEndpointRow, 'id' | 'previous_secret' | 'previous_secret_expires_at'>;

/** Puts the secret that is replaced a second time with those that still sign, and forgets those that do not. */
async function keepOlder(
  trx: Transaction<Tables>,
  { id, previous_secret, previous_secret_expires_at }: Secrets,
  now: number,
  areRetired: boolean,
): Promise<void> {
  const older = trx.deleteFrom('older_webhook_secrets').where('endpoint_id', '=', id);
  await (areRetired ? older : older.where('expires_at', '<=', now)).execute();
  if (areRetired || previous_secret === null || previous_secret_expires_at! <= now) return;
  const { count } = await trx
    .selectFrom('older_webhook_secrets')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('endpoint_id', '=', id)
    .executeTakeFirstOrThrow();
  if (count >= maxOlder) throw new SessionError('WEBHOOK_LIMIT_REACHED');
  await trx
    .insertInto('older_webhook_secrets')
    .values({
      id: crypto.randomUUID(),
      endpoint_id: id,
      secret: previous_secret,
      expires_at: previous_secret_expires_at!,
    })
    .execute();
}
