import type { ColumnType, GeneratedAlways, JSONColumnType, Selectable } from 'kysely';
import type { WaitsFor } from '../../../protocol/api.js';
import type { Participant, ParticipantRole, Presence } from '../../../protocol/events.js';
import type { Environment } from '../../../protocol/environments.js';
import type { ExceptionKind } from '../../../protocol/exceptions.js';
import type { CustomerOperation } from '../../../protocol/session-operations.js';
import type {
  Availability,
  Capture,
  HelpRequestReason,
  HelpRequestStatus,
  NotificationType,
  OfferState,
  Outcome,
  PaymentStatus,
} from '../../../protocol/help-request.js';
import type { Pauser } from '../../../protocol/pauser.js';
import type { ExtensionPrice } from '../../../protocol/rules/session-facts.js';
import type { SignalType } from '../../../protocol/room.js';
import type { Operation } from '../../../protocol/session-operations.js';
import type { CheckoutStatus, SessionStatus } from '../../../protocol/session.js';
import type { Interval, SubscriptionStatus } from '../../../protocol/subscription.js';
import type { WebhookDisabledReason, WebhookEvent, WebhookEventType } from '../../../protocol/webhooks.js';

/** An amount, a length or an instant: int8, at most 2^53. Instants are in milliseconds since the epoch. */
type Int8 = number;
/** A column that is empty until something happens. */
type Later<T> = ColumnType<T | null, T | null | undefined, T | null>;

/** Whether pages prove that they hold the key that their session is bound to. */
export type ProofOfPossession = 'off' | 'preferred' | 'required';

export interface ProvidersTable {
  id: string;
  name: string;
  /** IANA; in which days are counted. */
  time_zone: string;
  website_url: ColumnType<string | null, string | null | undefined, string | null>;
  created_at: Int8;
}

export interface ApplicationsTable {
  id: string;
  provider_id: string;
  name: string;
  launch_url: string | null;
  allowed_origins: JSONColumnType<string[]>;
  return_origins: JSONColumnType<string[]>;
  tokens_per_minute: Int8;
  extension_options: JSONColumnType<ExtensionPrice[]>;
  max_duration_seconds: Int8;
  /** How many extensions a session may have; null where only its length limits it. */
  max_extensions: Later<Int8>;
  pausable: boolean;
  max_pause_seconds: Int8;
  top_up_url: string | null;
  proof_of_possession: ProofOfPossession;
  /** What session tokens of users may read about a customer. */
  customer_operations: JSONColumnType<CustomerOperation[]>;
  /** Whom it is for; null where it was registered before anybody said so, and has had no other key since. */
  mode: Later<Environment>;
  /** SHA-256 of the secret key, hex. */
  secret_key_hash: string;
  created_at: Int8;
}

export interface CustomersTable {
  id: string;
  organization_id: string | null;
  name: Later<string>;
  email: Later<string>;
  metadata: JSONColumnType<Record<string, string>, string | undefined, string>;
  /** `wallet.low` is told once less than this can be spent; null never. */
  low_wallet_tokens: Later<Int8>;
  created_at: Int8;
  /** The name that takes the place of the id: who has one is being erased, and nobody any more. */
  erased_as: Later<string>;
}

/** Erasures that go on. */
export interface ErasuresTable {
  /** The name that takes the place of the customer's id. */
  id: string;
  customer_id: string;
  /** When a slice of it is to be done. */
  due_at: Int8;
}

/** `open` until the first validation decides; `unbound` stays so until the session is launched again. */
export type Binding = 'open' | 'bound' | 'unbound';

