import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../../foundation/context.js';
import type { Binding, ProofOfPossession, SessionRow, Tables } from '../../../foundation/database/schema.js';
import { announceSubject } from '../../../foundation/events/announcements.js';
import type { SessionView } from '../session-view.js';

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
