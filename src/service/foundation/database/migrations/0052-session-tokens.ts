import { sqlMigration } from './sql-migration.js';

/**
 * The session tokens that were issued for users and count: one that was revoked is gone. An older instance takes them as
 * session tokens that allow everything, and none of those without a session.
 */
export const sessionTokens = sqlMigration([
  `create table session_tokens (
    id text primary key,
    application_id text not null references applications,
    provider_id text not null references providers,
    customer_id text not null references customers on delete cascade,
    session_id text references sessions,
    operations jsonb not null,
    metadata jsonb not null default '{}',
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
  )`,
  `create index session_tokens_by_customer on session_tokens (customer_id, application_id, created_at desc)`,
  `create index session_tokens_by_expiry on session_tokens (expires_at)`,
]);
