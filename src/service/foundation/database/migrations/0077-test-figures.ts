import { sqlMigration } from './sql-migration.js';

/**
 * Tests are no sales: the customers of a provider are counted by themselves for its applications of tests, `provider-test:<id>`, and
 * for all others. An application of which nobody has said what it is for is for customers; where it is said later, the
 * provider's customers are counted anew. Functions of the triggers, so that an older instance counts so too.
 */
export const testFigures = sqlMigration([
  `create function provider_subject(provider_id text, mode text) returns text language sql immutable
    return case when mode = 'test' then 'provider-test:' else 'provider:' end || provider_id`,
  // Who has bought a session of a provider in a test: as provider_customers, but for nobody to look after.
  `create table test_customers (
    provider_id text not null,
    customer_id text not null references customers on delete cascade,
    application_id text not null references applications,
    since_at bigint not null,
    primary key (provider_id, customer_id)
  )`,
  `create index test_customers_by_customer on test_customers (customer_id)`,
  `create or replace function count_sold_session() returns trigger language plpgsql as $$
  declare
    own applications;
    is_new bigint;
  begin
    select * into own from applications where id = new.application_id;
    if own.mode = 'test' then
      insert into test_customers (provider_id, customer_id, application_id, since_at)
        values (own.provider_id, new.user_id, own.id, new.created_at) on conflict do nothing;
    else
      insert into provider_customers (provider_id, customer_id, application_id, since_at)
        values (own.provider_id, new.user_id, own.id, new.created_at) on conflict do nothing;
    end if;
    get diagnostics is_new = row_count;
    insert into session_figure_changes (application_id, slot_at, sold, new_customers)
      values (new.application_id, figure_slot(new.created_at), 1, is_new);
    return null;
  end $$`,
  `create or replace function count_buyer() returns trigger language plpgsql
  set enable_seqscan = off set enable_bitmapscan = off as $$
  begin
    insert into figure_count_changes (subject, name, bucket, slot_at, amount)
      select subject, 'buyers', buyer_bucket(earlier_at, new.created_at), figure_slot(new.created_at), 1
      from applications own, lateral (values
        ('application:' || own.id, (
          select created_at from sessions
          where user_id = new.user_id and application_id = own.id and id <> new.id
          order by created_at desc limit 1
        )),
        (provider_subject(own.provider_id, own.mode), (
          select sessions.created_at
          from sessions join applications on applications.id = sessions.application_id
          where user_id = new.user_id and provider_id = own.provider_id and sessions.id <> new.id
            and coalesce(applications.mode, 'live') = coalesce(own.mode, 'live')
          order by sessions.created_at desc limit 1
        ))
      ) as sales (subject, earlier_at)
      where own.id = new.application_id;
    return null;
  end $$`,
  // Those whose customers are to be told apart anew: `countEarlier` does.
  `create table undivided_figures (provider_id text primary key)`,
  `create function divide_figures() returns trigger language plpgsql as $$
  begin
    insert into undivided_figures values (new.provider_id) on conflict do nothing;
    return null;
  end $$`,
  `create trigger divide_figures after update of mode on applications
    for each row when (new.mode = 'test' and old.mode is distinct from 'test')
    execute function divide_figures()`,
  `insert into undivided_figures select distinct provider_id from applications where mode = 'test'`,
]);
