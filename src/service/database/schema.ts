import type { ColumnType, GeneratedAlways, JSONColumnType, Selectable } from 'kysely';
import type { SessionStatus } from '../../protocol/session.js';

/** An amount, a length or an instant: int8, at most 2^53. Instants are in milliseconds since the epoch. */
type Int8 = number;
/** A column that is empty until something happens. */
type Later<T> = ColumnType<T | null, T | null | undefined, T | null>;

export interface ExtensionPrice {
  additional_seconds: number;
  tokens: number;
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
  pausable: boolean;
  max_pause_seconds: Int8;
  top_up_url: string | null;
  /** SHA-256 of the secret key, hex. */
  secret_key_hash: string;
  created_at: Int8;
}

export interface CustomersTable {
  id: string;
  organization_id: string | null;
  created_at: Int8;
}

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
  started_at: Int8;
  /** A whole second. While paused: as it stood when the pause began. */
  deadline_at: Int8;
  paused_at: Later<Int8>;
  pause_seconds_used: ColumnType<Int8, Int8 | undefined, Int8>;
  /** When the service must act: the deadline, or the end of a pause; null once final. */
  due_at: Int8 | null;
  return_url: string | null;
  metadata: JSONColumnType<Record<string, string>>;
  last_heartbeat_at: Later<Int8>;
  /** What a client reported at the end, for the record; never billed. */
  reported_usage: JSONColumnType<object | null, string | null | undefined, string | null>;
  ended_at: Later<Int8>;
  used_seconds: Later<Int8>;
  final_cost: Later<Int8>;
  tokens_refunded: Later<Int8>;
}

export interface ExtensionsTable {
  id: string;
  session_id: string;
  /** 1, 2, 3 ... within the session: blocks are used up in this order. */
  position: Int8;
  additional_seconds: Int8;
  tokens: Int8;
  created_at: Int8;
}

export interface AccountsTable {
  id: string;
  /** Set on wallets and holds. */
  customer_id: string | null;
  /** Kept for wallets and holds, never below zero; null where the entries alone count. */
  balance: Int8 | null;
}

export type LedgerTransactionKind = 'credit' | 'hold' | 'settlement';

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

export interface OutboxTable {
  id: GeneratedAlways<Int8>;
  type: string;
  session_id: string;
  payload: JSONColumnType<object>;
  created_at: Int8;
}

export interface IdempotencyKeysTable {
  scope: string;
  key: string;
  /** SHA-256 of the validated request body, hex. */
  request_hash: string;
  result: JSONColumnType<object>;
  created_at: Int8;
}

export type SigningKeyState = 'next' | 'current' | 'retired';

export interface SigningKeysTable {
  kid: string;
  state: SigningKeyState;
  private_jwk: JSONColumnType<JsonWebKey>;
  public_jwk: JSONColumnType<JsonWebKey>;
  created_at: Int8;
  retired_at: Later<Int8>;
}

export interface Tables {
  applications: ApplicationsTable;
  customers: CustomersTable;
  sessions: SessionsTable;
  extensions: ExtensionsTable;
  accounts: AccountsTable;
  ledger_transactions: LedgerTransactionsTable;
  ledger_entries: LedgerEntriesTable;
  outbox: OutboxTable;
  idempotency_keys: IdempotencyKeysTable;
  signing_keys: SigningKeysTable;
}

export type ApplicationRow = Selectable<ApplicationsTable>;
export type SessionRow = Selectable<SessionsTable>;
