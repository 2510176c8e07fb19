import { sqlMigration } from './sql-migration.js';

const ofSessions = ['sold', 'completed', 'expired', 'cancelled', 'tokens_earned', 'seconds_used'];
const ofCounts = [
  'extensions',
  'extended_seconds',
  'warnings',
  'warnings_answered',
  'tokens_returned',
  'money',
  'money_returned',
];
// Of customers who bought in the hour or the day before their sale, and of all others: see `count-buyers.ts`.
const ofBuyers = ['hour_buyers', 'hour_carried', 'day_buyers', 'day_carried'];
const figures = [...ofSessions, ...ofCounts, ...ofBuyers];

const columns = (valueOf: (name: string) => string | undefined) =>
  figures.map((name) => `${valueOf(name) ?? '0'} as ${name}`).join(', ');

/** Rows of quarters, each with the `sign` by which it counts, in the columns of the roll-ups. */
const asFigures = {
  session_figures: (rows: string) => `
    select 'application:' || application_id as subject, slot_at, '' as currency,
      ${columns((name) => (ofSessions.includes(name) ? `sign * ${name}` : undefined))}
    from ${rows}`,
  // A sale that follows another one within the hour or the day counts at both: there it begins to be carried, here it ends.
  figure_counts: (rows: string) => `
    select subject, figure.slot_at, currency, ${columns((name) => {
      if (ofCounts.includes(name)) return `case when name = '${name}' then signed else 0 end`;
      const [within, what] = name.split('_') as ['hour' | 'day', string?];
      const quarters = { hour: 4, day: 96 }[within];
      if (what === 'buyers')
        return `case when not is_earlier and name = 'buyers' and bucket >= ${quarters} then signed else 0 end`;
      if (what === 'carried')
        return `case when name = 'buyers' and bucket between 1 and ${quarters - 1}
          then case when is_earlier then signed else -signed end else 0 end`;
      return undefined;
    })}
    from (select *, sign * amount as signed from ${rows}) as counts, lateral (
      select slot_at, false as is_earlier
      union all
      select slot_at - bucket * 900000::bigint, true where name = 'buyers' and bucket between 1 and 95
    ) as figure`,
};

const sums = figures.map((name) => `sum(${name})`).join(', ');
const added = figures.map((name) => `${name} = known.${name} + excluded.${name}`).join(', ');

/** What a statement has changed of rows: `removed` as it was, `added` as it is. */
const changes = {
  insert: { tables: 'new table as added', rows: 'select 1 as sign, * from added' },
  update: {
    tables: 'old table as removed new table as added',
    rows: 'select 1 as sign, * from added union all select -1, * from removed',
  },
  delete: { tables: 'old table as removed', rows: 'select -1 as sign, * from removed' },
};

// In one order, so that two who roll up the same never wait for each other in a circle.
const rollUp = (table: keyof typeof asFigures, rows: string) => `
  insert into figure_rollups as known (subject, quarters, slot_at, currency, ${figures.join(', ')})
    select subject, quarters, slot_at - slot_at % (quarters * 900000::bigint), currency, ${sums}
    from (${asFigures[table](`(${rows}) as changed`)}) as figures, (values (1), (4), (96)) as widths (quarters)
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (subject, quarters, slot_at, currency) do update set ${added}`;

const rollUpBuyers = (rows: string) => `
  insert into buyer_rollups as known (subject, slot_at, bucket, amount)
    select subject, slot_at - slot_at % 86400000, bucket, sum(sign * amount)
    from (${rows}) as changed where name = 'buyers' and bucket > 100
    group by 1, 2, 3 order by 1, 2, 3
    on conflict (subject, slot_at, bucket) do update set amount = known.amount + excluded.amount`;

const rolledUp = {
  session_figures: (rows: string) => [rollUp('session_figures', rows)],
  figure_counts: (rows: string) => [rollUp('figure_counts', rows), rollUpBuyers(rows)],
};

const triggers = (table: keyof typeof rolledUp) =>
  Object.entries(changes).flatMap(([operation, { tables, rows }]) => [
    `create function roll_up_${table}_${operation}() returns trigger language plpgsql as $$
    begin
      ${rolledUp[table](rows).join(';')};
      return null;
    end $$`,
    `create trigger roll_up_${operation} after ${operation} on ${table} referencing ${tables}
      for each statement execute function roll_up_${table}_${operation}()`,
  ]);

/**
 * Sums of the quarters of an hour: by quarter with all figures side by side, by hour and by day of UTC, so that a year is read
 * as quickly as a day. The database keeps them in the transaction that changes a quarter, whoever does so: an older instance that
 * folds, one that counts anew, and this one. They hold nothing that does not follow from the quarters.
 */
export const figureRollups = sqlMigration([
  `create table figure_rollups (
    subject text not null,
    quarters smallint not null check (quarters in (1, 4, 96)),
    slot_at bigint not null check (slot_at % (quarters * 900000::bigint) = 0),
    currency text not null,
    ${figures.map((name) => `${name} bigint not null`).join(', ')},
    primary key (subject, quarters, slot_at, currency)
  )`,
  // Sales whose customer had bought more than 25 hours before, or never: by day.
  `create table buyer_rollups (
    subject text not null,
    slot_at bigint not null check (slot_at % 86400000 = 0),
    bucket smallint not null,
    amount bigint not null,
    primary key (subject, slot_at, bucket)
  )`,
  // Triggers first: they hold the tables until all of it is there.
  ...triggers('session_figures'),
  ...triggers('figure_counts'),
  ...(['session_figures', 'figure_counts'] as const).flatMap((table) =>
    rolledUp[table](`select 1 as sign, * from ${table}`),
  ),
  // What no quarter holds yet, in the same columns.
  `create view figure_changes as
    ${asFigures.session_figures('(select 1 as sign, * from session_figure_changes) as changed')}
    union all
    ${asFigures.figure_counts('(select 1 as sign, * from figure_count_changes) as changed')}`,
]);
