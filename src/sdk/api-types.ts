// Made by `npm run generate` from the OpenAPI document. Change the source, not this file.

export interface ProviderStatistics {
  /** All that were ever sold */
  sessions: number;
  /** Running now, paused ones included */
  activeSessions: number;
  sessionsByStatus: {
    waiting: number;
    active: number;
    paused: number;
    completed: number;
    expired: number;
    cancelled: number;
  };
  /** Customers with at least one session */
  users: number;
  /** Tokens that the ended sessions have cost */
  revenueTokens: number;
  /** What extensions brought, without what went back */
  revenueMoney: {
    currency: string;
    /** Minor units of the currency */
    amount: number;
  }[];
  /** Of the ended sessions, without those that never started; null where there is none */
  averageUsedSeconds: number | null;
  /** Milliseconds since the epoch */
  serverTime: number;
}

export interface ProviderAnalytics {
  timeZone: string;
  /** Each date of the range, oldest first */
  days: {
    date: string;
    /** The day is not over: its figures still grow */
    isRunning: boolean;
    /** Sold */
    sessions: number;
    /** Ended by somebody */
    completed: number;
    /** Ended because the time was up */
    expired: number;
    /** Never started */
    cancelled: number;
    /** Different customers who bought one */
    users: number;
    /** Tokens that the ended sessions have cost */
    revenueTokens: number;
    /** Tokens held for time that was not used, and given back */
    returnedTokens: number;
    /** What extensions brought, without what went back */
    revenueMoney: {
      currency: string;
      /** Minor units of the currency */
      amount: number;
    }[];
    /** What went back by refunds and disputes, without what came again */
    returnedMoney: {
      currency: string;
      /** Minor units of the currency */
      amount: number;
    }[];
    /** Of the sessions that have run and ended; null where there is none */
    averageUsedSeconds: number | null;
    /** Bought for running sessions */
    extensions: number;
    /** What they added */
    extendedSeconds: number;
    /** That a session ends soon */
    warnings: number;
    /** Followed by an extension before the next warning */
    warningsAnswered: number;
    /** Each hour from the beginning of the day on, with interval=hour */
    hours?:
      | {
          /** Its first moment, milliseconds since the epoch */
          startsAt: Date;
          /** The hour is not over: its figures still grow */
          isRunning: boolean;
          /** Sold */
          sessions: number;
          /** Ended by somebody */
          completed: number;
          /** Ended because the time was up */
          expired: number;
          /** Never started */
          cancelled: number;
          /** Different customers who bought one */
          users: number;
          /** Tokens that the ended sessions have cost */
          revenueTokens: number;
          /** Tokens held for time that was not used, and given back */
          returnedTokens: number;
          /** What extensions brought, without what went back */
          revenueMoney: {
            currency: string;
            /** Minor units of the currency */
            amount: number;
          }[];
          /** What went back by refunds and disputes, without what came again */
          returnedMoney: {
            currency: string;
            /** Minor units of the currency */
            amount: number;
          }[];
          /** Of the sessions that have run and ended; null where there is none */
          averageUsedSeconds: number | null;
          /** Bought for running sessions */
          extensions: number;
          /** What they added */
          extendedSeconds: number;
          /** That a session ends soon */
          warnings: number;
          /** Followed by an extension before the next warning */
          warningsAnswered: number;
        }[]
      | undefined;
  }[];
  total: FigureTotal;
  previous: FigureTotal;
  /** Milliseconds since the epoch */
  serverTime: number;
}

/** All days together; of `previous` the same number of days right before, to compare with */
export interface FigureTotal {
  from: string;
  to: string;
  /** Sold */
  sessions: number;
  /** Ended by somebody */
  completed: number;
  /** Ended because the time was up */
  expired: number;
  /** Never started */
  cancelled: number;
  /** Different customers who bought one */
  users: number;
  /** Tokens that the ended sessions have cost */
  revenueTokens: number;
  /** Tokens held for time that was not used, and given back */
  returnedTokens: number;
  /** What extensions brought, without what went back */
  revenueMoney: {
    currency: string;
    /** Minor units of the currency */
    amount: number;
  }[];
  /** What went back by refunds and disputes, without what came again */
  returnedMoney: {
    currency: string;
    /** Minor units of the currency */
    amount: number;
  }[];
  /** Of the sessions that have run and ended; null where there is none */
  averageUsedSeconds: number | null;
  /** Bought for running sessions */
  extensions: number;
  /** What they added */
  extendedSeconds: number;
  /** That a session ends soon */
  warnings: number;
  /** Followed by an extension before the next warning */
  warningsAnswered: number;
  /** Customers whose sales are more than a day apart are told apart by the day: a little off */
  usersEstimated: boolean;
}

export interface Session {
  id: string;
  /** Raised by one with each change of the session: of two answers the one with the higher revision is newer */
  revision?: number | undefined;
  status: 'waiting' | 'active' | 'paused' | 'completed' | 'expired' | 'cancelled';
  userId: string;
  providerId: string;
  applicationId: string;
  /** Whole marketplace tokens */
  tokensAllocated: number;
  durationLimitSeconds: number;
  createdAt: Date;
  startedAt: Date | null;
  /** When it is cancelled unless it has started; null once it has, or is over */
  waitingUntil?: number | null | undefined;
  expiresAt: Date | null;
  remainingSeconds: number;
  pauseEndsAt: Date | null;
  /** Who has paused it; null while not paused */
  pausedBy?: 'customer' | 'provider' | 'marketplace' | null | undefined;
  pausable: boolean;
  pauseSecondsLeft: number;
  returnUrl: string | null;
  /** What the application has registered: where the page may return to */
  returnOrigins?: string[] | undefined;
  topUpUrl: string | null;
  extensionOptions: {
    additionalSeconds: number;
    /** Null where it is sold for money only */
    tokens: number | null;
    available: boolean;
    unavailableReason?: 'INSUFFICIENT_TOKENS' | 'EXTENSION_LIMIT_REACHED' | undefined;
    money?:
      | {
          /** Minor units of the currency, as Stripe counts them */
          amount: number;
          /** ISO 4217, lower case */
          currency: string;
        }
      | undefined;
  }[];
  endedAt: Date | null;
  usedSeconds: number | null;
  /** Whole marketplace tokens */
  finalCost: number | null;
  /** Whole marketplace tokens */
  tokensRefunded: number | null;
}

