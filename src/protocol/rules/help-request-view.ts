import type { HelpRequestAnswer } from '../help-request.js';

type Written = Omit<HelpRequestAnswer, 'checkout_url' | 'typical_wait_seconds'>;

/**
 * A request as this reader may see it: a helper whom it was offered to, and who has not got it, learns nothing of who has, nor of
 * what is spoken of; what the helper noted is for the provider's side.
 * @param helperId of a helper who reads
 */
export function helpRequestFor(
  request: Written,
  { helperId, isCustomer }: { helperId: string | undefined; isCustomer: boolean },
): Written {
  const isForeign = helperId !== undefined && request.helper_id !== helperId;
  const hidden = isForeign && {
    helper_id: null,
    session_id: null,
    outcome: null,
    used_seconds: null,
    final_cost: null,
    payment_status: null,
    captured_amount: null,
  };
  return {
    ...request,
    helper_name: isForeign ? null : request.helper_name,
    description: isForeign && request.status !== 'open' ? null : request.description,
    notes: isForeign || isCustomer ? null : request.notes,
    ...hidden,
  };
}
