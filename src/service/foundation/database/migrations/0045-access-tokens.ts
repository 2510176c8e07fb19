import { sqlMigration } from './sql-migration.js';

/** The access tokens that count: one that was revoked is gone. An older instance takes none of them. */
export const accessTokens = sqlMigration([
  `create table access_tokens (
    id text primary key,
    provider_id text not null references providers,
    subject_kind text not null check (subject_kind in ('customer', 'helper', 'member')),
    subject_id text not null,
    expires_at bigint not null
  )`,
  `create index access_tokens_by_subject on access_tokens (subject_kind, subject_id, provider_id)`,
  `create index access_tokens_by_expiry on access_tokens (expires_at)`,
]);