export interface WebhookEndpoint {
  id: string;
  /** Null: the marketplace's own */
  providerId: string | null;
  /** An https address on the public internet */
  url: string;
  events: (
    | 'session.waiting'
    | 'session.started'
    | 'session.extended'
    | 'session.shortened'
    | 'session.paused'
    | 'session.resumed'
    | 'session.warning'
    | 'session.cancelled'
    | 'session.ended'
    | 'help_request.opened'
    | 'help_request.claimed'
    | 'help_request.reopened'
    | 'help_request.started'
    | 'help_request.completed'
    | 'help_request.cancelled'
    | 'help_request.expired'
    | 'help_request.outcome_recorded'
    | 'payment.authorized'
    | 'payment.captured'
    | 'payment.released'
    | 'payment.expired'
    | 'participant.joined'
    | 'participant.lost'
    | 'participant.back'
    | 'message.created'
    | 'file.created'
    | 'file.deleted'
    | 'webhook.disabled'
    | 'exception.opened'
    | 'customer.created'
    | 'customer.updated'
    | 'customer.deleted'
    | 'wallet.low'
    | 'subscription.created'
    | 'subscription.renewed'
    | 'subscription.updated'
    | 'subscription.paused'
    | 'subscription.resumed'
    | 'subscription.canceled'
  )[];
  description: string;
  enabled: boolean;
  disabledReason: 'owner' | 'gone' | 'failing' | null;
  disabledAt: Date | null;
  /** The first failure since the last success */
  failingSince: number | null;
  /** Until then the secret before signs too */
  previousSecretExpiresAt: Date | null;
  createdAt: Date;
}

export interface WebhookDelivery {
  /** The header webhook-id */
  id: string;
  endpointId: string;
  type: string;
  data: Record<string, unknown>;
  status: 'pending' | 'delivered' | 'failed' | 'cancelled';
  createdAt: Date;
  /** Null once it is finished */
  nextAttemptAt: Date | null;
  finishedAt: Date | null;
  attempts: {
    number: number;
    startedAt: Date;
    /** Null, like the rest, while it runs */
    durationMs: number | null;
    responseStatus: number | null;
    /** Null after a 2xx */
    error: string | null;
  }[];
}

export interface Provider {
  id: string;
  name: string;
  /** In which days are counted (IANA) */
  timeZone: string;
  websiteUrl: string | null;
  createdAt: Date;
}

export interface Application {
  id: string;
  providerId: string;
  name: string;
  launchUrl: string | null;
  allowedOrigins: string[];
  returnOrigins: string[];
  tokensPerMinute: number;
  extensionOptions: {
    additionalSeconds: number;
    /** Null: for money only */
    tokens: number | null;
    money?:
      | {
          /** Minor units of the currency, as Stripe counts them */
          amount: number;
          /** ISO 4217, lower case */
          currency: string;
        }
      | undefined;
  }[];
  maxDurationSeconds: number;
  /** Extensions a session may have */
  maxExtensions: number | null;
  pausable: boolean;
  maxPauseSeconds: number;
  topUpUrl: string | null;
  /** Whether sessions are bound to the browser that opens them first (DPoP, RFC 9449) */
  proofOfPossession: 'off' | 'preferred' | 'required';
  /** What session tokens of its users may read about a customer: the wallet, the subscriptions and who it is are the marketplace’s, and are read by no provider without its leave */
  customerOperations: ('read_customer' | 'read_wallet' | 'read_subscription' | 'read_sessions')[];
  /** Null where it was registered before applications had one: its next secret key gives it one */
  mode: 'live' | 'test' | null;
  createdAt: Date;
}

export interface PageReport {
  pageUrl: string;
  /** Whether nothing blocks */
  ready: boolean;
  checks: {
    /** Stable */
    id: string;
    title: string;
    /** Why it was not looked at; null where it was */
    skipped: string | null;
    findings: PageFinding[];
  }[];
  /** Milliseconds since the epoch */
  serverTime: number;
}

export interface PageFinding {
  /** Stable, of docs/setup-checks.md */
  cause: string;
  /** Whether sessions cannot work, or not safely; what is not, is advice */
  blocks: boolean;
  /** What is so */
  means: string;
  /** What mends it */
  mend: string;
  /** What the two sentences name */
  values: Record<string, string | number>;
}

export interface Customer {
  id: string;
  organizationId: string | null;
  name: string | null;
  email: string | null;
  metadata: Record<string, string>;
  /** wallet.low is told when less than this is left to spend; null: never */
  lowWalletTokens: number | null;
  createdAt: Date;
  wallet: {
    /** Tokens that can be spent */
    available: number;
    /** Tokens set aside for running sessions */
    held: number;
  };
}

export interface Subscription {
  id: string;
  customerId: string;
  planId: string;
  /** The plan that it changes to at the end of the period */
  pendingPlanId: string | null;
  status: 'active' | 'paused' | 'canceled';
  currentPeriodStartedAt: Date;
  currentPeriodEndsAt: Date;
  cancelAtPeriodEnd: boolean;
  startedAt: Date;
  pausedAt: Date | null;
  /** When a pause ends by itself */
  resumesAt: Date | null;
  /** When its cancellation was asked for */
  canceledAt: Date | null;
  endedAt: Date | null;
  metadata: Record<string, string>;
  createdAt: Date;
}

export interface Erasure {
  /** The name that takes the place of the id; the id itself of a customer who is not erased */
  id: string;
  status: 'none' | 'running' | 'done';
}

export interface Plan {
  id: string;
  name: string;
  interval: 'day' | 'week' | 'month' | 'year';
  /** Intervals in a period */
  intervalCount: number;
  tokensPerPeriod: number;
  /** Whether what is not spent stays; else it expires when the next period begins */
  rollover: boolean;
  /** Whether it can be subscribed to */
  active: boolean;
  metadata: Record<string, string>;
  createdAt: Date;
}

export interface Helper {
  id: string;
  providerId: string;
  /** What the customer reads once the helper has claimed */
  displayName: string;
  skills: string[];
  /** Requests at a time */
  maxConcurrent: number;
  /** The own switch; who misses three requests in a row goes away */
  availability: 'available' | 'away' | 'offline';
  /** Requests that are claimed or in progress */
  activeCount: number;
  createdAt: Date;
}

export interface HelpCategory {
  id: string;
  providerId: string;
  name: string;
  /** What a helper has to know in the first round */
  skills: string[];
  /** The price of the whole length; what is used of it is paid. 0 costs nothing, null is paid by money */
  tokens: number | null;
  /** Instead of tokens: the price of the whole length, in minor units of the currency */
  amount: number | null;
  /** ISO 4217, lower case */
  currency: string | null;
  /** What is taken of a price in money after the talk: the share of the time that was used, or all of it */
  capture: 'used' | 'full' | null;
  durationSeconds: number;
  /** How long each of the two rounds looks for somebody */
  searchSeconds: number;
  /** Whether it can be asked for */
  active: boolean;
  createdAt: Date;
}

export interface NotificationList {
  notifications: Notification[];
  /** 1000 stands for more, too */
  unreadCount: number;
  nextCursor: string | null;
}

export interface Notification {
  id: number;
  type: 'offered' | 'claim_missed' | 'request_cancelled' | 'set_away';
  requestId: string | null;
  createdAt: Date;
  readAt: Date | null;
}

export interface NotificationsRead {
  unreadCount: number;
}

export interface AccessToken {
  /** By which it is revoked; its jti */
  id: string;
  /** A JWT (RFC 9068); it is kept nowhere */
  accessToken: string;
  tokenType: 'Bearer';
  /** Seconds */
  expiresIn: number;
  /** With blanks between */
  scope: string;
}

export interface SessionToken {
  /** By which it is revoked */
  id: string;
  /** For the page; it is kept nowhere */
  sessionToken: string;
  expiresAt: Date;
  /** Null where the user has no live session: the page shows so */
  sessionId: string | null;
  allowedOperations: (
    | 'use_session'
    | 'pause_session'
    | 'extend_session'
    | 'complete_session'
    | 'read_customer'
    | 'read_wallet'
    | 'read_subscription'
    | 'read_sessions'
  )[];
}