export interface SessionsTable {
  id: string;
  application_id: string;
  user_id: string;
  status: SessionStatus;
  tokens_allocated: Int8;
  duration_limit_seconds: Int8;
  /** The first block: what was bought at creation. */
  initial_seconds: Int8;
  initial_tokens: Int8;
  created_at: Int8;
  /** Null until it has started. */
  started_at: Int8 | null;
  /** A whole second. While paused: as it stood when the pause began; while waiting: the latest that it can be. */
  deadline_at: Int8;
  paused_at: Later<Int8>;
  /** Who paused it last. */
  paused_by: Later<Pauser>;
  /** `paused_at` of that pause: an older instance pauses and resumes without writing who. */
  paused_by_at: Later<Int8>;
  pause_seconds_used: ColumnType<Int8, Int8 | undefined, Int8>;
  /** When it is cancelled unless it has started; null once it has, or is over. */
  waiting_until: Later<Int8>;
  /** Who has to be there beside the customer before it starts; null where nobody said so. */
  waits_for: Later<WaitsFor>;
  /** The one who has to be there, where not everybody of those will do. */
  waits_for_id: Later<string>;
  /** The help request whose talk it is. */
  help_request_id: Later<string>;
  /** When the service must act: the deadline, or the end of a pause; null once final. */
  due_at: Int8 | null;
  return_url: string | null;
  metadata: JSONColumnType<Record<string, string>>;
  /** The extensions and their prices, as they were when it was sold; null where an older instance sold it. */
  sold_options: JSONColumnType<ExtensionPrice[] | null, string | null | undefined, string | null>;
  last_heartbeat_at: Later<Int8>;
  /** What a client reported at the end, for the record; never billed. */
  reported_usage: JSONColumnType<object | null, string | null | undefined, string | null>;
  ended_at: Later<Int8>;
  used_seconds: Later<Int8>;
  final_cost: Later<Int8>;
  tokens_refunded: Later<Int8>;
  binding: Binding;
  /** The key that the session is bound to (RFC 7638), while it is. */
  key_thumbprint: Later<string>;
  /** How often the session was launched again: session tokens of earlier launches are refused. */
  launch_count: ColumnType<Int8, Int8 | undefined, Int8>;
  /** How long before its deadline the session is warned of it; 0 never. */
  warning_seconds: ColumnType<Int8, Int8 | undefined, Int8>;
  /** When that is; null once it was told. */
  warn_at: Later<Int8>;
  /** The earlier of `due_at` and, unless paused, `warn_at`; made by the database. */
  act_at: GeneratedAlways<Int8 | null>;
  /** Raised by one with every change that the session's snapshot shows; by the database. */
  revision: GeneratedAlways<Int8>;
}

/** Work on one row that failed by itself. */
export interface FailedWorkTable {
  /** What was to be done. */
  work: string;
  /** The row's id. */
  subject: string;
  attempts: Int8;
  last_error: string;
  failed_since: Int8;
  failed_at: Int8;
  retry_at: Int8;
}

export interface ExtensionsTable {
  id: string;
  session_id: string;
  /** 1, 2, 3 ... within the session: blocks are used up in this order. */
  position: Int8;
  additional_seconds: Int8;
  /** 0 where it was paid by money. */
  tokens: Int8;
  created_at: Int8;
  checkout_id: Later<string>;
  /** What a refund took back of it. */
  taken_back_seconds: ColumnType<Int8, Int8 | undefined, Int8>;
}

export interface CheckoutsTable {
  id: string;
  session_id: string;
  status: CheckoutStatus;
  additional_seconds: Int8;
  /** The price, in the currency's minor units. */
  amount: Int8;
  /** ISO 4217, lower case. */
  currency: string;
  /** What Stripe shows as the name of what is bought. */
  description: string;
  success_url: string;
  cancel_url: string;
  /** Part of the idempotency key at Stripe, which keeps a failure of its own as the answer to a key. */
  attempt: ColumnType<Int8, Int8 | undefined, Int8>;
  stripe_checkout_id: Later<string>;
  checkout_url: Later<string>;
  payment_intent_id: Later<string>;
  refunded_amount: ColumnType<Int8, Int8 | undefined, Int8>;
  /** What the customer's bank holds because of a dispute, or kept. */
  disputed_amount: ColumnType<Int8, Int8 | undefined, Int8>;
  /** What the customer paid, where it was in a currency of his own; see `partOfPrice`. */
  paid_amount: Later<Int8>;
  paid_currency: Later<string>;
  /** What was held beyond the amount, where it was held first: Stripe counts it as refunded. */
  uncaptured_amount: ColumnType<Int8, Int8 | undefined, Int8>;
  created_at: Int8;
  expires_at: Int8;
  paid_at: Later<Int8>;
}

export interface StripeEventsTable {
  id: string;
  type: string;
  received_at: Int8;
}

export type RefundReason = 'session_ended' | 'limit_reached' | 'paid_twice';

/** Money that must go back in full: one job a checkout. */
export interface RefundsTable {
  checkout_id: string;
  payment_intent_id: string;
  reason: RefundReason;
  attempts: ColumnType<Int8, Int8 | undefined, Int8>;
  /** Part of the idempotency key at Stripe; see `attempt` of a checkout. */
  key_number: ColumnType<Int8, Int8 | undefined, Int8>;
  /** When it is tried next; null once it is done, while the money is disputed, and when it is left to a person. */
  due_at: Int8 | null;
  /** How often the money came back. */
  failures: ColumnType<Int8, Int8 | undefined, Int8>;
  /** When a person has done something about it. */
  resolved_at: Later<Int8>;
  created_at: Int8;
}

