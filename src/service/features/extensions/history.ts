import { sql } from 'kysely';
import type { Extension } from '../../../protocol/api.js';
import type { ServiceContext } from '../../foundation/context.js';

/** The extensions of a session and the checkouts that are to pay for one, oldest first. */
export async function listExtensions({ kysely }: ServiceContext, sessionId: string): Promise<Extension[]> {
  const paidByTokens = await kysely
    .selectFrom('extensions')
    .select(['id', 'additional_seconds', 'tokens', 'created_at'])
    .where('session_id', '=', sessionId)
    .where('checkout_id', 'is', null)
    .orderBy('position')
    .execute();
  const paidByMoney = await kysely
    .selectFrom('checkouts')
    .leftJoin('extensions', 'extensions.checkout_id', 'checkouts.id')
    .select(['checkouts.id', 'checkouts.created_at', 'status', 'amount', 'currency'])
    .select(['refunded_amount', 'disputed_amount'])
    .select(
      sql<number>`coalesce(extensions.additional_seconds - taken_back_seconds, 0)`.as('additional_seconds'),
    )
    .where('checkouts.session_id', '=', sessionId)
    // What was held for a talk bought no time.
    .where('checkouts.additional_seconds', '>', 0)
    .orderBy('checkouts.created_at')
    .orderBy('checkouts.id')
    .execute();
  const all: Extension[] = [
    ...paidByTokens.map((row) => ({ ...row, payment: 'tokens' as const, status: 'paid' as const })),
    ...paidByMoney.map((row) => ({ ...row, payment: 'money' as const, tokens: 0 })),
  ];
  return all
    .sort((one, other) => one.created_at - other.created_at)
    .map((row) => ({ ...row, created_at: Math.floor(row.created_at / 1000) }));
}
