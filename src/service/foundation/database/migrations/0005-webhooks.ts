import { sqlMigration } from './sql-migration.js';

/** Webhook endpoints, what is to be delivered to them, and each attempt. An older instance queues nothing for them. */
export const webhooks = sqlMigration([
  `create table webhook_endpoints (
    id text primary key,
    provider_id text not null,
    url text not null,
    description text not null,
    event_types jsonb not null,
    secret text not null,
    previous_secret text,
    previous_secret_expires_at bigint,
    disabled_reason text check (disabled_reason in ('owner', 'gone', 'failing')),
    disabled_at bigint,
    failing_since bigint,
    created_at bigint not null,
    check ((previous_secret is null) = (previous_secret_expires_at is null)),
    check ((disabled_reason is null) = (disabled_at is null))
  )`,
  `create index webhook_endpoints_by_provider on webhook_endpoints (provider_id, created_at)`,
  `create table webhook_deliveries (
    id text primary key,
    endpoint_id text not null references webhook_endpoints on delete cascade,
    type text not null,
    data jsonb not null,
    status text not null default 'pending'
      check (status in ('pending', 'delivered', 'failed', 'cancelled')),
    attempts bigint not null default 0,
    due_at bigint,
    created_at bigint not null,
    finished_at bigint,
    check ((status = 'pending') = (due_at is not null)),
    check ((status = 'pending') = (finished_at is null))
  )`,
  `create index webhook_deliveries_due on webhook_deliveries (due_at) where due_at is not null`,
  `create index webhook_deliveries_by_endpoint on webhook_deliveries (endpoint_id, created_at desc, id desc)`,
  `create index webhook_deliveries_by_age on webhook_deliveries (finished_at) where finished_at is not null`,
  `create table webhook_attempts (
    delivery_id text not null references webhook_deliveries on delete cascade,
    number bigint not null,
    started_at bigint not null,
    duration_ms bigint,
    response_status bigint,
    error text,
    primary key (delivery_id, number)
  )`,
]);