/** What Stripe told last of how much of a charge went back, whether its payment is known yet or not. */
export interface ChargeRefundsTable {
  payment_intent_id: string;
  /** Of the charge, in minor units of its currency. */
  amount: Int8;
  currency: string;
  /** All that had gone back by then. */
  refunded_amount: Int8;
  /** When Stripe said so. */
  told_at: Int8;
}

/** How one refund stands, whether its payment is known yet or not. */
export interface StripeRefundsTable {
  /** Stripe's. */
  id: string;
  payment_intent_id: string;
  amount: Int8;
  currency: string;
  /** Whether the money has come back. */
  is_failed: boolean;
  made_at: Int8;
  told_at: Int8;
  /** Whether something was done about its failure. */
  is_answered: ColumnType<boolean, boolean | undefined, boolean>;
}

/** A payment that fits no checkout: its money waits for a person, see its exception. */
export interface HeldPaymentsTable {
  /** Of the payment intent; of the Checkout at Stripe where there is none. */
  id: string;
  exception_id: string;
  amount: Int8;
  currency: string;
  refunded_amount: ColumnType<Int8, Int8 | undefined, Int8>;
  disputed_amount: ColumnType<Int8, Int8 | undefined, Int8>;
}

/** What Stripe told of a dispute, whether its payment is known yet or not. */
export interface DisputesTable {
  /** Stripe's. */
  id: string;
  payment_intent_id: string;
  /** In the currency's minor units. */
  amount: Int8;
  currency: string;
  /** In an inquiry the money stays; while it is `open`, and when it is `lost`, the customer's bank has it. */
  state: 'inquiry' | 'open' | 'lost' | 'won';
  /** When Stripe said so. */
  told_at: Int8;
}

export type MoneyTransactionKind =
  'payment' | 'refund' | 'refund_reversal' | 'dispute' | 'dispute_reversal' | 'resolution';

export interface MoneyTransactionsTable {
  id: GeneratedAlways<Int8>;
  kind: MoneyTransactionKind;
  /** What it is about: a checkout, or a payment that fits none. */
  checkout_id: Later<string>;
  held_payment_id: Later<string>;
  currency: string;
  created_at: Int8;
}

export interface MoneyEntriesTable {
  transaction_id: Int8;
  account: string;
  amount: Int8;
}

export interface AccountsTable {
  id: string;
  /** Set on wallets and holds. */
  customer_id: string | null;
  /** Kept for wallets and holds, never below zero; null where the entries alone count. */
  balance: Int8 | null;
}

export type LedgerTransactionKind = 'credit' | 'hold' | 'settlement' | 'expiry';

export interface LedgerTransactionsTable {
  id: GeneratedAlways<Int8>;
  kind: LedgerTransactionKind;
  customer_id: string;
  session_id: string | null;
  /** The marketplace's own reference of a credit: one credit each. */
  reference: string | null;
  created_at: Int8;
}

export interface LedgerEntriesTable {
  transaction_id: Int8;
  account_id: string;
  amount: Int8;
  balance_after: Int8 | null;
}

/** What happened, and to what (`Subject`). `session_id` stands beside it for older instances alone. */
export interface EventsTable {
  id: GeneratedAlways<Int8>;
  subject: string;
  /** Whose it is; null for the marketplace's own. */
  provider_id: string | null;
  type: string;
  payload: JSONColumnType<object>;
  created_at: Int8;
}

/** A process of the service, and how long it is believed to live without saying so again. */
export interface InstancesTable {
  id: string;
  /** Since when it has said so without a gap. */
  alive_since: Int8;
  alive_until: Int8;
}

/** `customer`, `provider` for its server, else the role and the id: two people of one role are two. */
export type ParticipantKey = Participant | `${ParticipantRole}:${string}`;

/** Who is in a session. */
export interface ParticipantRow {
  session_id: string;
  participant: ParticipantKey;
  role: ParticipantRole;
  /** The customer's, the provider's, or that of the person for whom an access token speaks. */
  participant_id: string;
}

/** A participant of a session that has a stream of live events open on an instance. */
export interface AttendancesTable extends ParticipantRow {
  instance_id: string;
}

/** A participant of a session that has ever been there; changed under the lock of the session. */
export interface PresencesTable extends ParticipantRow {
  state: Presence['state'];
  /** Since when it is so. */
  since: Int8;
  /** When it last opened a stream. */
  seen_at: Int8;
  /** When it is to be looked at; null where only its own coming or going changes anything. */
  due_at: Int8 | null;
}

