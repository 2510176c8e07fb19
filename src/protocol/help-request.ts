export const helpRequestStatuses = [
  'awaiting_payment',
  'open',
  'claimed',
  'in_progress',
  'completed',
  'cancelled',
  'expired',
] as const;
export type HelpRequestStatus = (typeof helpRequestStatuses)[number];

/** Whether it looks for nobody any more, and no talk will come of it. */
export const isFinalHelpRequest = (status: HelpRequestStatus): boolean =>
  status === 'completed' || status === 'cancelled' || status === 'expired';

/** Why a request came to nothing. */
export const helpRequestReasons = [
  'requested',
  'customer_absent',
  'session_cancelled',
  'nobody_free',
  'payment_failed',
  'authorization_expired',
] as const;
export type HelpRequestReason = (typeof helpRequestReasons)[number];

/**
 * Where the payment of a help request stands. Money is held from `authorized` on, and is the provider's once it is `captured`; it is the
 * customer's again, or was never held, once it is `released`, has `expired` at his bank, or has `failed`.
 */
export const paymentStatuses = [
  'pending',
  'authorized',
  'capturing',
  'captured',
  'releasing',
  'released',
  'expired',
  'failed',
] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

/** What is taken of a price in money: the share of the time that was used, rounded up, or all of it. */
export const captures = ['used', 'full'] as const;
export type Capture = (typeof captures)[number];

/** What a helper says of a talk that is over. */
export const outcomes = ['resolved', 'unresolved', 'in_person'] as const;
export type Outcome = (typeof outcomes)[number];

/** A helper's own switch. */
export const availabilities = ['available', 'away', 'offline'] as const;
export type Availability = (typeof availabilities)[number];

/** How an offer of a request to a helper stands; withdrawn is one that somebody else was faster to take. */
export const offerStates = ['offered', 'accepted', 'declined', 'withdrawn', 'missed'] as const;
export type OfferState = (typeof offerStates)[number];

/** What a helper is told of; it goes on standing in the list until it is put away. */
export const notificationTypes = ['offered', 'claim_missed', 'request_cancelled', 'set_away'] as const;
export type NotificationType = (typeof notificationTypes)[number];

/** What each event about a help request says, as it was then: ids and states, and no word that anybody wrote. */
export interface HelpRequestNews {
  request_id: string;
  category_id: string;
  /** Raised by every change: of two events the one with the higher version is the later. */
  version: number;
  status: HelpRequestStatus;
  /** Of one that was cancelled or has expired. */
  reason: HelpRequestReason | null;
  helper_id: string | null;
  session_id: string | null;
  outcome: Outcome | null;
}

/** Events of a help request, one row each, which the service writes in the transaction of the change itself. */
export interface HelpRequestEvents {
  'help_request.opened': HelpRequestNews;
  /** Exactly one helper has it; its session waits for him and the customer. */
  'help_request.claimed': HelpRequestNews;
  /** The helper gave it back or did not come: it is offered to the others. */
  'help_request.reopened': HelpRequestNews;
  'help_request.started': HelpRequestNews;
  'help_request.completed': HelpRequestNews;
  'help_request.cancelled': HelpRequestNews;
  'help_request.expired': HelpRequestNews;
  'help_request.outcome_recorded': HelpRequestNews;
}

export type HelpRequestEventType = keyof HelpRequestEvents;

/** What each event about the payment of a help request says. */
export interface PaymentNews {
  request_id: string;
  /** The request's, once this had happened. */
  version: number;
  payment_status: PaymentStatus;
  /** The price, in the currency's minor units. */
  amount: number;
  /** ISO 4217, lower case. */
  currency: string;
  /** What was taken of it; null before, and where nothing was. */
  captured_amount: number | null;
}

/** Events of the payment of a help request: they are about the request too. */
export interface PaymentEvents {
  /** The customer's bank holds the price; helpers are asked from now on. */
  'payment.authorized': PaymentNews;
  'payment.captured': PaymentNews;
  /** Nothing was taken, and nothing is held any more. */
  'payment.released': PaymentNews;
  /** The bank holds it no more, though nobody has asked for that: nothing can be taken. */
  'payment.expired': PaymentNews;
}

