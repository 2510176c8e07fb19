import { sql, type Transaction } from 'kysely';
import type { MarketplaceEvents, SubscriptionEventType } from '../../../protocol/webhooks.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SubscriptionRow, Tables } from '../../foundation/database/schema.js';
import { appendEvents, type NewEvent } from '../../foundation/events/append-events.js';
import { announceDue, subscriptionDueChannel } from '../../foundation/jobs/due-channel.js';
import { expiredAccount, issuanceAccount, post, walletAccount } from '../../foundation/ledger/ledger.js';
import { grantReference, unspentGrants } from './unspent.js';

/** What becomes of a locked subscription. */
export interface SubscriptionChange {
  /** As it was; undefined where it is new. */
  before: SubscriptionRow | undefined;
  /** As it is from now on. */
  after: Omit<SubscriptionRow, 'due_at'>;
  /** What is granted with it: for a new period, or for the rest of the one that runs. */
  grant?: { of: 'period' | 'rest'; tokens: number; expires: boolean } | undefined;
  tells: readonly SubscriptionEventType[];
}

/** When the service must act on a subscription next; null where only somebody's wish changes anything. */
export function dueAt({
  status,
  cancel_at_period_end,
  period_ends_at,
  resumes_at,
}: SubscriptionChange['after']): number | null {
  if (status === 'canceled') return null;
  if (status === 'active') return period_ends_at;
  const first = Math.min(cancel_at_period_end ? period_ends_at : Infinity, resumes_at ?? Infinity);
  return first === Infinity ? null : first;
}

/**
 * Writes changes down with all that belongs to them, in the transaction that has locked the subscriptions: a period, its one
 * grant and the events are there together or not at all.
 */
export async function writeSubscriptions(
  context: ServiceContext,
  trx: Transaction<Tables>,
  changes: readonly SubscriptionChange[],
  now: number,
): Promise<SubscriptionRow[]> {
  if (changes.length === 0) return [];
  const followed = changes.flatMap(({ before, grant }) => (before && grant?.of === 'period' ? [before] : []));
  const expiring = await unspentGrants(trx, followed);
  const written = changes.map((change) => ({
    ...change,
    row: { ...change.after, due_at: dueAt(change.after) },
    expired: (change.grant?.of === 'period' && expiring.get(change.after.id)) || 0,
  }));
  await upsertRows(
    trx,
    written.map(({ row }) => row),
  );
  const upgrades = await writeGrants(trx, written);
  await post(
    context,
    trx,
    written.flatMap(({ after: { id, customer_id, grant_count }, grant, expired }) => {
      const wallet = walletAccount(customer_id);
      const upgrade = upgrades.get(id);
      const reference = grantReference(id, grant_count) + (upgrade === undefined ? '' : `/${upgrade}`);
      const common = { customerId: customer_id, createdAt: now };
      const { tokens = 0 } = grant ?? {};
      return [
        {
          ...common,
          kind: 'expiry' as const,
          reference: grantReference(id, grant_count - 1),
          amounts: { [wallet]: -expired, [expiredAccount]: expired },
        },
        {
          ...common,
          kind: 'credit' as const,
          reference,
          amounts: { [issuanceAccount]: -tokens, [wallet]: tokens },
        },
      ];
    }),
  );
  await appendEvents(
    context,
    trx,
    written.flatMap((one) => one.tells.map((type) => toEvent(type, one, now))),
  );
  const next = Math.min(...written.map(({ row }) => row.due_at ?? Infinity));
  if (next < Infinity) await announceDue(trx, next, subscriptionDueChannel);
  return written.map(({ row }) => row);
}

async function upsertRows(trx: Transaction<Tables>, rows: readonly SubscriptionRow[]): Promise<void> {
  await sql`
    insert into subscriptions select * from jsonb_populate_recordset(null::subscriptions, ${JSON.stringify(rows)}::jsonb)
    on conflict (id) do update set plan_id = excluded.plan_id, pending_plan_id = excluded.pending_plan_id,
      status = excluded.status, anchor_at = excluded.anchor_at, periods_since_anchor = excluded.periods_since_anchor,
      period_started_at = excluded.period_started_at, period_ends_at = excluded.period_ends_at,
      grant_count = excluded.grant_count, cancel_at_period_end = excluded.cancel_at_period_end,
      paused_at = excluded.paused_at, resumes_at = excluded.resumes_at, canceled_at = excluded.canceled_at,
      ended_at = excluded.ended_at, due_at = excluded.due_at, metadata = excluded.metadata`.execute(trx);
}

/** One for each period. @returns how many upgrades there were within a period, by the subscriptions that had one. */
async function writeGrants(
  trx: Transaction<Tables>,
  changes: readonly Pick<SubscriptionChange, 'after' | 'grant'>[],
): Promise<Map<string, number>> {
  const grantsOf = (kind: 'period' | 'rest') =>
    changes.flatMap(({ after, grant }) =>
      grant?.of === kind
        ? [
            {
              subscription_id: after.id,
              period_started_at: after.period_started_at,
              number: after.grant_count,
              tokens: grant.tokens,
              expires: grant.expires,
            },
          ]
        : [],
    );
  const [periods, rests] = [grantsOf('period'), grantsOf('rest')];
  if (periods.length > 0) await trx.insertInto('subscription_grants').values(periods).execute();
  const upgrades = new Map<string, number>();
  for (const { subscription_id, number, tokens, expires } of rests) {
    const { upgrade_count } = await trx
      .updateTable('subscription_grants')
      .set({
        tokens: sql`tokens + ${tokens}::bigint`,
        upgrade_count: sql`upgrade_count + 1`,
        expires,
      })
      .where('subscription_id', '=', subscription_id)
      .where('number', '=', number)
      .returning('upgrade_count')
      .executeTakeFirstOrThrow();
    upgrades.set(subscription_id, upgrade_count);
  }
  return upgrades;
}

const seconds = (instant: number) => Math.floor(instant / 1000);

function toEvent(
  type: SubscriptionEventType,
  { after, grant, expired }: SubscriptionChange & { expired: number },
  now: number,
): NewEvent {
  const payload: MarketplaceEvents[SubscriptionEventType] = {
    subscription_id: after.id,
    customer_id: after.customer_id,
    plan_id: after.plan_id,
    status: after.status,
    current_period_started_at: seconds(after.period_started_at),
    current_period_ends_at: seconds(after.period_ends_at),
    cancel_at_period_end: after.cancel_at_period_end,
    pending_plan_id: after.pending_plan_id,
    tokens_granted: grant?.tokens ?? 0,
    tokens_expired: expired,
  };
  return { subject: `customer:${after.customer_id}`, type, payload, createdAt: now };
}