/** What somebody has written in a session; made under the lock of the session. */
export interface MessagesTable {
  id: string;
  session_id: string;
  /** 1, 2, 3 ... within the session. */
  position: Int8;
  /** Whose `client_id` it is. */
  sender: ParticipantKey | 'marketplace';
  /** Null for the marketplace. */
  role: ParticipantRole | null;
  participant_id: string | null;
  /** The sender's own name for it: the same for each try to send it. */
  client_id: string;
  text: string;
  created_at: Int8;
}

/** A room of a session, which is to be opened, is there, or is to be closed; written under the lock of the session. */
export interface RoomsTable {
  session_id: string;
  /** Its name. */
  provider: string;
  /** The provider's; null until it is opened. */
  room_id: Later<string>;
  /** Whether the session is over. */
  is_over: ColumnType<boolean, boolean | undefined, boolean>;
  /** When it is opened, looked at, or closed. */
  due_at: Int8;
}

/** What one side of a session tells the other for their call; kept until it was heard. Numbered under the lock of the session. */
export interface SignalsTable {
  id: GeneratedAlways<Int8>;
  session_id: string;
  participant: Participant;
  /** The page's own name for itself. */
  sender_id: string;
  type: SignalType;
  /** JSON; null where there is none. */
  data: string | null;
  created_at: Int8;
}

/** A file that was sent in a session, and can be found; made under the lock of the session. */
export interface FilesTable {
  /** That of its object in the storage. */
  id: string;
  session_id: string;
  sender: ParticipantKey | 'marketplace';
  /** Null for the marketplace. */
  role: ParticipantRole | null;
  participant_id: string | null;
  name: string;
  /** Bytes. */
  size: Int8;
  /** By its content. */
  content_type: string;
  /** Hex. */
  sha256: string;
  created_at: Int8;
}

/** What there is in the storage of files, or may be: a row is there before its object, and goes after it. */
export interface FileObjectsTable {
  id: string;
  session_id: string;
  sender: ParticipantKey | 'marketplace';
  /** The sender's name for the upload; null where it has none, and once it is over. */
  upload_key: string | null;
  /** Bytes, as they were announced. */
  size: Int8;
  state: 'uploading' | 'kept' | 'gone';
  /** When it is removed; null while it is kept. */
  due_at: Int8 | null;
}

/** What signs links to files; a row at most. */
export interface FileLinkSecretsTable {
  is_only: ColumnType<boolean, boolean | undefined, boolean>;
  /** Encrypted where the service has a key for it. */
  secret: string;
}

/** Something that a person has to look at. */
export interface ExceptionsTable {
  id: string;
  kind: ExceptionKind;
  /** Of one kind about one subject at most one is open. */
  subject: string;
  detail: string;
  provider_id: string | null;
  session_id: string | null;
  checkout_id: string | null;
  payment_intent_id: string | null;
  /** In the currency's minor units. */
  amount: Int8 | null;
  currency: string | null;
  created_at: Int8;
  resolved_at: Later<Int8>;
  /** Whose credential it was. */
  resolved_by: Later<string>;
  note: Later<string>;
}

export interface WebhookEndpointsTable {
  id: string;
  /** Null where it is the marketplace's own. */
  provider_id: string | null;
  url: string;
  description: string;
  event_types: JSONColumnType<WebhookEventType[]>;
  /** `whsec_...`; the receiver has it too, so it cannot be kept as a hash. */
  secret: string;
  /** Signs beside its successor for a while. */
  previous_secret: Later<string>;
  previous_secret_expires_at: Later<Int8>;
  disabled_reason: Later<WebhookDisabledReason>;
  disabled_at: Later<Int8>;
  /** The first failure since the last success. */
  failing_since: Later<Int8>;
  created_at: Int8;
}

/** A secret that was replaced twice and still signs. */
export interface OlderWebhookSecretsTable {
  id: string;
  endpoint_id: string;
  secret: string;
  expires_at: Int8;
}

export type WebhookDeliveryStatus = 'pending' | 'delivered' | 'failed' | 'cancelled';

export interface WebhookDeliveriesTable {
  id: string;
  endpoint_id: string;
  type: WebhookEvent['type'];
  data: JSONColumnType<object>;
  status: ColumnType<WebhookDeliveryStatus, WebhookDeliveryStatus | undefined, WebhookDeliveryStatus>;
  /** How often it was claimed. */
  attempts: ColumnType<Int8, Int8 | undefined, Int8>;
  /** When it is tried next; while it is being tried: when its claim ends. */
  due_at: Int8 | null;
  created_at: Int8;
  finished_at: Later<Int8>;
}

export interface WebhookAttemptsTable {
  delivery_id: string;
  number: Int8;
  started_at: Int8;
  /** Null, like the rest, until the outcome is known. */
  duration_ms: Later<Int8>;
  response_status: Later<Int8>;
  error: Later<string>;
}

