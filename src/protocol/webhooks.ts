import type { ServiceEvents, ServiceEventType } from './events.js';
import type { ServiceException } from './exceptions.js';
import type {
  HelpRequestEvents,
  HelpRequestEventType,
  PaymentEvents,
  PaymentEventType,
} from './help-request.js';
import type { SubscriptionStatus } from './subscription.js';

/** Events that a webhook endpoint can ask for. */
export const webhookEventTypes = [
  'session.waiting',
  'session.started',
  'session.extended',
  'session.shortened',
  'session.paused',
  'session.resumed',
  'session.warning',
  'session.cancelled',
  'session.ended',
  'help_request.opened',
  'help_request.claimed',
  'help_request.reopened',
  'help_request.started',
  'help_request.completed',
  'help_request.cancelled',
  'help_request.expired',
  'help_request.outcome_recorded',
  'payment.authorized',
  'payment.captured',
  'payment.released',
  'payment.expired',
  'participant.joined',
  'participant.lost',
  'participant.back',
  'message.created',
  'file.created',
  'file.deleted',
  'webhook.disabled',
  'exception.opened',
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'wallet.low',
  'subscription.created',
  'subscription.renewed',
  'subscription.updated',
  'subscription.paused',
  'subscription.resumed',
  'subscription.canceled',
] as const satisfies readonly (
  ServiceEventType | HelpRequestEventType | PaymentEventType | keyof ProviderEvents | keyof MarketplaceEvents
)[];

export type WebhookEventType = (typeof webhookEventTypes)[number];

/** Those that an endpoint of a provider can ask for; the others are about the marketplace's own customers. */
export const providerEventTypes: readonly WebhookEventType[] = webhookEventTypes.filter(
  (type) => !/^(customer|wallet|subscription)\./.test(type),
);

/** Those that an endpoint of the marketplace itself can ask for; the others are about one provider's sessions and help requests. */
export const marketplaceEventTypes: readonly WebhookEventType[] = webhookEventTypes.filter(
  (type) => !/^(session|participant|message|file|help_request|payment)\./.test(type),
);

/** Why an endpoint gets nothing: its owner's wish, its answer 410, or five days without one success. */
export type WebhookDisabledReason = 'owner' | 'gone' | 'failing';

/** What each event about a session says beside its own members; it never changes, so each retry has the same body. */
export interface WebhookSession {
  session_id: string;
  /** The session's, once this had happened: webhooks may arrive in any order. Missing where a backend does not count. */
  revision?: number | undefined;
  /** The help request whose talk it is. */
  help_request_id?: string | undefined;
  application_id: string;
  provider_id: string;
  user_id: string;
  /** As it was given at the sale. */
  metadata: Record<string, string>;
}

/** What each event about a help request says beside its own members. */
export interface WebhookHelpRequest {
  application_id: string;
  provider_id: string;
  user_id: string;
}

/** Events of a provider, or of the marketplace itself. */
export interface ProviderEvents {
  /** Another endpoint of the same provider was disabled by the service. */
  'webhook.disabled': { endpoint_id: string; url: string; disabled_reason: 'gone' | 'failing' };
  /** A person has to look at something: told to the marketplace's own endpoints, and to those of the provider it is about. */
  'exception.opened': Omit<
    ServiceException,
    'id' | 'status' | 'created_at' | 'resolved_at' | 'resolved_by' | 'note'
  > & { exception_id: string };
}

/** What a marketplace may change of a customer. */
export const customerFields = ['organization_id', 'name', 'email', 'metadata', 'low_wallet_tokens'] as const;
export type CustomerField = (typeof customerFields)[number];

/** What each event about a subscription says, as it was then. */
export interface WebhookSubscription {
  subscription_id: string;
  customer_id: string;
  plan_id: string;
  status: SubscriptionStatus;
  /** Seconds since the epoch. */
  current_period_started_at: number;
  current_period_ends_at: number;
  cancel_at_period_end: boolean;
  /** The plan that it changes to at the end of the period. */
  pending_plan_id: string | null;
  /** What was granted with this change. */
  tokens_granted: number;
  /** What was not spent of the grant before it, and has expired. */
  tokens_expired: number;
}

/** Events of the marketplace alone: about its customers, without a word that is personal. */
export interface MarketplaceEvents {
  'customer.created': { customer_id: string };
  'customer.updated': { customer_id: string; changed: CustomerField[] };
  /** Erased: once this is delivered, the id stands nowhere any more. */
  'customer.deleted': { customer_id: string };
  /** Its first period has begun, and is granted. */
  'subscription.created': WebhookSubscription;
  /** A period has begun, and is granted. */
  'subscription.renewed': WebhookSubscription;
  /** Its plan was changed or is to change, or it is to end with its period, or no longer is. */
  'subscription.updated': WebhookSubscription;
  'subscription.paused': WebhookSubscription;
  'subscription.resumed': WebhookSubscription;
  /** It has ended. */
  'subscription.canceled': WebhookSubscription;
  /** Less than the customer's `low_wallet_tokens` is left to spend; again once there was as much in between. */
  'wallet.low': { customer_id: string; available: number; low_wallet_tokens: number };
}

export type SubscriptionEventType = Extract<keyof MarketplaceEvents, `subscription.${string}`>;

type WebhookData = { [T in ServiceEventType]: ServiceEvents[T] & WebhookSession } & {
  [T in HelpRequestEventType]: HelpRequestEvents[T] & WebhookHelpRequest;
} & {
  [T in PaymentEventType]: PaymentEvents[T] & WebhookHelpRequest;
} & ProviderEvents &
  MarketplaceEvents & {
    /** Sent on request, to that endpoint alone, whatever it asked for; no event. */
    'webhook.test': { endpoint_id: string };
  };

/** The body of a webhook (Standard Webhooks); its id is the header `webhook-id`. */
export type WebhookEvent = {
  [T in keyof WebhookData]: {
    type: T;
    /** When it happened, ISO 8601. */
    timestamp: string;
    data: WebhookData[T];
  };
}[keyof WebhookData];

/** Every event can be asked for. */
true satisfies
  | ServiceEventType
  | HelpRequestEventType
  | PaymentEventType
  | keyof ProviderEvents
  | keyof MarketplaceEvents extends WebhookEventType
  ? true
  : false;
