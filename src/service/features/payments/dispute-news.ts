import type Stripe from 'stripe';
import type { DisputeRow } from '../../foundation/database/schema.js';

/** What an event of Stripe tells of a dispute; undefined where it is about something else. */
export function disputeOf(event: Stripe.Event): DisputeRow | undefined {
  switch (event.type) {
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated': {
      const { id, amount, currency, payment_intent, status } = event.data.object;
      const payment_intent_id = typeof payment_intent === 'object' ? payment_intent?.id : payment_intent;
      // A charge that no checkout of ours has made.
      if (!payment_intent_id) return undefined;
      return {
        id,
        amount,
        currency,
        payment_intent_id,
        state: stateOf(status),
        told_at: event.created * 1000,
      };
    }
    default:
      return undefined;
  }
}

/** Who has the money: in an inquiry it stays, while a dispute is open and after it was lost the customer's bank has it. */
function stateOf(status: Stripe.Dispute.Status): DisputeRow['state'] {
  switch (status) {
    case 'needs_response':
    case 'under_review':
      return 'open';
    case 'lost':
    case 'appeal_needs_response':
    case 'appeal_under_review':
      return 'lost';
    case 'won':
      return 'won';
    default:
      return 'inquiry';
  }
}

const stages = { inquiry: 0, open: 1, lost: 2, won: 2 };

/** Whether news tell more of a dispute than what is known: a later stage, or of the same one something later. */
export function isNewer(news: DisputeRow, known: DisputeRow): boolean {
  const byStage = stages[news.state] - stages[known.state];
  const byTime = news.told_at - known.told_at;
  // Who loses may appeal and win: of two judgements in one second the better one is the later one.
  return (byStage || byTime || (news.state === 'won' ? 1 : -1)) > 0;
}
