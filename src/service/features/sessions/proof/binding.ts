import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../../foundation/context.js';
import type { Binding, ProofOfPossession, SessionRow, Tables } from '../../../foundation/database/schema.js';
import { announceSubject } from '../../../foundation/events/announcements.js';
import type { SessionView } from '../session-view.js';
import { markUsed } from '../tokens/user-tokens.js';

/** How a session starts, and starts again with each launch. */
export const firstBinding = (setting: ProofOfPossession): Binding => (setting === 'off' ? 'unbound' : 'open');

/**
 * Binds an open session to a key, or leaves it unbound for good. Of several that try at once the first one does it.
 * @param thumbprint null where the first validation brought no proof.
 * @returns whether this one did.
 */
export async function bindOnce(
  { kysely }: ServiceContext,
  { id, launch_count }: SessionView,
  thumbprint: string | null,
): Promise<boolean> {
  const { numUpdatedRows } = await kysely
    .updateTable('sessions')
    .set({ binding: thumbprint === null ? 'unbound' : 'bound', key_thumbprint: thumbprint })
    .where('id', '=', id)
    .where('binding', '=', 'open')
    .where('launch_count', '=', launch_count)
    .executeTakeFirstOrThrow();
  const isFirst = numUpdatedRows > 0n;
  // Streams that were opened before, without a proof, end.
  if (isFirst && thumbprint !== null) await announceSubject(kysely, `session:${id}`);
  return isFirst;
}

/**
 * Binds a session to the browser that its customer, signed in with the page's own server, has opened it in now: the one
 * before is shut out.
 * @param tokenId the session token that was issued to that customer and that nobody has used before: it does this once.
 * @returns whether it did.
 */
export async function bindAnew(
  { kysely, now }: ServiceContext,
  { id, launch_count, key_thumbprint }: SessionView,
  thumbprint: string,
  tokenId: string,
): Promise<boolean> {
  return kysely.transaction().execute(async (trx) => {
    if (!(await markUsed(trx, tokenId, now()))) return false;
    const { numUpdatedRows } = await trx
      .updateTable('sessions')
      .set({ key_thumbprint: thumbprint })
      .where('id', '=', id)
      .where('launch_count', '=', launch_count)
      .where('key_thumbprint', '=', key_thumbprint)
      .executeTakeFirstOrThrow();
    // Streams of the browser before end.
    await announceSubject(trx, `session:${id}`);
    return numUpdatedRows > 0n;
  });
}

/** Lets the next browser in: a locked session is bound anew, and session tokens of earlier launches are refused. */
export async function releaseBinding(trx: Transaction<Tables>, session: SessionRow): Promise<void> {
  const { proof_of_possession } = await trx
    .selectFrom('applications')
    .select('proof_of_possession')
    .where('id', '=', session.application_id)
    .executeTakeFirstOrThrow();
  await trx
    .updateTable('sessions')
    .set({
      binding: firstBinding(proof_of_possession),
      key_thumbprint: null,
      launch_count: session.launch_count + 1,
    })
    .where('id', '=', session.id)
    .execute();
  // Streams that were opened with a session token of before end.
  await announceSubject(trx, `session:${session.id}`);
}