export interface IdempotencyKeysTable {
  scope: string;
  key: string;
  /** SHA-256 of the validated request body, hex. */
  request_hash: string;
  result: JSONColumnType<object>;
  created_at: Int8;
}

/** Proofs of possession that were accepted, kept until they would be refused for their age. */
export interface SeenProofsTable {
  /** SHA-256 of the key's thumbprint and the proof's id, base64url. */
  id: string;
  expires_at: Int8;
}

/** A secret key that was replaced: it counts until its time is over. */
export interface FormerSecretKeysTable {
  /** SHA-256, hex. */
  hash: string;
  application_id: string;
  expires_at: Int8;
}

/** An access token that counts: one that was revoked is gone. */
export interface AccessTokensTable {
  /** Its `jti`. */
  id: string;
  provider_id: string;
  subject_kind: 'customer' | 'helper' | 'member';
  subject_id: string;
  expires_at: Int8;
}

/** A session token for a user that counts: one that was revoked is gone. */
export interface SessionTokensTable {
  /** What its claim `token_id` says; the `jti` of one without a session. */
  id: string;
  application_id: string;
  provider_id: string;
  customer_id: string;
  /** Null where the customer had no live session. */
  session_id: string | null;
  operations: JSONColumnType<Operation[]>;
  metadata: JSONColumnType<Record<string, string>>;
  created_at: Int8;
  expires_at: Int8;
  /** When the first request came with it. */
  used_at: Later<Int8>;
}

/** A change that somebody made through the API. */
export interface AuditEntriesTable {
  id: string;
  /** Whose credential it was. */
  actor: string;
  /** Method and route. */
  action: string;
  /** The path of what was changed. */
  subject: string;
  /** The names of the fields that were sent. */
  fields: JSONColumnType<string[]>;
  address: string | null;
  request_id: string;
  created_at: Int8;
}

/** Requests of one window, added up over all instances. */
export interface RateCountsTable {
  /** Who it is, such as `session:<id>` or `address:<address>`. */
  key: string;
  window_at: Int8;
  total: Int8;
}

export type SigningKeyState = 'next' | 'current' | 'retired';

/** As it is, or encrypted (`SecretBox`). */
export type StoredPrivateKey = JsonWebKey | { sealed: string };

export interface SigningKeysTable {
  kid: string;
  state: SigningKeyState;
  private_jwk: JSONColumnType<StoredPrivateKey>;
  public_jwk: JSONColumnType<JsonWebKey>;
  created_at: Int8;
  retired_at: Later<Int8>;
}

/** What an application's sessions come to in a quarter of an hour; sold and ended are counted when they happen. */
export interface SessionFiguresTable {
  application_id: string;
  /** Its first moment. */
  slot_at: Int8;
  sold: Int8;
  /** Customers who had bought none of the provider before. */
  new_customers: Int8;
  completed: Int8;
  expired: Int8;
  cancelled: Int8;
  tokens_earned: Int8;
  seconds_used: Int8;
}

/** What an account of the money ledger got in a quarter of an hour, without what left it. */
export interface MoneyFiguresTable {
  account: string;
  currency: string;
  slot_at: Int8;
  amount: Int8;
}

/** The same since the beginning. */
export type SessionTotalsTable = Omit<SessionFiguresTable, 'slot_at' | 'sold'>;
export type MoneyTotalsTable = Omit<MoneyFiguresTable, 'slot_at'>;

/** A change that no row of the figures holds yet. */
type ChangeOf<T> = T & { id: GeneratedAlways<Int8> };

/** What else is counted; `tokens` and `seconds` where the name says so, minor units of a currency where there is one. */
export type FigureName =
  /** Blocks of time that were bought for a running session, and how long they are together. */
  | 'extensions'
  | 'extended_seconds'
  /** Warnings that a session ends, and those after which time was bought before the next one. */
  | 'warnings'
  | 'warnings_answered'
  /** What was held for time that was not used. */
  | 'tokens_returned'
  /** What came, without what went back, and what went back, by refunds and disputes. */
  | 'money'
  | 'money_returned'
  /** Sales, by how long ago the customer had bought before: see `buyer_bucket` in the migration. */
  | 'buyers';

/** A count of one kind in a quarter of an hour, of an application, or of a provider what is no sum over applications. */
export interface FigureCountsTable {
  /** Of a provider those of customers and those of tests. */
  subject: `application:${string}` | `provider:${string}` | `provider-test:${string}`;
  name: FigureName;
  /** ISO 4217, lower case; empty where it is no money. */
  currency: string;
  bucket: number;
  slot_at: Int8;
  amount: Int8;
}

