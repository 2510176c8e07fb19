import { sqlMigration } from './sql-migration.js';

/**
 * What providers' sessions come to, by quarter of an hour and in all. Triggers write each change down, so that what an older instance
 * does counts too; `figureFolding` adds the changes up. Applications that were there before are counted at the next start.
 */
export const figures = sqlMigration([
  `create table session_figures (
    application_id text not null references applications,
    slot_at bigint not null check (slot_at % 900000 = 0),
    sold bigint not null,
    new_customers bigint not null,
    completed bigint not null,
    expired bigint not null,
    cancelled bigint not null,
    tokens_earned bigint not null,
    seconds_used bigint not null,
    primary key (application_id, slot_at)
  )`,
  `create table session_totals (
    application_id text primary key references applications,
    new_customers bigint not null,
    completed bigint not null,
    expired bigint not null,
    cancelled bigint not null,
    tokens_earned bigint not null,
    seconds_used bigint not null
  )`,
  `create table session_figure_changes (
    id bigint generated always as identity primary key,
    application_id text not null,
    slot_at bigint not null,
    sold bigint not null default 0,
    new_customers bigint not null default 0,
    completed bigint not null default 0,
    expired bigint not null default 0,
    cancelled bigint not null default 0,
    tokens_earned bigint not null default 0,
    seconds_used bigint not null default 0
  )`,
  `create table money_figures (
    account text not null,
    currency text not null,
    slot_at bigint not null check (slot_at % 900000 = 0),
    amount bigint not null,
    primary key (account, currency, slot_at)
  )`,
  `create table money_totals (
    account text not null,
    currency text not null,
    amount bigint not null,
    primary key (account, currency)
  )`,
  `create table money_figure_changes (
    id bigint generated always as identity primary key,
    account text not null,
    currency text not null,
    slot_at bigint not null,
    amount bigint not null
  )`,
  `create table provider_customers (
    provider_id text not null,
    customer_id text not null references customers,
    application_id text not null references applications,
    since_at bigint not null,
    primary key (provider_id, customer_id)
  )`,
  // The quarter of an hour in which a moment lies, ms since the epoch.
  `create function figure_slot(at_ms bigint) returns bigint language sql immutable
    return at_ms - at_ms % 900000`,
  `create function count_sold_session() returns trigger language plpgsql as $$
  declare
    is_new bigint;
  begin
    insert into provider_customers (provider_id, customer_id, application_id, since_at)
      select provider_id, new.user_id, id, new.created_at from applications where id = new.application_id
      on conflict do nothing;
    get diagnostics is_new = row_count;
    insert into session_figure_changes (application_id, slot_at, sold, new_customers)
      values (new.application_id, figure_slot(new.created_at), 1, is_new);
    return null;
  end $$`,
  `create function count_ended_session() returns trigger language plpgsql as $$
  begin
    insert into session_figure_changes
      (application_id, slot_at, completed, expired, cancelled, tokens_earned, seconds_used)
      values (new.application_id, figure_slot(new.ended_at), (new.status = 'completed')::int,
        (new.status = 'expired')::int, (new.status = 'cancelled')::int,
        coalesce(new.final_cost, 0), coalesce(new.used_seconds, 0));
    return null;
  end $$`,
  `create function count_money() returns trigger language plpgsql as $$
  begin
    insert into money_figure_changes (account, currency, slot_at, amount)
      select new.account, currency, figure_slot(created_at), new.amount
      from money_transactions where id = new.transaction_id;
    return null;
  end $$`,
  `create trigger count_sold after insert on sessions
    for each row execute function count_sold_session()`,
  `create trigger count_ended after update of ended_at on sessions
    for each row when (old.ended_at is null and new.ended_at is not null)
    execute function count_ended_session()`,
  `create trigger count_money after insert on money_entries
    for each row when (new.account like 'sales:%') execute function count_money()`,
  // What is there already, and no change tells of: `countEarlier` counts it.
  `create table uncounted_figures (
    kind text not null check (kind in ('sessions', 'money')),
    id text not null,
    primary key (kind, id)
  )`,
  `insert into uncounted_figures (kind, id) select 'sessions', id from applications`,
  `insert into uncounted_figures (kind, id) select 'money', id from providers`,
]);