export interface Exception {
  id: string;
  kind:
    | 'payment_unmatched'
    | 'payment_amount_mismatch'
    | 'payment_currency_mismatch'
    | 'refund_failed'
    | 'refund_unmatched'
    | 'dispute_unmatched'
    | 'payment_unsettled'
    | 'job_failed';
  status: 'open' | 'resolved';
  /** What it is about */
  subject: string;
  /** What does not fit */
  detail: string;
  providerId: string | null;
  sessionId: string | null;
  checkoutId: string | null;
  /** Of the payment provider */
  paymentIntentId: string | null;
  /** The money that waits, in minor units */
  amount: number | null;
  /** ISO 4217, lower case */
  currency: string | null;
  createdAt: Date;
  resolvedAt: Date | null;
  /** Whose credential it was */
  resolvedBy: string | null;
  note: string | null;
}

export interface AuditEntry {
  id: string;
  /** operator, application:<id> or session:<id> */
  actor: string;
  /** Method and route */
  action: string;
  /** The path of what was changed */
  subject: string;
  /** The fields that were sent */
  fields: string[];
  /** Where it came from, if that is known */
  address: string | null;
  requestId: string;
  createdAt: Date;
}

export interface Message {
  id: string;
  sessionId: string;
  /** Its place in the session, from 1 on without a gap: everybody reads them in this order */
  position: number;
  /** The side */
  sentBy: 'customer' | 'provider' | 'marketplace';
  /** Null for the marketplace */
  role: 'customer' | 'helper' | 'provider' | 'observer' | null;
  /** The customer, the provider, or the person that the access token names */
  participantId: string | null;
  /** The sender's own name for it: the same for each try to send it, which is then done once */
  clientId: string;
  /** Plain text, kept as it is given: never put it into a page as HTML */
  text: string;
  createdAt: Date;
}

export interface SessionFile {
  id: string;
  sessionId: string;
  /** The side */
  sentBy: 'customer' | 'provider' | 'marketplace';
  /** Null for the marketplace */
  role: 'customer' | 'helper' | 'provider' | 'observer' | null;
  /** The customer, the provider, or the person that the access token names */
  participantId: string | null;
  name: string;
  /** Bytes */
  size: number;
  /** By its content: for an icon, or a preview of pictures */
  contentType: string;
  /** Hex */
  sha256: string;
  /** Opens it to whoever has the address, always as an attachment, until url_expires_at */
  url: string;
  urlExpiresAt: Date;
  createdAt: Date;
}

export interface Room {
  /** embedded: in the page itself, by signals */
  provider: string;
  participant: 'customer' | 'provider';
  /** Whether this side gives way where both offer at once: one of the two does */
  polite: boolean;
  /** Where the room is, outside of the page */
  joinUrl?: string | undefined;
  /** Of an embedded room: as RTCConfiguration takes them */
  iceServers?:
    | {
        urls: string[];
        username?: string | undefined;
        credential?: string | undefined;
      }[]
    | undefined;
  /** When the session started; null while it waits */
  opensAt: Date | null;
  /** When its time is up as things stand; null while it stands still */
  endsAt: Date | null;
  /** Until when one can join with this answer */
  expiresAt: Date;
}

export interface HelpRequest {
  id: string;
  providerId: string;
  applicationId: string;
  userId: string;
  categoryId: string;
  status: 'awaiting_payment' | 'open' | 'claimed' | 'in_progress' | 'completed' | 'cancelled' | 'expired';
  /** Why it came to nothing */
  reason:
    | 'requested'
    | 'customer_absent'
    | 'session_cancelled'
    | 'nobody_free'
    | 'payment_failed'
    | 'authorization_expired'
    | null;
  /** Raised by every change */
  version: number;
  /** 1 asks those who have the skills and are available, 2 all who are there */
  round: number;
  /** Helpers whom it is offered to now; 0 while it is open: nobody is free */
  offeredCount: number;
  /** Who has claimed it */
  helperId: string | null;
  helperName: string | null;
  /** The session that waits for both, or is their talk */
  sessionId: string | null;
  description: string | null;
  /** The price of the whole length, held from the beginning; null where it is paid by money */
  tokens: number | null;
  /** The price in money, in minor units of the currency; null where it is paid by tokens */
  amount: number | null;
  /** ISO 4217, lower case */
  currency: string | null;
  /** Where the payment by money stands */
  paymentStatus:
    | 'pending'
    | 'authorized'
    | 'capturing'
    | 'captured'
    | 'releasing'
    | 'released'
    | 'expired'
    | 'failed'
    | null;
  /** What was taken of it */
  capturedAmount: number | null;
  durationSeconds: number;
  createdAt: Date;
  claimedAt: Date | null;
  startedAt: Date | null;
  endedAt: Date | null;
  /** When the service acts next */
  dueAt: Date | null;
  usedSeconds: number | null;
  /** Tokens */
  finalCost: number | null;
  outcome: 'resolved' | 'unresolved' | 'in_person' | null;
  /** The helper’s; for the provider’s side */
  notes: string | null;
  /** Where the customer pays, while that is waited for */
  checkoutUrl: string | null;
  /** How long the provider’s latest customers have waited until somebody took their request */
  typicalWaitSeconds: number | null;
}

export interface ListedHelpRequest {
  id: string;
  providerId: string;
  applicationId: string;
  userId: string;
  categoryId: string;
  status: 'awaiting_payment' | 'open' | 'claimed' | 'in_progress' | 'completed' | 'cancelled' | 'expired';
  /** Why it came to nothing */
  reason:
    | 'requested'
    | 'customer_absent'
    | 'session_cancelled'
    | 'nobody_free'
    | 'payment_failed'
    | 'authorization_expired'
    | null;
  /** Raised by every change */
  version: number;
  /** 1 asks those who have the skills and are available, 2 all who are there */
  round: number;
  /** Helpers whom it is offered to now; 0 while it is open: nobody is free */
  offeredCount: number;
  /** Who has claimed it */
  helperId: string | null;
  helperName: string | null;
  /** The session that waits for both, or is their talk */
  sessionId: string | null;
  description: string | null;
  /** The price of the whole length, held from the beginning; null where it is paid by money */
  tokens: number | null;
  /** The price in money, in minor units of the currency; null where it is paid by tokens */
  amount: number | null;
  /** ISO 4217, lower case */
  currency: string | null;
  /** Where the payment by money stands */
  paymentStatus:
    | 'pending'
    | 'authorized'
    | 'capturing'
    | 'captured'
    | 'releasing'
    | 'released'
    | 'expired'
    | 'failed'
    | null;
  /** What was taken of it */
  capturedAmount: number | null;
  durationSeconds: number;
  createdAt: Date;
  claimedAt: Date | null;
  startedAt: Date | null;
  endedAt: Date | null;
  /** When the service acts next */
  dueAt: Date | null;
  usedSeconds: number | null;
  /** Tokens */
  finalCost: number | null;
  outcome: 'resolved' | 'unresolved' | 'in_person' | null;
  /** The helper’s; for the provider’s side */
  notes: string | null;
}

