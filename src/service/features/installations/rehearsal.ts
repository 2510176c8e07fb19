import type { Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { priceOf } from '../../../protocol/rules/cost.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { ApplicationRow, SessionRow, Tables } from '../../foundation/database/schema.js';
import { issuanceAccount, post, walletAccount } from '../../foundation/ledger/ledger.js';
import { meetCustomer } from '../customers/index.js';
import { createSession, findApplication } from '../sessions/index.js';

export const rehearsedSeconds = 600;

/** The customer of nobody, who alone buys rehearsals of an application. */
const rehearsalCustomer = (applicationId: string) => `rehearsal-${applicationId}`;

export const isRehearsal = ({ user_id, application_id }: SessionRow): boolean =>
  user_id === rehearsalCustomer(application_id);

/**
 * Sells a session of an application of tests to its own customer, who is given what it costs.
 * @param require throws where the application is nobody's business who asks
 * @returns the session's id
 * @throws {SessionError} `APPLICATION_NOT_FOUND`, `REHEARSAL_IMPOSSIBLE`
 */
export async function sellRehearsal(
  context: ServiceContext,
  trx: Transaction<Tables>,
  applicationId: string,
  require: (application: ApplicationRow) => void,
): Promise<string> {
  const application = await findApplication(trx, applicationId);
  require(application);
  if (application.mode !== 'test')
    throw new SessionError('REHEARSAL_IMPOSSIBLE', { message: 'The application is not one of tests.' });
  if (application.launch_url === null)
    throw new SessionError('REHEARSAL_IMPOSSIBLE', { message: 'The application has no launch_url.' });
  const customerId = rehearsalCustomer(applicationId);
  const seconds = Math.min(rehearsedSeconds, application.max_duration_seconds);
  const price = priceOf(application.tokens_per_minute, seconds);
  await meetCustomer(context, trx, customerId, undefined);
  await post(context, trx, [
    {
      kind: 'credit',
      customerId,
      createdAt: context.now(),
      amounts: { [issuanceAccount]: -price, [walletAccount(customerId)]: price },
    },
  ]);
  const request = { application_id: applicationId, user_id: customerId, duration_seconds: seconds };
  return createSession(context, trx, request);
}
