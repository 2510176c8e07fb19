import { sql } from 'kysely';
import type { HelpRequestStatus, Outcome } from '../../../protocol/help-request.js';
import type { ServiceContext } from '../../foundation/context.js';

/** From when, and until before when; ms since the epoch. */
export interface Span {
  from: number;
  to: number;
}

export interface HelperStatistics {
  /** Requests that were offered in that time, and what came of them. */
  offered: number;
  claimed: number;
  declined: number;
  missed: number;
  completed: number;
  outcomes: Record<Outcome, number>;
  average_used_seconds: number | null;
}

const outcomeCounts = sql`jsonb_build_object(
  'resolved', count(*) filter (where outcome = 'resolved'),
  'unresolved', count(*) filter (where outcome = 'unresolved'),
  'in_person', count(*) filter (where outcome = 'in_person'))`;

/** Counted as they stand now, of the day that each was offered on. */
export async function helperStatistics(
  { kysely }: ServiceContext,
  helperId: string,
  { from, to }: Span,
): Promise<HelperStatistics> {
  const { rows } = await sql<HelperStatistics>`
    select count(*)::int as offered,
      count(*) filter (where state = 'accepted')::int as claimed,
      count(*) filter (where state = 'declined')::int as declined,
      count(*) filter (where state = 'missed')::int as missed,
      count(own.id) filter (where own.status = 'completed')::int as completed,
      ${outcomeCounts} as outcomes,
      round(avg(used_seconds) filter (where own.status = 'completed'))::int as average_used_seconds
    from help_offers left join help_requests own on own.id = request_id and own.helper_id = help_offers.helper_id
    where help_offers.helper_id = ${helperId} and offered_at >= ${from}::bigint and offered_at < ${to}::bigint`.execute(
    kysely,
  );
  return rows[0]!;
}

export interface RequestStatistics {
  requests: number;
  by_status: Record<HelpRequestStatus, number>;
  outcomes: Record<Outcome, number>;
  /** From the request to the claim. */
  wait_seconds_p50: number | null;
  wait_seconds_p95: number | null;
  claimed_soon: number;
  average_used_seconds: number | null;
}

const countOf = (status: HelpRequestStatus) => sql`count(*) filter (where status = ${status})`;

/** Of requests that were made in that time, as they stand now. */
export async function requestStatistics(
  { kysely }: ServiceContext,
  providerId: string,
  { from, to }: Span,
): Promise<RequestStatistics> {
  // Who pays first is not looked for while he does.
  const asked = sql`coalesce(authorized_at, created_at)`;
  const waits = sql`(order by claimed_at - ${asked}) filter (where claimed_at is not null)`;
  const { rows } = await sql<RequestStatistics>`
    select count(*)::int as requests,
      jsonb_build_object('awaiting_payment', ${countOf('awaiting_payment')}, 'open', ${countOf('open')}, 'claimed', ${countOf('claimed')},
        'in_progress', ${countOf('in_progress')}, 'completed', ${countOf('completed')},
        'cancelled', ${countOf('cancelled')}, 'expired', ${countOf('expired')}) as by_status,
      ${outcomeCounts} as outcomes,
      ceil(percentile_disc(0.5) within group ${waits} / 1000.0)::int as wait_seconds_p50,
      ceil(percentile_disc(0.95) within group ${waits} / 1000.0)::int as wait_seconds_p95,
      count(*) filter (where claimed_at - ${asked} <= 30000)::int as claimed_soon,
      round(avg(used_seconds) filter (where status = 'completed'))::int as average_used_seconds
    from help_requests
    where provider_id = ${providerId} and created_at >= ${from}::bigint and created_at < ${to}::bigint`.execute(
    kysely,
  );
  return rows[0]!;
}
