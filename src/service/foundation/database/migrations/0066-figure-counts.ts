import { sqlMigration } from './sql-migration.js';

/**
 * More of what a provider's sessions come to, by quarter of an hour: extensions, warnings and how many were answered, what
 * went back, money by application, and of each sale how long ago its customer had bought before, from which follows how
 * many different customers there were in any span of time. Tables of their own, because an older instance folds only the
 * columns that it knows. `countEarlier` counts what was there before.
 */
export const figureCounts = sqlMigration([
  `create table figure_counts (
    subject text not null,
    name text not null,
    currency text not null default '',
    bucket smallint not null default 0,
    slot_at bigint not null check (slot_at % 900000 = 0),
    amount bigint not null,
    primary key (subject, name, slot_at, currency, bucket)
  )`,
  `create table figure_count_changes (
    id bigint generated always as identity primary key,
    subject text not null,
    name text not null,
    currency text not null default '',
    bucket smallint not null default 0,
    slot_at bigint not null,
    amount bigint not null
  )`,
  `create table uncounted_figure_counts (subject text primary key)`,
  // How long before a sale its customer had bought: in quarters of an hour up to 25 hours, the longest day there is, in days
  // up to 400 beyond that, and 1000 where it was longer ago than that or never.
  `create function buyer_bucket(earlier_at bigint, at_ms bigint) returns smallint language sql immutable
    return case
      when earlier_at is null then 1000
      when figure_slot(at_ms) - figure_slot(earlier_at) <= 100 * 900000::bigint
        then greatest(0, (figure_slot(at_ms) - figure_slot(earlier_at)) / 900000)
      when figure_slot(at_ms) - figure_slot(earlier_at) < 101 * 900000::bigint + 400 * 86400000::bigint
        then 101 + (figure_slot(at_ms) - figure_slot(earlier_at) - 101 * 900000::bigint) / 86400000
      else 1000
    end`,
  // The share of the sales of a bucket whose customers had bought nothing since a moment. Within a day of the moment, and
  // wherever else a bucket lies on one side of it, it is 0 or 1.
  `create function buyer_share(bucket smallint, slot_at bigint, since bigint) returns double precision
    language sql immutable
    return case
      when bucket = 1000 then 1
      when bucket <= 100 then (slot_at - bucket * 900000::bigint < since)::int
      else greatest(0, least(96, 196 + 96 * (bucket - 101) - (slot_at - since) / 900000))
        / 96::double precision
    end`,
  // By the index of customers alone, who have few sessions: a plan that was made while the table was small would go through
  // all of it for each sale, and one that joins indexes through all of an application.
  `create function count_buyer() returns trigger language plpgsql
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
        ('provider:' || own.provider_id, (
          select sessions.created_at
          from sessions join applications on applications.id = sessions.application_id
          where user_id = new.user_id and provider_id = own.provider_id and sessions.id <> new.id
          order by sessions.created_at desc limit 1
        ))
      ) as sales (subject, earlier_at)
      where own.id = new.application_id;
    return null;
  end $$`,
  `create function count_extension() returns trigger language plpgsql
  set enable_seqscan = off set enable_bitmapscan = off as $$
  begin
    insert into figure_count_changes (subject, name, slot_at, amount)
      select 'application:' || application_id, name, figure_slot(new.created_at), amount
      from sessions, (values ('extensions', 1), ('extended_seconds', new.additional_seconds), ('warnings_answered', (
        select (type = 'session.warning')::int from events
        where events.session_id = new.session_id and type in ('session.warning', 'session.extended')
        order by events.id desc limit 1
      ))) as counted (name, amount)
      where sessions.id = new.session_id and amount > 0;
    return null;
  end $$`,
  `create function count_warning() returns trigger language plpgsql as $$
  begin
    insert into figure_count_changes (subject, name, slot_at, amount)
      select 'application:' || application_id, 'warnings', figure_slot(new.created_at), 1
      from sessions where id = new.session_id;
    return null;
  end $$`,
  `create function count_returned_tokens() returns trigger language plpgsql as $$
  begin
    insert into figure_count_changes (subject, name, slot_at, amount)
      values ('application:' || new.application_id, 'tokens_returned', figure_slot(new.ended_at), new.tokens_refunded);
    return null;
  end $$`,
  `create function count_money_of_application() returns trigger language plpgsql as $$
  begin
    insert into figure_count_changes (subject, name, currency, slot_at, amount)
      select subject, name, money_transactions.currency, figure_slot(money_transactions.created_at), counted.amount
      from money_transactions
        left join checkouts on checkouts.id = checkout_id
        left join sessions on sessions.id = session_id,
        lateral (values
          ('application:' || application_id, 'money', new.amount),
          ('application:' || application_id, 'money_returned', case when kind <> 'payment' then -new.amount end),
          (regexp_replace(new.account, '^sales', 'provider'), 'money_returned', case when kind <> 'payment' then -new.amount end)
        ) as counted (subject, name, amount)
      where money_transactions.id = new.transaction_id and subject is not null and counted.amount is not null;
    return null;
  end $$`,
  `create trigger count_buyer after insert on sessions for each row execute function count_buyer()`,
  `create trigger count_extension after insert on extensions for each row execute function count_extension()`,
  `create trigger count_warning after insert on events
    for each row when (new.type = 'session.warning') execute function count_warning()`,
  `create trigger count_returned_tokens after update of ended_at on sessions
    for each row when (old.ended_at is null and new.ended_at is not null and new.tokens_refunded > 0)
    execute function count_returned_tokens()`,
  `create trigger count_money_of_application after insert on money_entries
    for each row when (new.account like 'sales:%') execute function count_money_of_application()`,
  `insert into uncounted_figure_counts select 'application:' || id from applications`,
  `insert into uncounted_figure_counts select 'provider:' || id from providers`,
]);
