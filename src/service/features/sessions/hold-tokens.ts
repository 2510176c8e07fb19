import type { Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { post, walletAccount } from '../../foundation/ledger/ledger.js';

export interface HoldRequest {
  userId: string;
  /** The session that it is for; undefined where there is none yet. */
  sessionId?: string;
  /** The account that holds them. */
  account: string;
  tokens: number;
  /** Where the customer can buy more, told in the error. */
  topUpUrl: string | null;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * Sets tokens of the customer's wallet aside.
 * @throws {SessionError} `INSUFFICIENT_TOKENS` with `topUpUrl`
 */
export async function holdTokens(
  context: ServiceContext,
  trx: Transaction<Tables>,
  hold: HoldRequest,
): Promise<void> {
  try {
    await post(context, trx, [
      {
        kind: 'hold',
        customerId: hold.userId,
        ...(hold.sessionId !== undefined && { sessionId: hold.sessionId }),
        createdAt: hold.now,
        amounts: { [walletAccount(hold.userId)]: -hold.tokens, [hold.account]: hold.tokens },
      },
    ]);
  } catch (error) {
    if (!(error instanceof SessionError) || hold.topUpUrl === null) throw error;
    throw new SessionError(error.code, { topUpUrl: hold.topUpUrl });
  }
}
