import { sqlMigration } from './sql-migration.js';

/**
 * What a person has to look at, and webhook endpoints of the marketplace itself, which have no provider. An older instance
 * opens none and tells nobody of them.
 */
export const exceptions = sqlMigration([
  `create table exceptions (
    id text primary key,
    kind text not null,
    subject text not null,
    detail text not null,
    provider_id text,
    session_id text,
    checkout_id text,
    payment_intent_id text,
    amount bigint,
    currency text,
    created_at bigint not null,
    resolved_at bigint,
    resolved_by text,
    note text,
    check ((amount is null) = (currency is null)),
    check ((resolved_at is null) = (resolved_by is null))
  )`,
  `create unique index exceptions_open on exceptions (kind, subject) where resolved_at is null`,
  `create index exceptions_by_age on exceptions (created_at desc, id desc)`,
  `create index exceptions_by_provider on exceptions (provider_id, created_at desc, id desc)`,
  `create index exceptions_by_payment on exceptions (payment_intent_id) where payment_intent_id is not null`,
  `alter table webhook_endpoints alter column provider_id drop not null`,
]);
