import { sqlMigration } from './sql-migration.js';

/** What pages count: which reports were taken, so that none counts twice, and their sums by quarter of an hour. */
export const pageMetrics = sqlMigration([
  `create table page_reports (
    session_id text not null,
    page text not null,
    sequence int not null,
    reported_at bigint not null,
    primary key (session_id, page, sequence)
  )`,
  `create index page_reports_by_time on page_reports (reported_at)`,
  `create table page_metric_names (
    application_id text not null references applications (id),
    name text not null,
    primary key (application_id, name)
  )`,
  `create table page_metrics (
    application_id text not null,
    name text not null,
    slot_at bigint not null check (slot_at % 900000 = 0),
    amount double precision not null,
    primary key (application_id, slot_at, name),
    foreign key (application_id, name) references page_metric_names (application_id, name)
  )`,
]);
