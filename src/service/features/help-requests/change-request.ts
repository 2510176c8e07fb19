import type { Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HelpRequestRow, SessionRow, Tables } from '../../foundation/database/schema.js';
import { runOnce, type Idempotency } from '../../foundation/idempotency.js';
import { lockSession } from '../sessions/index.js';

/** A request that is locked, and its session, which was locked before it: sessions come before requests, everywhere. */
export interface LockedRequest {
  request: HelpRequestRow;
  session: SessionRow | undefined;
}

/**
 * Changes a request in one transaction, under the lock of its row and of its session's.
 * @throws {SessionError} `HELP_REQUEST_NOT_FOUND`, `IDEMPOTENCY_KEY_IN_USE`, `IDEMPOTENCY_KEY_REUSED`, and what `work` throws.
 */
export async function changeRequest(
  context: ServiceContext,
  id: string,
  idempotency: Idempotency | undefined,
  work: (trx: Transaction<Tables>, locked: LockedRequest, now: number) => Promise<void>,
): Promise<void> {
  for (;;) {
    const done = await runOnce(context.kysely, idempotency, context.now(), async (trx) => {
      const locked = await lockRequest(trx, id);
      if (!locked) return undefined;
      await work(trx, locked, context.now());
      return {};
    });
    if (done) return;
  }
}

/**
 * @returns undefined where it has got another session, or lost it, while its lock was waited for: the transaction has to begin
 * anew, for sessions are locked first.
 */
async function lockRequest(trx: Transaction<Tables>, id: string): Promise<LockedRequest | undefined> {
  const found = await trx
    .selectFrom('help_requests')
    .select('session_id')
    .where('id', '=', id)
    .executeTakeFirst();
  if (!found) throw new SessionError('HELP_REQUEST_NOT_FOUND');
  const session = found.session_id === null ? undefined : await lockSession(trx, found.session_id);
  const request = await trx
    .selectFrom('help_requests')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
  return request.session_id === found.session_id ? { request, session } : undefined;
}