/** Sums of quarters of an hour, which the database keeps by itself: see the migration. */
export interface FigureRollupsTable
  extends
    Omit<SessionFiguresTable, 'application_id' | 'slot_at' | 'new_customers'>,
    Record<Exclude<FigureName, 'buyers'>, Int8> {
  subject: FigureCountsTable['subject'];
  /** How long it is: a quarter of an hour, an hour, a day of UTC. */
  quarters: 1 | 4 | 96;
  slot_at: Int8;
  currency: string;
  /** Sales whose customer had bought nothing within the hour before, or the day. */
  hour_buyers: Int8;
  day_buyers: Int8;
  /** Customers who bought again within an hour, or a day: more at the earlier sale, less at the later one. */
  hour_carried: Int8;
  day_carried: Int8;
}

/** Sales of a day of UTC whose customer had bought more than 25 hours before, or never. */
export type BuyerRollupsTable = Pick<FigureCountsTable, 'subject' | 'slot_at' | 'bucket' | 'amount'>;

/** A report of a page that was taken: it counts once. */
export interface PageReportsTable {
  session_id: string;
  page: string;
  sequence: number;
  reported_at: Int8;
}

export interface PageMetricNamesTable {
  application_id: string;
  name: string;
}

/** What pages of an application have counted in a quarter of an hour. */
export interface PageMetricsTable {
  application_id: string;
  name: string;
  slot_at: Int8;
  amount: number;
}

/** Who has bought a session of a provider. */
export interface ProviderCustomersTable {
  provider_id: string;
  customer_id: string;
  /** With the figures of which the customer is counted. */
  application_id: string;
  since_at: Int8;
}

/** Applications and providers whose figures lack what was there before figures were kept. */
export interface UncountedFiguresTable {
  kind: 'sessions' | 'money';
  /** Of the application whose sessions, or of the provider whose money. */
  id: string;
}

/** Providers whose customers of tests are to be told apart from the others. */
export interface UndividedFiguresTable {
  provider_id: string;
}

/** Those whose counts lack what was there before these were kept. */
export interface UncountedFigureCountsTable {
  subject: FigureCountsTable['subject'];
}

export interface PlansTable {
  id: string;
  name: string;
  interval: Interval;
  interval_count: Int8;
  tokens_per_period: Int8;
  /** Whether what is not spent of a grant stays when the next one comes. */
  rollover: boolean;
  active: boolean;
  metadata: JSONColumnType<Record<string, string>, string, string>;
  created_at: Int8;
}

export interface SubscriptionsTable {
  id: string;
  customer_id: string;
  plan_id: string;
  /** The plan of the next period, where it is another one. */
  pending_plan_id: string | null;
  status: SubscriptionStatus;
  /** From where its periods are counted; a whole second. */
  anchor_at: Int8;
  /** The number of its current period; 0 begins at the anchor. */
  periods_since_anchor: Int8;
  period_started_at: Int8;
  period_ends_at: Int8;
  /** How many periods were granted: the number of the latest grant. */
  grant_count: Int8;
  cancel_at_period_end: boolean;
  started_at: Int8;
  paused_at: Int8 | null;
  /** When a pause ends by itself. */
  resumes_at: Int8 | null;
  /** When its cancellation was asked for. */
  canceled_at: Int8 | null;
  ended_at: Int8 | null;
  /** When the service must act; null where only somebody's wish changes anything. */
  due_at: Int8 | null;
  metadata: JSONColumnType<Record<string, string>, string, string>;
  created_at: Int8;
}

/** What was granted for one period of a subscription: one each. */
export interface SubscriptionGrantsTable {
  subscription_id: string;
  period_started_at: Int8;
  /** 1, 2, 3 ... within the subscription. */
  number: Int8;
  /** Upgrades within the period included. */
  tokens: Int8;
  upgrade_count: ColumnType<Int8, Int8 | undefined, Int8>;
  /** Whether what is not spent of it goes when the next one comes. */
  expires: boolean;
}

/** How far the clock of tests is ahead; a row at most. */
export interface TestClockTable {
  is_only: ColumnType<boolean, boolean | undefined, boolean>;
  ahead_ms: Int8;
}

export interface HelpersTable {
  id: string;
  provider_id: string;
  display_name: string;
  skills: JSONColumnType<string[], string, string>;
  /** The helper's own switch. */
  availability: Availability;
  /** How many requests at a time. */
  max_concurrent: Int8;
  /** Requests that are claimed or in progress. */
  active_count: ColumnType<Int8, Int8 | undefined, Int8>;
  /** Requests in a row that expired, or were claimed and not started. */
  missed_in_a_row: ColumnType<Int8, Int8 | undefined, Int8>;
  created_at: Int8;
  removed_at: Later<Int8>;
}

