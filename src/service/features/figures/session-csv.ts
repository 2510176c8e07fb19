import { sql } from 'kysely';
import { isoIn, isoUtc } from '../../../protocol/calendar-days.js';
import type { ServiceContext } from '../../foundation/context.js';
import { csvLine, type CsvCell } from '../../foundation/csv.js';
import { salesAccount } from '../../foundation/ledger/money-ledger.js';
import type { PageCursor } from '../../foundation/page-cursor.js';
import { listSessions, type SessionView } from '../sessions/index.js';
import type { OwnSessions } from './session-filter.js';

/** Sessions that are read at a time, and held in memory at most twice. */
const pageSize = 250;

type Column = [name: string, of: (session: SessionView) => CsvCell];

/**
 * Sessions of a provider as a file of comma separated values, newest first, a page of lines at a time: what is sold meanwhile is not
 * in it. Instants stand in the time zone and in UTC. What a session earned in money stands in a column for each currency, minor
 * units, so that nobody adds up two.
 */
export async function* sessionCsv(
  context: ServiceContext,
  filter: OwnSessions,
  timeZone: string,
): AsyncGenerator<string, void> {
  const columns = columnsIn(timeZone);
  const currencies = await currenciesOf(context, filter.providerId);
  yield csvLine([...columns.map(([name]) => name), ...currencies.map((currency) => `money_${currency}`)]);
  for (let after: PageCursor | undefined, isMore = true; isMore;) {
    const { rows, sessions } = await listSessions(context, { ...filter, after, limit: pageSize });
    const earned = await earnedBy(context, filter.providerId, sessions);
    const lines = sessions.map((session) => {
      const money = earned.get(session.id);
      if ([...(money?.keys() ?? [])].some((currency) => !currencies.includes(currency)))
        throw new Error('a currency is new since the first line');
      const amounts = currencies.map((currency) => money?.get(currency) ?? null);
      return csvLine([...columns.map(([, of]) => of(session)), ...amounts]);
    });
    if (lines.length > 0) yield lines.join('');
    const last = rows.at(-1);
    after = last && { id: last.id, createdAt: last.created_at };
    isMore = rows.length === pageSize;
  }
}

function columnsIn(timeZone: string): Column[] {
  const instants = ['created_at', 'started_at', 'ended_at'] as const;
  return [
    ['session_id', ({ id }) => id],
    ...asTheyAre('application_id', 'user_id', 'help_request_id', 'status'),
    ...instants.flatMap((name): Column[] => [
      [name, ({ [name]: at }) => (at === null ? null : isoIn(at, timeZone))],
      [`${name}_utc`, ({ [name]: at }) => (at === null ? null : isoUtc(at))],
    ]),
    ...asTheyAre('duration_limit_seconds', 'used_seconds', 'extension_count'),
    ...asTheyAre('tokens_allocated', 'final_cost', 'tokens_refunded'),
  ];
}

type Plain = {
  [Name in keyof SessionView]: SessionView[Name] extends CsvCell ? Name : never;
}[keyof SessionView];

const asTheyAre = (...names: Plain[]): Column[] => names.map((name) => [name, (session) => session[name]]);

/** All in which the provider ever earned. */
async function currenciesOf({ kysely }: ServiceContext, providerId: string): Promise<string[]> {
  const totals = kysely.selectFrom('money_totals').select(['account', 'currency']);
  const changes = kysely.selectFrom('money_figure_changes').select(['account', 'currency']);
  const rows = await kysely
    .selectFrom(totals.union(changes).as('earned'))
    .select('currency')
    .where('account', '=', salesAccount(providerId))
    .orderBy('currency')
    .execute();
  return rows.map(({ currency }) => currency);
}

/** What arrived for each session without what went back, by currency, in minor units. */
async function earnedBy(
  { kysely }: ServiceContext,
  providerId: string,
  sessions: readonly SessionView[],
): Promise<Map<string, Map<string, number>>> {
  const ids = sessions.map(({ id }) => id);
  const rows = await kysely
    .selectFrom('checkouts')
    .innerJoin('money_transactions', 'money_transactions.checkout_id', 'checkouts.id')
    .innerJoin('money_entries', 'money_entries.transaction_id', 'money_transactions.id')
    .where(sql<boolean>`checkouts.session_id = any(${ids}::text[])`)
    .where('money_entries.account', '=', salesAccount(providerId))
    .groupBy(['checkouts.session_id', 'money_transactions.currency'])
    .select(({ fn }) => [
      'checkouts.session_id',
      'money_transactions.currency',
      fn.sum<number>('money_entries.amount').as('amount'),
    ])
    .execute();
  const earned = new Map<string, Map<string, number>>();
  for (const { session_id, currency, amount } of rows)
    earned.set(
      session_id,
      (earned.get(session_id) ?? new Map<string, number>()).set(currency, Number(amount)),
    );
  return earned;
}
