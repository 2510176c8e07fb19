import { sql, type RawBuilder, type Transaction } from 'kysely';
import type { OfferState } from '../../../protocol/help-request.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HelpRequestRow, Tables } from '../../foundation/database/schema.js';
import { deskChannel } from '../helpers/index.js';
import { absenceMs } from './times.js';
import { writeRequest } from './write-request.js';

/** Offers a request to all who can take it and were not asked yet. The request is locked, or was just made. */
export const offerRequest = (trx: Transaction<Tables>, id: string, now: number): Promise<void> =>
  offer(trx, sql`help_requests.id = ${id}`, now);

/** Offers all that waits to helpers who have come, or have become free: nobody waits in limbo. */
export const offerToHelpers = (
  trx: Transaction<Tables>,
  ids: readonly string[],
  now: number,
): Promise<void> => offer(trx, sql`helpers.id = any(${ids}::text[])`, now);

/**
 * Helpers are not locked and not passed over: of requests that come at the same time each reaches everybody. Who was told a
 * moment too late is refused when he claims.
 */
async function offer(trx: Transaction<Tables>, which: RawBuilder<unknown>, now: number): Promise<void> {
  await sql`
    with fitting as materialized (
      select help_requests.id as request_id, helpers.id as helper_id
      from help_requests
        join helpers on helpers.provider_id = help_requests.provider_id
        join helper_desks on helper_desks.helper_id = helpers.id
      where help_requests.status = 'open' and ${which}
        and helpers.removed_at is null and helpers.active_count < helpers.max_concurrent
        and helper_desks.seen_at > ${now - absenceMs}::bigint
        and (helpers.availability = 'available' or helpers.availability = 'away' and help_requests.round > 1)
        and (helpers.skills @> help_requests.skills or help_requests.round > 1)
        and not exists (select from help_offers where help_offers.request_id = help_requests.id
          and help_offers.helper_id = helpers.id and state <> 'withdrawn')
    ), open as materialized (
      -- One that is claimed meanwhile is waited for, and left out.
      select id, round from help_requests
      where id in (select request_id from fitting) and status = 'open' order by id for share
    ), offered as (
      insert into help_offers (request_id, helper_id, state, round, offered_at)
      select id, helper_id, 'offered', round, ${now}::bigint from fitting join open on id = request_id
      order by id, helper_id
      on conflict (request_id, helper_id) do update
        set state = 'offered', round = excluded.round, offered_at = excluded.offered_at, answered_at = null
        where help_offers.state = 'withdrawn'
      returning request_id, helper_id
    ), told as (
      insert into notifications (helper_id, type, request_id, created_at)
      select helper_id, 'offered', request_id, ${now}::bigint from offered
    )
    select pg_notify(${deskChannel}, 'request ' || request_id) from offered group by request_id`.execute(trx);
}

/** Offers a locked request that has just been opened. Where nobody is left to ask, all who are there are asked at once. */
export async function lookForHelpers(
  context: ServiceContext,
  trx: Transaction<Tables>,
  request: HelpRequestRow,
  now: number,
): Promise<void> {
  await offerRequest(trx, request.id, now);
  if (request.round === 1 && !(await isOffered(trx, request.id))) await widen(context, trx, request, now);
}

/** The second round: skills are asked for no more, and those who are away are asked too. */
export async function widen(
  context: ServiceContext,
  trx: Transaction<Tables>,
  request: HelpRequestRow,
  now: number,
): Promise<void> {
  const changes = { round: 2, due_at: now + request.search_seconds * 1000 };
  await writeRequest(context, trx, request, 'widen', { changes, now });
  await offerRequest(trx, request.id, now);
}

async function isOffered(trx: Transaction<Tables>, id: string): Promise<boolean> {
  const offered = await trx
    .selectFrom('help_offers')
    .select('helper_id')
    .where('request_id', '=', id)
    .where('state', '=', 'offered')
    .limit(1)
    .executeTakeFirst();
  return offered !== undefined;
}

/** Ends the offers of a locked request that nobody has answered. @returns to whom they were made. */
export async function endOffers(
  trx: Transaction<Tables>,
  requestId: string,
  state: Extract<OfferState, 'withdrawn' | 'missed'>,
  now: number,
): Promise<string[]> {
  const ended = await trx
    .updateTable('help_offers')
    .set({ state, answered_at: now })
    .where('request_id', '=', requestId)
    .where('state', '=', 'offered')
    .returning('helper_id')
    .execute();
  return ended.map(({ helper_id }) => helper_id);
}

/** How the offer of a request to a helper stands; undefined where there never was one. */
export async function offerStateOf(
  trx: Transaction<Tables>,
  requestId: string,
  helperId: string,
): Promise<OfferState | undefined> {
  const offer = await trx
    .selectFrom('help_offers')
    .select('state')
    .where('request_id', '=', requestId)
    .where('helper_id', '=', helperId)
    .executeTakeFirst();
  return offer?.state;
}

/** Keeps a helper's answer to a locked request. */
export async function answerOffer(
  trx: Transaction<Tables>,
  { requestId, helperId }: { requestId: string; helperId: string },
  state: OfferState,
  now: number,
): Promise<void> {
  await trx
    .updateTable('help_offers')
    .set({ state, answered_at: now })
    .where('request_id', '=', requestId)
    .where('helper_id', '=', helperId)
    .execute();
}