export interface HelperStatistics {
  offered: number;
  /** And not given back, nor missed */
  claimed: number;
  /** Those that were given back included */
  declined: number;
  /** Nothing was answered, or nobody came */
  missed: number;
  completed: number;
  outcomes: {
    resolved: number;
    unresolved: number;
    inPerson: number;
  };
  averageUsedSeconds: number | null;
}

export interface HelpStatistics {
  requests: number;
  byStatus: {
    awaitingPayment: number;
    open: number;
    claimed: number;
    inProgress: number;
    completed: number;
    cancelled: number;
    expired: number;
  };
  outcomes: {
    resolved: number;
    unresolved: number;
    inPerson: number;
  };
  /** From the request to the claim */
  waitSecondsP50: number | null;
  waitSecondsP95: number | null;
  /** Within 30 seconds */
  claimedSoon: number;
  averageUsedSeconds: number | null;
}

export interface TimelineEntry {
  /** Rises with time */
  id: number;
  /** As the streams and webhooks name it */
  type: string;
  createdAt: Date;
  /** What the event says: ids, states and amounts, and no word that anybody wrote */
  data: Record<string, unknown>;
}

export interface PageMetrics {
  timeZone: string;
  from: string;
  to: string;
  /** By name */
  metrics: {
    name: string;
    total: number;
    /** In the same number of days right before */
    previous: number;
    /** Those on which it was counted, oldest first */
    days: {
      date: string;
      amount: number;
    }[];
  }[];
  /** Milliseconds since the epoch */
  serverTime: number;
}

export interface ProviderAttention {
  attention: {
    kind:
      | 'exceptions_open'
      | 'webhook_endpoints_failing'
      | 'help_requests_open'
      | 'help_requests_missed'
      | 'authorizations_lapsing'
      | 'disputes_open'
      | 'disputes_lost';
    count: number;
    /** Where these are listed, among others; null: at the payment provider */
    list: string | null;
  }[];
  /** Milliseconds since the epoch */
  serverTime: number;
}

/** Read the figures of a provider */
export interface ProviderStatsParams {
  /** Of applications for customers, or of those for tests, never of both; what the key that asks is for, else `live`. An application that is named says it by itself */
  environment?: 'live' | 'test' | undefined;
}

/** Read the figures of a provider by day */
export interface ProviderAnalyticsParams {
  /** The first day; 30 days up to the last one */
  from?: string | undefined;
  /** The last day; today */
  to?: string | undefined;
  /** That of the provider */
  timeZone?: string | undefined;
  /** Also by hour, for at most 31 days */
  interval?: 'day' | 'hour' | undefined;
  /** Of this application alone */
  applicationId?: string | undefined;
  /** Of applications for customers, or of those for tests, never of both; what the key that asks is for, else `live`. An application that is named says it by itself */
  environment?: 'live' | 'test' | undefined;
}

