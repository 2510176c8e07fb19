import { sql } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';

/** What may wait for a provider, and for how many. */
export const attentionKinds = [
  'exceptions_open',
  'webhook_endpoints_failing',
  'help_requests_open',
  'help_requests_missed',
  'authorizations_lapsing',
  'disputes_open',
  'disputes_lost',
] as const;

export type AttentionKind = (typeof attentionKinds)[number];

const dayMs = 86_400_000;
/** Held money is lost unless it is taken within this time, ms. */
const lapsingWithinMs = dayMs;
/** How long what cannot be changed any more is shown, ms. */
const missedForMs = dayMs;
const lostForMs = 30 * dayMs;

/** How many of each kind wait for a provider. Each is counted by an index that holds what waits, and little else. */
export async function countAttention(
  { kysely, now }: ServiceContext,
  providerId: string,
): Promise<Record<AttentionKind, number>> {
  const at = now();
  const ofDisputes = (condition: ReturnType<typeof sql>) => sql`
    select count(*)::int from disputes
      join checkouts on checkouts.payment_intent_id = disputes.payment_intent_id
      join sessions on sessions.id = checkouts.session_id
      join applications on applications.id = sessions.application_id
    where applications.provider_id = ${providerId} and ${condition}`;
  const { rows } = await sql<Record<AttentionKind, number>>`
    select
      (select count(*)::int from exceptions
        where provider_id = ${providerId} and resolved_at is null) as exceptions_open,
      (select count(*)::int from webhook_endpoints where provider_id = ${providerId}
        and (failing_since is not null and disabled_at is null or disabled_reason <> 'owner')
      ) as webhook_endpoints_failing,
      (select count(*)::int from help_requests
        where provider_id = ${providerId} and status = 'open') as help_requests_open,
      (select count(*)::int from help_requests
        where provider_id = ${providerId} and status = 'expired' and reason = 'nobody_free'
          and created_at >= ${at - missedForMs}::bigint) as help_requests_missed,
      (select count(*)::int from payment_authorizations
        join help_requests on help_requests.id = payment_authorizations.request_id
        where help_requests.provider_id = ${providerId} and payment_authorizations.status in ('authorized', 'capturing')
          and capture_before < ${at + lapsingWithinMs}::bigint) as authorizations_lapsing,
      (${ofDisputes(sql`state in ('inquiry', 'open')`)}) as disputes_open,
      (${ofDisputes(sql`state = 'lost' and told_at >= ${at - lostForMs}::bigint`)}) as disputes_lost`.execute(
    kysely,
  );
  return rows[0]!;
}