export interface HelpCategoriesTable {
  id: string;
  provider_id: string;
  name: string;
  skills: JSONColumnType<string[], string, string>;
  /** The price of the whole length; 0 costs nothing, null is paid by money. */
  tokens: Int8 | null;
  /** The price in money, in the currency's minor units; null where it is paid by tokens. */
  amount: Later<Int8>;
  currency: Later<string>;
  /** What is taken of it. */
  capture: Later<Capture>;
  duration_seconds: Int8;
  /** How long each of the two rounds looks for somebody. */
  search_seconds: Int8;
  active: boolean;
  created_at: Int8;
}

export interface HelpRequestsTable {
  id: string;
  provider_id: string;
  application_id: string;
  user_id: string;
  category_id: string;
  /** These and the price as the category said them when it was made. */
  skills: JSONColumnType<string[], string, never>;
  /** 0 where it is paid by money. */
  tokens: Int8;
  amount: Later<Int8>;
  currency: Later<string>;
  capture: Later<Capture>;
  duration_seconds: Int8;
  search_seconds: Int8;
  /** What the customer wrote; null where nothing, or once it is forgotten. */
  description: string | null;
  status: HelpRequestStatus;
  reason: Later<HelpRequestReason>;
  helper_id: Later<string>;
  /** The session that waits for helper and customer, or is their talk. */
  session_id: Later<string>;
  /** 1 asks those who have the skills and are available, 2 all who are there. */
  round: Int8;
  version: Int8;
  created_at: Int8;
  /** Since when it looks for somebody, once it does. */
  opened_at: Int8;
  /** When the price in money was held. */
  authorized_at: Later<Int8>;
  claimed_at: Later<Int8>;
  started_at: Later<Int8>;
  ended_at: Later<Int8>;
  /** When the service must act; null once it is over. */
  due_at: Int8 | null;
  used_seconds: Later<Int8>;
  final_cost: Later<Int8>;
  outcome: Later<Outcome>;
  /** What the helper wrote; null where nothing, or once it is forgotten. */
  notes: Later<string>;
  outcome_at: Later<Int8>;
}

/** The price of a help request, held at the customer's bank; changed under the lock of the request. */
export interface PaymentAuthorizationsTable {
  id: string;
  request_id: string;
  status: PaymentStatus;
  /** The price, in the currency's minor units. */
  amount: Int8;
  currency: string;
  /** What the customer reads at Stripe. */
  description: string;
  success_url: string;
  cancel_url: string;
  /** See `attempt` of a checkout. */
  attempt: ColumnType<Int8, Int8 | undefined, Int8>;
  stripe_checkout_id: Later<string>;
  checkout_url: Later<string>;
  /** Known once somebody has paid. */
  payment_intent_id: Later<string>;
  /** When the bank lets go of it by itself, as far as Stripe has said so. */
  capture_before: Later<Int8>;
  amount_to_capture: Later<Int8>;
  captured_amount: Later<Int8>;
  /** What was taken stands there, for refunds and disputes. */
  checkout_id: Later<string>;
  /** How often Stripe was asked for what is to be done now. */
  attempts: ColumnType<Int8, Int8 | undefined, Int8>;
  key_number: ColumnType<Int8, Int8 | undefined, Int8>;
  /** When the service must act, or look; null once nothing is held. */
  due_at: Int8 | null;
  created_at: Int8;
  /** Until when it can be paid. */
  expires_at: Int8;
  authorized_at: Later<Int8>;
  ended_at: Later<Int8>;
}

export interface HelpOffersTable {
  request_id: string;
  helper_id: string;
  state: OfferState;
  round: Int8;
  offered_at: Int8;
  answered_at: Later<Int8>;
}

/** When a helper was last known to have a desk open, on whichever instance. */
export interface HelperDesksTable {
  helper_id: string;
  seen_at: Int8;
}

export interface NotificationsTable {
  id: GeneratedAlways<Int8>;
  helper_id: string;
  type: NotificationType;
  request_id: string | null;
  created_at: Int8;
  read_at: Later<Int8>;
}