export type PaymentEventType = keyof PaymentEvents;

/** A help request as it stands, without a word that anybody wrote: what is streamed. Instants are whole seconds since the epoch. */
export interface HelpRequestState {
  id: string;
  provider_id: string;
  application_id: string;
  user_id: string;
  category_id: string;
  status: HelpRequestStatus;
  reason: HelpRequestReason | null;
  version: number;
  /** 1 asks those who have the skills and are available, 2 all who are there. */
  round: number;
  /** How many helpers it is offered to now. */
  offered_count: number;
  helper_id: string | null;
  session_id: string | null;
  /** The price of the whole length; 0 costs nothing, null is paid by money. */
  tokens: number | null;
  /** The price in money, in the currency's minor units; null where it is paid by tokens. */
  amount: number | null;
  /** ISO 4217, lower case. */
  currency: string | null;
  /** Null where it is paid by tokens. */
  payment_status: PaymentStatus | null;
  /** What was taken of `amount`, once it was. */
  captured_amount: number | null;
  duration_seconds: number;
  created_at: number;
  claimed_at: number | null;
  started_at: number | null;
  ended_at: number | null;
  /** When the service acts next: the end of a round, or of the time to come. */
  due_at: number | null;
  used_seconds: number | null;
  final_cost: number | null;
  outcome: Outcome | null;
}

/** A help request as whoever asks for it may read it. */
export interface HelpRequestAnswer extends HelpRequestState {
  /** Of who has claimed it. */
  helper_name: string | null;
  description: string | null;
  /** The helper's, for the provider's side alone. */
  notes: string | null;
  /** Where it is paid, while it awaits that. */
  checkout_url: string | null;
  /** How long the provider's latest customers have waited until somebody took their request. */
  typical_wait_seconds: number | null;
}

/** What help there is, for how long and at which price. */
export interface HelpCategory {
  id: string;
  name: string;
  /** The price of the whole length; 0 costs nothing, null is paid by money. */
  tokens: number | null;
  /** The price in money, in the currency's minor units. */
  amount?: number | null;
  /** ISO 4217, lower case. */
  currency?: string | null;
  /** What is taken of a price in money. */
  capture?: Capture | null;
  duration_seconds: number;
  /** Whether it can be asked for. */
  active: boolean;
}

/** `data` of one frame of `GET /help-requests/{id}/events`. */
export type HelpRequestFrame =
  | { type: 'help_request.snapshot'; request: HelpRequestState; server_time: number }
  | {
      [T in keyof TellableEvents]: TellableEvents[T] & {
        type: T;
        created_at: number;
        request: HelpRequestState;
        server_time: number;
      };
    }[keyof TellableEvents];

type TellableEvents = HelpRequestEvents & PaymentEvents;

/** A request as one helper's desk shows it. */
export interface DeskRequest {
  id: string;
  application_id: string;
  category_id: string;
  version: number;
  status: HelpRequestStatus;
  /** How the offer to this helper stands. */
  offer: OfferState;
  /** Once this helper has it. */
  session_id: string | null;
  /** The price: tokens, or money. */
  tokens: number | null;
  amount: number | null;
  currency: string | null;
  duration_seconds: number;
  created_at: number;
  due_at: number | null;
  /** What this helper has said of the talk; a desk goes on showing one that is over and was said nothing of, for a day. */
  outcome: Outcome | null;
}

/** The helper, as the own desk shows him. */
export interface DeskHelper {
  id: string;
  availability: Availability;
  active_count: number;
  max_concurrent: number;
}

/** `data` of one frame of `GET /helpers/{id}/events`: states as they are, which a repeated or a lost one does no harm. */
export type DeskFrame = { unread_count: number; server_time: number } & (
  | { type: 'desk.snapshot'; helper: DeskHelper; requests: DeskRequest[] }
  | { type: 'desk.changed'; helper: DeskHelper }
  | { type: 'help_request.changed'; request: DeskRequest }
);
