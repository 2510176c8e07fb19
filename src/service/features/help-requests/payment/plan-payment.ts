import type { Transaction } from 'kysely';
import { smallestCharge } from '../../../../protocol/currencies.js';
import type { HelpRequestRow, PaymentAuthorizationRow, Tables } from '../../../foundation/database/schema.js';
import { readAuthorization, writeAuthorization } from './authorizations.js';
import { nextPaymentStatus } from './transitions.js';

/** A locked request came to nothing: what is held for it is to be let go. Nothing where it is paid by tokens. */
export async function releasePayment(
  trx: Transaction<Tables>,
  { id, amount }: HelpRequestRow,
  now: number,
): Promise<void> {
  if (amount === null) return;
  const authorization = await readAuthorization(trx, id);
  if (authorization) await planRelease(trx, authorization, now);
}

/** A locked request has had its talk: what that costs is to be taken. Nothing where it is paid by tokens. */
export async function capturePayment(
  trx: Transaction<Tables>,
  request: HelpRequestRow,
  usedSeconds: number,
  now: number,
): Promise<void> {
  if (request.amount === null) return;
  const authorization = await readAuthorization(trx, request.id);
  if (!authorization || !nextPaymentStatus(authorization.status, 'capture')) return;
  const amount = costOf(request, usedSeconds);
  if (amount === 0) return planRelease(trx, authorization, now);
  await writeAuthorization(trx, authorization.id, {
    status: 'capturing',
    amount_to_capture: amount,
    ...at(now),
  });
}

/** Has a payment let go at the next look, wherever it stands; what was taken stays. */
export async function planRelease(
  trx: Transaction<Tables>,
  { id, status }: PaymentAuthorizationRow,
  now: number,
): Promise<void> {
  if (nextPaymentStatus(status, 'release')) await letGo(trx, id, now);
}

/** Has it let go at the next look. */
export async function letGo(trx: Transaction<Tables>, id: string, now: number): Promise<void> {
  await writeAuthorization(trx, id, { status: 'releasing', ...at(now) });
}

/** What a talk costs, in minor units: never more than is held. */
export function costOf(
  { amount, currency, capture, duration_seconds }: HelpRequestRow,
  usedSeconds: number,
): number {
  if (usedSeconds === 0) return 0;
  if (capture === 'full') return amount!;
  const unit = smallestCharge(currency!);
  const share = (amount! * Math.min(usedSeconds, duration_seconds)) / duration_seconds;
  return Math.min(amount!, Math.ceil(share / unit) * unit);
}

const at = (now: number) => ({ due_at: now, attempts: 0 });
