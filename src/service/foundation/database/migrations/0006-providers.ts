import { sqlMigration } from './sql-migration.js';

/** Providers, whose ids applications have named all along, and what their figures are read by. */
export const providers = sqlMigration([
  `create table providers (
    id text primary key,
    name text not null,
    time_zone text not null,
    website_url text,
    created_at bigint not null
  )`,
  `insert into providers (id, name, time_zone, created_at)
    select provider_id, provider_id, 'UTC', min(created_at) from applications group by provider_id`,
  `create index applications_by_provider on applications (provider_id)`,
  `create index sessions_by_end on sessions (application_id, ended_at) where ended_at is not null`,
]);
