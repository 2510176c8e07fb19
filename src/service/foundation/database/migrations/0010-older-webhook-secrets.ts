import { sqlMigration } from './sql-migration.js';

/** Secrets of webhook endpoints that were replaced twice and still sign. An older instance does not sign with them. */
export const olderWebhookSecrets = sqlMigration([
  `create table older_webhook_secrets (
    id text primary key,
    endpoint_id text not null references webhook_endpoints on delete cascade,
    secret text not null,
    expires_at bigint not null
  )`,
  `create index older_webhook_secrets_by_endpoint on older_webhook_secrets (endpoint_id)`,
]);