/** List the sessions of a provider */
export interface ProviderSessionsParams {
  status?: 'waiting' | 'active' | 'paused' | 'completed' | 'expired' | 'cancelled' | undefined;
  /** Of this application alone */
  applicationId?: string | undefined;
  /** Of applications for customers, or of those for tests, never of both; what the key that asks is for, else `live`. An application that is named says it by itself */
  environment?: 'live' | 'test' | undefined;
  userId?: string | undefined;
  /** Sold then or later, seconds */
  from?: number | null | undefined;
  /** Sold before, seconds */
  to?: number | null | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Read the sessions of a provider as CSV */
export interface ProviderSessionsCsvParams {
  status?: 'waiting' | 'active' | 'paused' | 'completed' | 'expired' | 'cancelled' | undefined;
  /** Of this application alone */
  applicationId?: string | undefined;
  /** Of applications for customers, or of those for tests, never of both; what the key that asks is for, else `live`. An application that is named says it by itself */
  environment?: 'live' | 'test' | undefined;
  userId?: string | undefined;
  /** Sold then or later, seconds */
  from?: number | null | undefined;
  /** Sold before, seconds */
  to?: number | null | undefined;
  /** In which instants are written; that of the provider */
  timeZone?: string | undefined;
}

/** Sell a session */
export interface SessionCreateParams {
  applicationId: string;
  userId: string;
  durationSeconds: number;
  /** When its time begins: at once, or once both sides are there, or POST /sessions/{id}/start says so */
  start?: 'now' | 'when_joined' | undefined;
  /** With when_joined: who has to be there beside the customer. provider (the default): anybody of its side; helper; server: nobody, POST /sessions/{id}/start alone starts it */
  waitsFor?: 'provider' | 'helper' | 'server' | undefined;
  /** With when_joined: how long it waits before it is cancelled */
  waitingSeconds?: number | undefined;
  /** The price that was shown; another one is refused */
  tokensToDeduct?: number | undefined;
  returnUrl?: string | undefined;
  metadata?: Record<string, string> | undefined;
}

export interface SessionCreateResponse {
  session: Session;
  /** Milliseconds since the epoch */
  serverTime: number;
  sessionToken: string;
  launchUrl: string | null;
}

/** List sessions */
export interface SessionListParams {
  userId?: string | undefined;
  applicationId?: string | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

export interface SessionLaunchResponse {
  session: Session;
  /** Milliseconds since the epoch */
  serverTime: number;
  sessionToken: string;
  launchUrl: string | null;
}

/** Validate a session */
export type SessionValidateParams =
  | {
      sessionJwt: string;
    }
  | {
      jti: string;
    };

export interface SessionValidateResponse {
  valid: true;
  session: Session;
  remainingSeconds: number;
  /** Milliseconds since the epoch */
  serverTime: number;
  /** What the service offers, by name */
  capabilities?: string[] | undefined;
  /** What the session token allows, where it was issued for a user; others allow all */
  allowedOperations?: string[] | undefined;
  /** When the page is to come back with a heartbeat */
  nextHeartbeatSeconds?: number | undefined;
}

export interface SessionRetrieveResponse {
  session: Session;
  /** Milliseconds since the epoch */
  serverTime: number;
  sessionToken?: string | undefined;
}

/** Tell that the page is there */
export interface SessionHeartbeatParams {
  /** The sender’s clock, ms since the epoch */
  timestamp: number;
  /** Whether the page is in front */
  active: boolean;
  /** What the page counted since its last report */
  metrics?:
    | {
        /** The sender: one tab, from its load on; a random name */
        page: string;
        /** From 1 on, by sender; a report that comes twice counts once */
        sequence: number;
        /** What is added to each name: no text, address or person */
        counts: Record<string, number>;
      }
    | undefined;
}

export interface SessionHeartbeatResponse {
  acknowledged: true;
  /** Raised by one with each change of the session: of two answers the one with the higher revision is newer */
  revision?: number | undefined;
  status: 'waiting' | 'active' | 'paused' | 'completed' | 'expired' | 'cancelled';
  remainingSeconds: number;
  expiresAt: Date | null;
  /** Milliseconds since the epoch */
  serverTime: number;
  /** When the page is to come back with a heartbeat */
  nextHeartbeatSeconds?: number | undefined;
  sessionToken?: string | undefined;
  session?: Session | undefined;
}

export interface SessionStartResponse {
  session: Session;
  /** Milliseconds since the epoch */
  serverTime: number;
  sessionToken?: string | undefined;
}

export interface SessionCancelResponse {
  session: Session;
  /** Milliseconds since the epoch */
  serverTime: number;
  sessionToken?: string | undefined;
}

export interface SessionPauseResponse {
  session: Session;
  /** Milliseconds since the epoch */
  serverTime: number;
  sessionToken?: string | undefined;
}

export interface SessionResumeResponse {
  session: Session;
  /** Milliseconds since the epoch */
  serverTime: number;
  sessionToken?: string | undefined;
}

export interface SessionEndResponse {
  session: Session;
  /** Milliseconds since the epoch */
  serverTime: number;
  sessionToken?: string | undefined;
}

/** Complete a session, or cancel one that waits */
export interface SessionCompleteParams {
  /** For the record; the bill goes by what the service measured */
  actualUsageMinutes?: number | undefined;
  metadata?: Record<string, string> | undefined;
}

export interface SessionCompleteResponse {
  /** Raised by one with each change of the session: of two answers the one with the higher revision is newer */
  revision?: number | undefined;
  status: 'waiting' | 'active' | 'paused' | 'completed' | 'expired' | 'cancelled';
  usedSeconds: number;
  /** Whole marketplace tokens */
  finalCost: number;
  /** Whole marketplace tokens */
  tokensRefunded: number;
  session: Session;
  /** Milliseconds since the epoch */
  serverTime: number;
}

export interface KeyRotateResponse {
  kid: string;
}

/** Buy more time */
export interface SessionExtendParams {
  additionalSeconds: number;
  /** The price that was shown; another one is refused. Without it: the price at the sale of the session, or now if less */
  tokensToDeduct?: number | null | undefined;
  payment?: 'tokens' | 'money' | undefined;
  successUrl?: string | undefined;
  cancelUrl?: string | undefined;
}

export interface SessionExtendResponse {
  /** Raised by one with each change of the session: of two answers the one with the higher revision is newer */
  revision?: number | undefined;
  expiresAt: Date | null;
  additionalSeconds: number;
  /** Whole marketplace tokens */
  additionalCost: number;
  sessionToken: string;
  session: Session;
  /** Milliseconds since the epoch */
  serverTime: number;
  /** Where to pay; nothing is added to the session before */
  checkoutUrl?: string | undefined;
}

export interface SessionExtensionsResponse {
  extensions: {
    id: string;
    additionalSeconds: number;
    /** Whole marketplace tokens */
    tokens: number;
    createdAt: Date;
    payment: 'tokens' | 'money';
    status: 'open' | 'paid' | 'failed' | 'expired' | 'refunded';
    amount?: number | undefined;
    currency?: string | undefined;
    refundedAmount?: number | undefined;
    /** What the bank of the customer holds because of a dispute, or kept */
    disputedAmount?: number | undefined;
  }[];
  options: {
    additionalSeconds: number;
    /** Null where it is sold for money only */
    tokens: number | null;
    available: boolean;
    unavailableReason?: 'INSUFFICIENT_TOKENS' | 'EXTENSION_LIMIT_REACHED' | undefined;
    money?:
      | {
          /** Minor units of the currency, as Stripe counts them */
          amount: number;
          /** ISO 4217, lower case */
          currency: string;
        }
      | undefined;
  }[];
}

/** Register a webhook endpoint */
export interface WebhookEndpointCreateParams {
  /** An https address on the public internet */
  url: string;
  events: (
    | 'session.waiting'
    | 'session.started'
    | 'session.extended'
    | 'session.shortened'
    | 'session.paused'
    | 'session.resumed'
    | 'session.warning'
    | 'session.cancelled'
    | 'session.ended'
    | 'help_request.opened'
    | 'help_request.claimed'
    | 'help_request.reopened'
    | 'help_request.started'
    | 'help_request.completed'
    | 'help_request.cancelled'
    | 'help_request.expired'
    | 'help_request.outcome_recorded'
    | 'payment.authorized'
    | 'payment.captured'
    | 'payment.released'
    | 'payment.expired'
    | 'participant.joined'
    | 'participant.lost'
    | 'participant.back'
    | 'message.created'
    | 'file.created'
    | 'file.deleted'
    | 'webhook.disabled'
    | 'exception.opened'
    | 'customer.created'
    | 'customer.updated'
    | 'customer.deleted'
    | 'wallet.low'
    | 'subscription.created'
    | 'subscription.renewed'
    | 'subscription.updated'
    | 'subscription.paused'
    | 'subscription.resumed'
    | 'subscription.canceled'
  )[];
  description?: string | undefined;
  /** For the operator, null: the marketplace's own; a secret key names its own */
  providerId?: string | null | undefined;
}

export interface WebhookEndpointCreateResponse {
  id: string;
  /** Null: the marketplace's own */
  providerId: string | null;
  /** An https address on the public internet */
  url: string;
  events: (
    | 'session.waiting'
    | 'session.started'
    | 'session.extended'
    | 'session.shortened'
    | 'session.paused'
    | 'session.resumed'
    | 'session.warning'
    | 'session.cancelled'
    | 'session.ended'
    | 'help_request.opened'
    | 'help_request.claimed'
    | 'help_request.reopened'
    | 'help_request.started'
    | 'help_request.completed'
    | 'help_request.cancelled'
    | 'help_request.expired'
    | 'help_request.outcome_recorded'
    | 'payment.authorized'
    | 'payment.captured'
    | 'payment.released'
    | 'payment.expired'
    | 'participant.joined'
    | 'participant.lost'
    | 'participant.back'
    | 'message.created'
    | 'file.created'
    | 'file.deleted'
    | 'webhook.disabled'
    | 'exception.opened'
    | 'customer.created'
    | 'customer.updated'
    | 'customer.deleted'
    | 'wallet.low'
    | 'subscription.created'
    | 'subscription.renewed'
    | 'subscription.updated'
    | 'subscription.paused'
    | 'subscription.resumed'
    | 'subscription.canceled'
  )[];
  description: string;
  enabled: boolean;
  disabledReason: 'owner' | 'gone' | 'failing' | null;
  disabledAt: Date | null;
  /** The first failure since the last success */
  failingSince: number | null;
  /** Until then the secret before signs too */
  previousSecretExpiresAt: Date | null;
  createdAt: Date;
  /** Shown this once */
  secret: string;
}

/** List webhook endpoints */
export interface WebhookEndpointListParams {
  providerId?: string | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Change a webhook endpoint */
export interface WebhookEndpointUpdateParams {
  /** An https address on the public internet */
  url?: string | undefined;
  events?:
    | (
        | 'session.waiting'
        | 'session.started'
        | 'session.extended'
        | 'session.shortened'
        | 'session.paused'
        | 'session.resumed'
        | 'session.warning'
        | 'session.cancelled'
        | 'session.ended'
        | 'help_request.opened'
        | 'help_request.claimed'
        | 'help_request.reopened'
        | 'help_request.started'
        | 'help_request.completed'
        | 'help_request.cancelled'
        | 'help_request.expired'
        | 'help_request.outcome_recorded'
        | 'payment.authorized'
        | 'payment.captured'
        | 'payment.released'
        | 'payment.expired'
        | 'participant.joined'
        | 'participant.lost'
        | 'participant.back'
        | 'message.created'
        | 'file.created'
        | 'file.deleted'
        | 'webhook.disabled'
        | 'exception.opened'
        | 'customer.created'
        | 'customer.updated'
        | 'customer.deleted'
        | 'wallet.low'
        | 'subscription.created'
        | 'subscription.renewed'
        | 'subscription.updated'
        | 'subscription.paused'
        | 'subscription.resumed'
        | 'subscription.canceled'
      )[]
    | undefined;
  description?: string | undefined;
  enabled?: boolean | undefined;
}

/** Give a webhook endpoint a new secret */
export interface WebhookEndpointRollSecretParams {
  /** How long the secret that is replaced signs too; 0 retires all that came before */
  overlapSeconds?: number | undefined;
}

export interface WebhookEndpointRollSecretResponse {
  /** Shown this once */
  secret: string;
  previousSecretExpiresAt: Date;
}

/** List deliveries */
export interface WebhookEndpointDeliveryListParams {
  status?: 'pending' | 'delivered' | 'failed' | 'cancelled' | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Register a provider */
export interface ProviderCreateParams {
  name: string;
  /** In which days are counted (IANA) */
  timeZone?: string | undefined;
  websiteUrl?: string | null | undefined;
  id?: string | undefined;
}

/** List the providers */
export interface ProviderListParams {
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Change the settings of a provider */
export interface ProviderUpdateParams {
  name?: string | undefined;
  /** In which days are counted (IANA) */
  timeZone?: string | undefined;
  websiteUrl?: string | null | undefined;
}

/** Register an application */
export interface ApplicationCreateParams {
  name: string;
  launchUrl?: string | null | undefined;
  allowedOrigins?: string[] | undefined;
  returnOrigins?: string[] | undefined;
  tokensPerMinute: number;
  extensionOptions?:
    | {
        additionalSeconds: number;
        /** Null: for money only */
        tokens: number | null;
        money?:
          | {
              /** Minor units of the currency, as Stripe counts them */
              amount: number;
              /** ISO 4217, lower case */
              currency: string;
            }
          | undefined;
      }[]
    | undefined;
  maxDurationSeconds?: number | undefined;
  /** Extensions a session may have */
  maxExtensions?: number | null | undefined;
  pausable?: boolean | undefined;
  maxPauseSeconds?: number | undefined;
  topUpUrl?: string | null | undefined;
  /** Whether sessions are bound to the browser that opens them first (DPoP, RFC 9449) */
  proofOfPossession?: 'off' | 'preferred' | 'required' | undefined;
  /** What session tokens of its users may read about a customer: the wallet, the subscriptions and who it is are the marketplace’s, and are read by no provider without its leave */
  customerOperations?:
    ('read_customer' | 'read_wallet' | 'read_subscription' | 'read_sessions')[] | undefined;
  id?: string | undefined;
  providerId: string;
  /** Whom the application is for, for good; its secret keys begin with it */
  environment?: 'live' | 'test' | undefined;
}

export interface ApplicationCreateResponse {
  id: string;
  providerId: string;
  name: string;
  launchUrl: string | null;
  allowedOrigins: string[];
  returnOrigins: string[];
  tokensPerMinute: number;
  extensionOptions: {
    additionalSeconds: number;
    /** Null: for money only */
    tokens: number | null;
    money?:
      | {
          /** Minor units of the currency, as Stripe counts them */
          amount: number;
          /** ISO 4217, lower case */
          currency: string;
        }
      | undefined;
  }[];
  maxDurationSeconds: number;
  /** Extensions a session may have */
  maxExtensions: number | null;
  pausable: boolean;
  maxPauseSeconds: number;
  topUpUrl: string | null;
  /** Whether sessions are bound to the browser that opens them first (DPoP, RFC 9449) */
  proofOfPossession: 'off' | 'preferred' | 'required';
  /** What session tokens of its users may read about a customer: the wallet, the subscriptions and who it is are the marketplace’s, and are read by no provider without its leave */
  customerOperations: ('read_customer' | 'read_wallet' | 'read_subscription' | 'read_sessions')[];
  /** Null where it was registered before applications had one: its next secret key gives it one */
  mode: 'live' | 'test' | null;
  createdAt: Date;
  /** Shown this once; only its hash is kept */
  secretKey: string;
}

/** List the applications */
export interface ApplicationListParams {
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Change an application */
export interface ApplicationUpdateParams {
  name?: string | undefined;
  launchUrl?: string | null | undefined;
  allowedOrigins?: string[] | undefined;
  returnOrigins?: string[] | undefined;
  tokensPerMinute?: number | undefined;
  extensionOptions?:
    | {
        additionalSeconds: number;
        /** Null: for money only */
        tokens: number | null;
        money?:
          | {
              /** Minor units of the currency, as Stripe counts them */
              amount: number;
              /** ISO 4217, lower case */
              currency: string;
            }
          | undefined;
      }[]
    | undefined;
  maxDurationSeconds?: number | undefined;
  /** Extensions a session may have */
  maxExtensions?: number | null | undefined;
  pausable?: boolean | undefined;
  maxPauseSeconds?: number | undefined;
  topUpUrl?: string | null | undefined;
  /** Whether sessions are bound to the browser that opens them first (DPoP, RFC 9449) */
  proofOfPossession?: 'off' | 'preferred' | 'required' | undefined;
  /** What session tokens of its users may read about a customer: the wallet, the subscriptions and who it is are the marketplace’s, and are read by no provider without its leave */
  customerOperations?:
    ('read_customer' | 'read_wallet' | 'read_subscription' | 'read_sessions')[] | undefined;
}

/** Give an application a new secret key */
export interface ApplicationRollSecretKeyParams {
  /** That of the application, which alone is accepted */
  environment?: 'live' | 'test' | undefined;
  /** How long the secret keys of before are accepted too; 0 where one is known to others */
  overlapSeconds?: number | undefined;
}

export interface ApplicationRollSecretKeyResponse {
  /** Shown this once; only its hash is kept */
  secretKey: string;
  /** Until then the secret keys of before are accepted; seconds since the epoch */
  formerExpireAt: Date;
}

/** Look at the page of an application from outside */
export interface ApplicationCheckParams {
  /** A page on a registered origin; launch_url where nothing is said */
  pageUrl?: string | undefined;
}

export interface ApplicationRehearseResponse {
  session: Session;
  /** Milliseconds since the epoch */
  serverTime: number;
  sessionToken: string;
  launchUrl: string | null;
}

/** Let the time of a rehearsal pass at once */
export interface SessionFastForwardParams {
  /** What is left then; where less is left it stays as it is */
  remainingSeconds: number;
}

export interface SessionFastForwardResponse {
  session: Session;
  /** Milliseconds since the epoch */
  serverTime: number;
  sessionToken?: string | undefined;
}

/** Create a customer */
export interface CustomerCreateParams {
  id: string;
  organizationId?: string | null | undefined;
  name?: string | null | undefined;
  email?: string | null | undefined;
  metadata?: Record<string, string> | undefined;
  /** wallet.low is told when less than this is left to spend; null: never */
  lowWalletTokens?: number | null | undefined;
}

/** List the customers */
export interface CustomerListParams {
  organizationId?: string | undefined;
  /** Whatever the case of its letters */
  email?: string | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Create a customer, or change the one that is there */
export interface CustomerUpsertParams {
  organizationId?: string | null | undefined;
  name?: string | null | undefined;
  email?: string | null | undefined;
  metadata?: Record<string, string> | undefined;
  /** wallet.low is told when less than this is left to spend; null: never */
  lowWalletTokens?: number | null | undefined;
}

/** Change a customer */
export interface CustomerUpdateParams {
  organizationId?: string | null | undefined;
  name?: string | null | undefined;
  email?: string | null | undefined;
  metadata?: Record<string, string> | undefined;
  /** wallet.low is told when less than this is left to spend; null: never */
  lowWalletTokens?: number | null | undefined;
}

export interface CustomerStateResponse {
  customer: Customer;
  /** Those that are not over, newest first */
  subscriptions: Subscription[];
  session: Session | null;
  /** Milliseconds since the epoch */
  serverTime: number;
}

/** Put tokens into a wallet */
export interface CustomerCreditParams {
  tokens: number;
  /** The payment it stands for: credited once */
  reference: string;
}

/** Read what moved a wallet */
export interface CustomerEntriesParams {
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

export interface CustomerEntriesItem {
  id: number;
  kind: 'credit' | 'hold' | 'settlement' | 'expiry';
  /** Into the wallet; negative: out of it */
  amount: number;
  balanceAfter: number;
  sessionId: string | null;
  reference: string | null;
  createdAt: Date;
}

/** Create a plan */
export interface PlanCreateParams {
  name: string;
  interval: 'day' | 'week' | 'month' | 'year';
  /** Intervals in a period */
  intervalCount?: number | undefined;
  tokensPerPeriod: number;
  /** Whether what is not spent stays; else it expires when the next period begins */
  rollover?: boolean | undefined;
  /** Whether it can be subscribed to */
  active?: boolean | undefined;
  metadata?: Record<string, string> | undefined;
  id?: string | undefined;
}

/** List the plans */
export interface PlanListParams {
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Change a plan, but not what it grants */
export interface PlanUpdateParams {
  name?: string | undefined;
  /** Whether it can be subscribed to */
  active?: boolean | undefined;
  metadata?: Record<string, string> | undefined;
}

/** Subscribe a customer to a plan */
export interface SubscriptionCreateParams {
  customerId: string;
  planId: string;
  metadata?: Record<string, string> | undefined;
}

/** List subscriptions */
export interface SubscriptionListParams {
  customerId?: string | undefined;
  status?: 'active' | 'paused' | 'canceled' | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Change the plan of a subscription */
export interface SubscriptionUpdateParams {
  planId: string;
}

/** Cancel a subscription */
export interface SubscriptionCancelParams {
  /** Else it ends now */
  atPeriodEnd?: boolean | undefined;
}

/** Pause a subscription */
export interface SubscriptionPauseParams {
  /** null: until it is resumed */
  resumesAt?: Date | null | undefined;
}

/** Create a helper */
export interface HelperCreateParams {
  /** What the customer reads once the helper has claimed */
  displayName: string;
  skills?: string[] | undefined;
  /** Requests at a time */
  maxConcurrent?: number | undefined;
  id?: string | undefined;
  /** Needed with the operator key */
  providerId?: string | undefined;
}

/** List helpers */
export interface HelperListParams {
  providerId?: string | undefined;
  availability?: 'available' | 'away' | 'offline' | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Change a helper */
export interface HelperUpdateParams {
  /** What the customer reads once the helper has claimed */
  displayName?: string | undefined;
  skills?: string[] | undefined;
  /** Requests at a time */
  maxConcurrent?: number | undefined;
}

/** Set whether a helper is available */
export interface HelperSetAvailabilityParams {
  availability: 'available' | 'away' | 'offline';
}

/** Create a category of help */
export interface HelpCategoryCreateParams {
  name: string;
  /** What a helper has to know in the first round */
  skills?: string[] | undefined;
  /** The price of the whole length; what is used of it is paid. 0 costs nothing, null is paid by money */
  tokens?: number | null | undefined;
  /** Instead of tokens: the price of the whole length, in minor units of the currency */
  amount?: number | null | undefined;
  /** ISO 4217, lower case */
  currency?: string | null | undefined;
  /** What is taken of a price in money after the talk: the share of the time that was used, or all of it */
  capture?: 'used' | 'full' | null | undefined;
  durationSeconds: number;
  /** How long each of the two rounds looks for somebody */
  searchSeconds?: number | undefined;
  /** Whether it can be asked for */
  active?: boolean | undefined;
  id?: string | undefined;
  /** Needed with the operator key */
  providerId?: string | undefined;
}

/** List the categories of help */
export interface HelpCategoryListParams {
  providerId?: string | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Change a category of help */
export interface HelpCategoryUpdateParams {
  name?: string | undefined;
  /** What a helper has to know in the first round */
  skills?: string[] | undefined;
  /** The price of the whole length; what is used of it is paid. 0 costs nothing, null is paid by money */
  tokens?: number | null | undefined;
  /** Instead of tokens: the price of the whole length, in minor units of the currency */
  amount?: number | null | undefined;
  /** ISO 4217, lower case */
  currency?: string | null | undefined;
  /** What is taken of a price in money after the talk: the share of the time that was used, or all of it */
  capture?: 'used' | 'full' | null | undefined;
  durationSeconds?: number | undefined;
  /** How long each of the two rounds looks for somebody */
  searchSeconds?: number | undefined;
  /** Whether it can be asked for */
  active?: boolean | undefined;
}

/** List what a helper was told */
export interface HelperNotificationsParams {
  /** Whether only what is not read yet */
  unread?: 'true' | 'false' | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Mark notifications as read */
export interface HelperReadNotificationsParams {
  /** The newest that was seen: it and all before it are read */
  upTo?: number | undefined;
  /** Those that are read, whatever came before them */
  ids?: number[] | undefined;
}

/** Issue an access token */
export interface AccessTokenCreateParams {
  /** The person it speaks for */
  subject: {
    kind: 'customer' | 'helper' | 'member';
    id: string;
  };
  /** For a customer: sessions.list, sessions.read, messages.read, files.read, help-categories.read, help-requests.read, help-requests.cancel. For a helper: sessions.read, sessions.attend, messages.read, messages.send, files.read, files.upload, applications.read, providers.read, helpers.read, helpers.attend, help-categories.read, help-requests.read, help-requests.answer. For a member: sessions.list, sessions.read, sessions.attend, messages.read, messages.send, files.read, files.upload, applications.read, applications.configure, installations.verify, secret-keys.roll, providers.read, figures.read, helpers.read, help-categories.read, help-requests.read, webhooks.read, exceptions.read */
  scope: (
    | 'sessions.list'
    | 'sessions.read'
    | 'messages.read'
    | 'files.read'
    | 'help-categories.read'
    | 'help-requests.read'
    | 'help-requests.cancel'
    | 'sessions.attend'
    | 'messages.send'
    | 'files.upload'
    | 'applications.read'
    | 'providers.read'
    | 'helpers.read'
    | 'helpers.attend'
    | 'help-requests.answer'
    | 'applications.configure'
    | 'installations.verify'
    | 'secret-keys.roll'
    | 'figures.read'
    | 'webhooks.read'
    | 'exceptions.read'
  )[];
  expiresInSeconds?: number | undefined;
  /** Needed with the operator key */
  providerId?: string | undefined;
}

/** Revoke all access tokens of a person */
export interface AccessTokenRevokeAllParams {
  subjectKind: 'customer' | 'helper' | 'member';
  subjectId: string;
  /** With the operator key needed for helpers and members; a customer’s tokens of all providers go without it */
  providerId?: string | undefined;
}

/** Issue a session token for a user */
export interface SessionTokenCreateParams {
  /** The user, by the id of the marketplace’s customer */
  externalUserId: string;
  /** Of a user who is created with it; another one than before is refused */
  externalOrganizationId?: string | undefined;
  /** A live session of the user; the newest one where it is left out */
  sessionId?: string | undefined;
  /** Seconds */
  expiresIn?: number | undefined;
  /** use_session: validate, heartbeat, events, end; pause_session: pause and resume; those that read, the user’s own alone. Left out: all of the session’s, none that reads about the customer; those that read are taken where the application’s customer_operations name them */
  allowedOperations?:
    | (
        | 'use_session'
        | 'pause_session'
        | 'extend_session'
        | 'complete_session'
        | 'read_customer'
        | 'read_wallet'
        | 'read_subscription'
        | 'read_sessions'
      )[]
    | undefined;
  /** Kept beside it, and never in it */
  metadata?: Record<string, string> | undefined;
  /** Needed with the operator key */
  applicationId?: string | undefined;
}

/** Revoke all session tokens of a user */
export interface SessionTokenRevokeAllParams {
  /** The user, by the id of the marketplace’s customer */
  externalUserId: string;
  /** With the operator key: of this application alone, and not of all */
  applicationId?: string | undefined;
}

/** List what a person has to look at */
export interface ExceptionListParams {
  status?: 'open' | 'resolved' | undefined;
  kind?:
    | 'payment_unmatched'
    | 'payment_amount_mismatch'
    | 'payment_currency_mismatch'
    | 'refund_failed'
    | 'refund_unmatched'
    | 'dispute_unmatched'
    | 'payment_unsettled'
    | 'job_failed'
    | undefined;
  providerId?: string | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Say what was done about an exception */
export interface ExceptionResolveParams {
  /** What was done about it */
  note: string;
}

/** Read who changed what when */
export interface AuditEntryListParams {
  actor?: string | undefined;
  subject?: string | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Move the test clock forward */
export interface TestClockAdvanceParams {
  advanceSeconds: number;
}

export interface TestClockAdvanceResponse {
  /** Milliseconds since the epoch, by the test clock */
  serverTime: number;
}

/** Write a message */
export interface SessionMessageCreateParams {
  /** Plain text, kept as it is given: never put it into a page as HTML */
  text: string;
  /** The sender's own name for it: the same for each try to send it, which is then done once */
  clientId: string;
}

/** Read what was written */
export interface SessionMessageListParams {
  /** The position of the last message that is known already */
  after?: number | null | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** List files */
export interface SessionFileListParams {
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Open the room of a session, and learn how to join it */
export interface SessionOpenRoomParams {
  /** The side: for servers, which are on none */
  participant?: 'customer' | 'provider' | undefined;
}

/** Read how to join the room of a session */
export interface SessionRoomParams {
  /** The side: for servers, which are on none */
  participant?: 'customer' | 'provider' | undefined;
}

/** Signal to the other side */
export interface SessionSignalParams {
  /** join is answered by the other side with a description */
  type: 'join' | 'description' | 'candidate' | 'leave';
  /** What the browser gave, as it is: at most 32768 characters of JSON */
  data?: Record<string, unknown> | undefined;
  /** The sending page’s own name for itself: the other side tells pages apart by it */
  senderId: string;
  /** The side: for servers, which are on none */
  participant?: 'customer' | 'provider' | undefined;
}

/** Ask for help */
export interface HelpRequestCreateParams {
  applicationId: string;
  userId: string;
  categoryId: string;
  /** What the helper is to read; in no event, log or webhook */
  description?: string | null | undefined;
  /** With money: where the customer comes back to; on an origin of the application */
  successUrl?: string | undefined;
  /** With money: where the customer comes back to who does not pay */
  cancelUrl?: string | undefined;
}

/** List help requests */
export interface HelpRequestListParams {
  providerId?: string | undefined;
  helperId?: string | undefined;
  userId?: string | undefined;
  status?:
    | 'awaiting_payment'
    | 'open'
    | 'claimed'
    | 'in_progress'
    | 'completed'
    | 'cancelled'
    | 'expired'
    | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Claim a help request */
export interface HelpRequestClaimParams {
  /** Who answers; a helper’s own access token says it */
  helperId?: string | undefined;
}

/** Decline a help request */
export interface HelpRequestDeclineParams {
  /** Who answers; a helper’s own access token says it */
  helperId?: string | undefined;
}

/** Give a claimed help request back */
export interface HelpRequestWithdrawParams {
  /** Who answers; a helper’s own access token says it */
  helperId?: string | undefined;
}

/** Start the talk */
export interface HelpRequestStartParams {
  /** Who answers; a helper’s own access token says it */
  helperId?: string | undefined;
}

/** Record how a talk ended */
export interface HelpRequestOutcomeParams {
  /** Who answers; a helper’s own access token says it */
  helperId?: string | undefined;
  outcome: 'resolved' | 'unresolved' | 'in_person';
  /** For the provider’s side alone; in no event, log or webhook */
  notes?: string | null | undefined;
}

/** Read a helper’s figures */
export interface HelperStatsParams {
  /** Seconds since the epoch; 30 days before the end where nothing is said */
  from?: number | null | undefined;
  /** Until before then, at most 31 days later; now where nothing is said */
  to?: number | null | undefined;
}

/** Read the figures of a provider’s help requests */
export interface ProviderHelpStatsParams {
  /** Seconds since the epoch; 30 days before the end where nothing is said */
  from?: number | null | undefined;
  /** Until before then, at most 31 days later; now where nothing is said */
  to?: number | null | undefined;
}

/** Read what has happened to a session */
export interface SessionTimelineParams {
  /** next_cursor of the page before */
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Read what the pages of a provider have counted */
export interface ProviderPageMetricsParams {
  /** The first day; 30 days up to the last one */
  from?: string | undefined;
  /** The last day; today */
  to?: string | undefined;
  /** That of the provider */
  timeZone?: string | undefined;
  /** Of this application alone */
  applicationId?: string | undefined;
  /** Of applications for customers, or of those for tests, never of both; what the key that asks is for, else `live`. An application that is named says it by itself */
  environment?: 'live' | 'test' | undefined;
}