export interface Tables {
  helpers: HelpersTable;
  help_categories: HelpCategoriesTable;
  help_requests: HelpRequestsTable;
  payment_authorizations: PaymentAuthorizationsTable;
  help_offers: HelpOffersTable;
  helper_desks: HelperDesksTable;
  notifications: NotificationsTable;
  test_clock: TestClockTable;
  plans: PlansTable;
  subscriptions: SubscriptionsTable;
  subscription_grants: SubscriptionGrantsTable;
  failed_work: FailedWorkTable;
  providers: ProvidersTable;
  applications: ApplicationsTable;
  customers: CustomersTable;
  erasures: ErasuresTable;
  sessions: SessionsTable;
  extensions: ExtensionsTable;
  checkouts: CheckoutsTable;
  stripe_events: StripeEventsTable;
  refunds: RefundsTable;
  charge_refunds: ChargeRefundsTable;
  stripe_refunds: StripeRefundsTable;
  held_payments: HeldPaymentsTable;
  disputes: DisputesTable;
  money_transactions: MoneyTransactionsTable;
  money_entries: MoneyEntriesTable;
  accounts: AccountsTable;
  ledger_transactions: LedgerTransactionsTable;
  ledger_entries: LedgerEntriesTable;
  events: EventsTable;
  instances: InstancesTable;
  attendances: AttendancesTable;
  presences: PresencesTable;
  messages: MessagesTable;
  rooms: RoomsTable;
  signals: SignalsTable;
  files: FilesTable;
  file_objects: FileObjectsTable;
  file_link_secrets: FileLinkSecretsTable;
  exceptions: ExceptionsTable;
  webhook_endpoints: WebhookEndpointsTable;
  older_webhook_secrets: OlderWebhookSecretsTable;
  webhook_deliveries: WebhookDeliveriesTable;
  webhook_attempts: WebhookAttemptsTable;
  idempotency_keys: IdempotencyKeysTable;
  signing_keys: SigningKeysTable;
  seen_proofs: SeenProofsTable;
  rate_counts: RateCountsTable;
  former_secret_keys: FormerSecretKeysTable;
  access_tokens: AccessTokensTable;
  session_tokens: SessionTokensTable;
  audit_entries: AuditEntriesTable;
  session_figures: SessionFiguresTable;
  session_totals: SessionTotalsTable;
  money_totals: MoneyTotalsTable;
  session_figure_changes: ChangeOf<SessionFiguresTable>;
  money_figures: MoneyFiguresTable;
  money_figure_changes: ChangeOf<MoneyFiguresTable>;
  provider_customers: ProviderCustomersTable;
  test_customers: ProviderCustomersTable;
  uncounted_figures: UncountedFiguresTable;
  undivided_figures: UndividedFiguresTable;
  figure_counts: FigureCountsTable;
  figure_count_changes: ChangeOf<FigureCountsTable>;
  figure_rollups: FigureRollupsTable;
  /** What no quarter holds yet, in the same columns. */
  figure_changes: Omit<FigureRollupsTable, 'quarters'>;
  buyer_rollups: BuyerRollupsTable;
  page_reports: PageReportsTable;
  page_metric_names: PageMetricNamesTable;
  page_metrics: PageMetricsTable;
  uncounted_figure_counts: UncountedFigureCountsTable;
}

export type ProviderRow = Selectable<ProvidersTable>;
export type CustomerRow = Selectable<CustomersTable>;
export type ErasureRow = Selectable<ErasuresTable>;
export type PlanRow = Selectable<PlansTable>;
export type SubscriptionRow = Selectable<SubscriptionsTable>;
export type HelperRow = Selectable<HelpersTable>;
export type HelpCategoryRow = Selectable<HelpCategoriesTable>;
export type HelpRequestRow = Selectable<HelpRequestsTable>;
export type PaymentAuthorizationRow = Selectable<PaymentAuthorizationsTable>;
export type NotificationRow = Selectable<NotificationsTable>;
export type ApplicationRow = Selectable<ApplicationsTable>;
export type AuditEntryRow = Selectable<AuditEntriesTable>;
export type SessionRow = Selectable<SessionsTable>;
export type CheckoutRow = Selectable<CheckoutsTable>;
export type RefundRow = Selectable<RefundsTable>;
export type ChargeRefundRow = Selectable<ChargeRefundsTable>;
export type StripeRefundRow = Selectable<StripeRefundsTable>;
export type HeldPaymentRow = Selectable<HeldPaymentsTable>;
export type DisputeRow = Selectable<DisputesTable>;
export type SessionTokenRow = Selectable<SessionTokensTable>;
export type EventRow = Selectable<EventsTable>;
export type RoomRow = Selectable<RoomsTable>;
export type FileRow = Selectable<FilesTable>;
export type MessageRow = Selectable<MessagesTable>;
export type PresenceRow = Selectable<PresencesTable>;
export type ExceptionRow = Selectable<ExceptionsTable>;
export type WebhookEndpointRow = Selectable<WebhookEndpointsTable>;
export type WebhookDeliveryRow = Selectable<WebhookDeliveriesTable>;
