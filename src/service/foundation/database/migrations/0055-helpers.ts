import { sqlMigration } from './sql-migration.js';

/** Who helps, and with what. An older instance knows of neither. */
export const helpers = sqlMigration([
  `create table helpers (
    id text primary key,
    provider_id text not null references providers,
    display_name text not null,
    skills jsonb not null,
    availability text not null check (availability in ('available', 'away', 'offline')),
    max_concurrent bigint not null check (max_concurrent > 0),
    active_count bigint not null default 0 check (active_count >= 0),
    missed_in_a_row bigint not null default 0,
    created_at bigint not null,
    removed_at bigint
  )`,
  `create index helpers_newest on helpers (created_at desc, id desc) where removed_at is null`,
  `create index helpers_newest_by_provider on helpers (provider_id, created_at desc, id desc) where removed_at is null`,
  `create index helpers_newest_by_availability on helpers (availability, created_at desc, id desc)
    where removed_at is null`,
  `create index helpers_newest_by_provider_and_availability
    on helpers (provider_id, availability, created_at desc, id desc) where removed_at is null`,
  `create table help_categories (
    id text primary key,
    provider_id text not null references providers,
    name text not null,
    skills jsonb not null,
    tokens bigint not null check (tokens >= 0),
    duration_seconds bigint not null check (duration_seconds > 0),
    search_seconds bigint not null check (search_seconds > 0),
    active boolean not null,
    created_at bigint not null
  )`,
  `create index help_categories_newest on help_categories (created_at desc, id desc)`,
  `create index help_categories_newest_by_provider on help_categories (provider_id, created_at desc, id desc)`,
]);
