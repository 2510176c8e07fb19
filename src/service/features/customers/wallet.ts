import { SessionError } from '../../../protocol/errors.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import { runOnce, type Idempotency } from '../../foundation/idempotency.js';
import { issuanceAccount, post, walletAccount } from '../../foundation/ledger/ledger.js';
import type { PageCursor } from '../../foundation/page-cursor.js';
import { readCustomer } from './customers.js';

/**
 * Puts tokens into a wallet, once for each reference.
 * @throws {SessionError} `CUSTOMER_NOT_FOUND`, `ALREADY_EXISTS` where the reference stands for another amount.
 */
export async function creditWallet(
  context: ServiceContext,
  customerId: string,
  credit: { tokens: number; reference: string },
  asked: AskedChange,
  idempotency: Idempotency | undefined,
): Promise<void> {
  const { tokens, reference } = credit;
  await runOnce(context.kysely, idempotency, context.now(), async (trx) => {
    // The customer's row orders credits of one reference that arrive together. Its key may still be referred to: who
    // writes into the ledger has the wallet locked by then.
    const customer = await trx
      .selectFrom('customers')
      .select('id')
      .where('id', '=', customerId)
      .where('erased_as', 'is', null)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (!customer) throw new SessionError('CUSTOMER_NOT_FOUND');
    const earlier = await trx
      .selectFrom('ledger_transactions')
      .innerJoin('ledger_entries', 'ledger_entries.transaction_id', 'ledger_transactions.id')
      .select('ledger_entries.amount')
      .where('ledger_transactions.kind', '=', 'credit')
      .where('ledger_transactions.customer_id', '=', customerId)
      .where('ledger_transactions.reference', '=', reference)
      .where('ledger_entries.account_id', '=', walletAccount(customerId))
      .executeTakeFirst();
    if (earlier && earlier.amount !== tokens) {
      throw new SessionError('ALREADY_EXISTS', {
        message: 'This reference was credited with another amount.',
      });
    }
    if (!earlier) {
      const now = context.now();
      await post(context, trx, [
        {
          kind: 'credit',
          customerId,
          reference,
          createdAt: now,
          amounts: { [issuanceAccount]: -tokens, [walletAccount(customerId)]: tokens },
        },
      ]);
      await recordChange(trx, asked, now);
    }
    return {};
  });
}

/**
 * What moved a wallet, newest first.
 * @throws {SessionError} `CUSTOMER_NOT_FOUND`
 */
export async function readEntries(
  context: ServiceContext,
  customerId: string,
  { after, limit }: { after: PageCursor | undefined; limit: number },
) {
  await readCustomer(context, customerId);
  // The page first, and its transactions then: joined before, all of everybody's are read in their order.
  const page = context.kysely
    .selectFrom('ledger_entries')
    .select(['transaction_id', 'amount', 'balance_after'])
    .where('account_id', '=', walletAccount(customerId))
    .$if(after !== undefined, (query) => query.where('transaction_id', '<', Number(after!.id)))
    .orderBy('transaction_id', 'desc')
    .limit(limit);
  return context.kysely
    .selectFrom(page.as('page'))
    .innerJoin('ledger_transactions', 'ledger_transactions.id', 'page.transaction_id')
    .select(['id', 'kind', 'amount', 'balance_after', 'session_id', 'reference', 'created_at'])
    .orderBy('id', 'desc')
    .execute();
}
