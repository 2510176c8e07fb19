import { sql } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { HelpRequestState, HelpRequestStatus, PaymentStatus } from '../../../protocol/help-request.js';
import { helpRequestFor } from '../../../protocol/rules/help-request-view.js';
import type { Credential } from '../../foundation/auth/credential.js';
import { requireReach } from '../../foundation/auth/reach.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HelpRequestRow } from '../../foundation/database/schema.js';
import type { PageCursor } from '../../foundation/page-cursor.js';

/** A request with what stands elsewhere about it. */
export type HelpRequestView = HelpRequestRow & {
  /** Of who has claimed it. */
  helper_name: string | null;
  offered_count: number;
  /** Null where it is paid by tokens. */
  payment_status: PaymentStatus | null;
  captured_amount: number | null;
  /** Where the price is paid, once it is known. */
  checkout_url: string | null;
};

const selectViews = ({ kysely }: ServiceContext) =>
  kysely
    .selectFrom('help_requests')
    .leftJoin('helpers', 'helpers.id', 'help_requests.helper_id')
    .leftJoin('payment_authorizations', 'request_id', 'help_requests.id')
    .selectAll('help_requests')
    .select(['payment_authorizations.status as payment_status', 'captured_amount', 'checkout_url'])
    .select('helpers.display_name as helper_name')
    .select(
      sql<number>`case when help_requests.status <> 'open' then 0 else (
        select count(*)::int from help_offers where help_offers.request_id = help_requests.id and state = 'offered') end`.as(
        'offered_count',
      ),
    );

/** @throws {SessionError} `HELP_REQUEST_NOT_FOUND` */
export async function readHelpRequest(context: ServiceContext, id: string): Promise<HelpRequestView> {
  const view = await selectViews(context).where('help_requests.id', '=', id).executeTakeFirst();
  if (!view) throw new SessionError('HELP_REQUEST_NOT_FOUND');
  return view;
}

/**
 * The request, where the credential reaches it: a helper those that were ever offered to him.
 * @throws {SessionError} `HELP_REQUEST_NOT_FOUND`
 */
export async function requireHelpRequest(
  context: ServiceContext,
  credential: Credential,
  id: string,
): Promise<HelpRequestView> {
  const view = await readHelpRequest(context, id);
  const { application_id: applicationId, provider_id: providerId, user_id: customerId } = view;
  requireReach(credential, { applicationId, providerId, customerId }, 'HELP_REQUEST_NOT_FOUND');
  const helperId = credential.helperId;
  if (helperId !== undefined && !(await wasOffered(context, id, helperId)))
    throw new SessionError('HELP_REQUEST_NOT_FOUND');
  return view;
}

async function wasOffered({ kysely }: ServiceContext, id: string, helperId: string): Promise<boolean> {
  const offer = await kysely
    .selectFrom('help_offers')
    .select('state')
    .where('request_id', '=', id)
    .where('helper_id', '=', helperId)
    .executeTakeFirst();
  return offer !== undefined;
}

export interface HelpRequestFilter {
  applicationId?: string | undefined;
  providerId?: string | undefined;
  helperId?: string | undefined;
  userId?: string | undefined;
  status?: HelpRequestStatus | undefined;
  after?: PageCursor | undefined;
  limit: number;
}

/** Newest first. */
export function listHelpRequests(
  context: ServiceContext,
  { applicationId, providerId, helperId, userId, status, after, limit }: HelpRequestFilter,
): Promise<HelpRequestView[]> {
  return selectViews(context)
    .$if(applicationId !== undefined, (query) =>
      query.where('help_requests.application_id', '=', applicationId!),
    )
    .$if(providerId !== undefined, (query) => query.where('help_requests.provider_id', '=', providerId!))
    .$if(helperId !== undefined, (query) => query.where('help_requests.helper_id', '=', helperId!))
    .$if(userId !== undefined, (query) => query.where('help_requests.user_id', '=', userId!))
    .$if(status !== undefined, (query) => query.where('help_requests.status', '=', status!))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(help_requests.created_at, help_requests.id) < (${after!.createdAt}::bigint, ${after!.id}::text)`,
      ),
    )
    .orderBy('help_requests.created_at', 'desc')
    .orderBy('help_requests.id', 'desc')
    .limit(limit)
    .execute();
}

/** How many of a provider's latest talks tell how long one waits. */
const latest = 20;

/** How long the latest customers of a provider have waited until somebody took their request, seconds; null before the first. */
export async function typicalWait({ kysely }: ServiceContext, providerId: string): Promise<number | null> {
  const { rows } = await sql<{ wait: number | null }>`
    select ceil(percentile_disc(0.5) within group (order by claimed_at - coalesce(authorized_at, created_at)) / 1000.0)::int as wait from (
      select claimed_at, authorized_at, created_at from help_requests where provider_id = ${providerId} and status = 'completed'
      order by created_at desc, id desc limit ${latest}) as latest`.execute(kysely);
  return rows[0]!.wait;
}

const seconds = (instant: number) => Math.floor(instant / 1000);
const secondsOrNull = (instant: number | null) => (instant === null ? null : seconds(instant));

/** Without a word that anybody wrote. */
export const toState = (view: HelpRequestView): HelpRequestState => ({
  id: view.id,
  provider_id: view.provider_id,
  application_id: view.application_id,
  user_id: view.user_id,
  category_id: view.category_id,
  status: view.status,
  reason: view.reason,
  version: view.version,
  round: view.round,
  offered_count: view.offered_count,
  helper_id: view.helper_id,
  session_id: view.session_id,
  tokens: view.amount === null ? view.tokens : null,
  amount: view.amount,
  currency: view.currency,
  payment_status: view.payment_status,
  captured_amount: view.captured_amount,
  duration_seconds: view.duration_seconds,
  created_at: seconds(view.created_at),
  claimed_at: secondsOrNull(view.claimed_at),
  started_at: secondsOrNull(view.started_at),
  ended_at: secondsOrNull(view.ended_at),
  due_at: secondsOrNull(view.due_at),
  used_seconds: view.used_seconds,
  final_cost: view.final_cost,
  outcome: view.outcome,
});

/** As this reader may see it. */
export const toHelpRequest = (view: HelpRequestView, { helperId, side }: Credential) =>
  helpRequestFor(
    { ...toState(view), helper_name: view.helper_name, description: view.description, notes: view.notes },
    { helperId, isCustomer: side === 'customer' },
  );
