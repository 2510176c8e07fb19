import { sql } from 'kysely';
import type { DeskHelper, DeskRequest, OfferState } from '../../../protocol/help-request.js';
import { deskNews, type Desk, type ToldOfDesk } from '../../../protocol/rules/desk-frames.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { EventRow } from '../../foundation/database/schema.js';
import type { Subject } from '../../foundation/events/subject.js';
import { Gatherer } from '../../foundation/gatherer.js';
import { perService } from '../../foundation/per-service.js';
import { unreadCount } from '../helpers/index.js';
import { stateFrame, type StreamSource, type Told } from '../streams/index.js';
import type { OpenDesks } from './open-desks.js';
import { outcomeMs } from './times.js';

/** Of talks that nothing was said of, the newest. */
const mostAwaited = 20;

interface DeskQuestion {
  helperId: string;
  /** The requests that the desk shows. */
  shown: readonly string[];
}

/** Reads desks together with those of others who are woken at the same time. */
const desksOf = perService(
  (context) => new Gatherer<DeskQuestion, Desk | undefined>((asked) => readDesks(context, asked)),
);

/**
 * A helper's own desk: all of it first, and then what has become another, each time as it stands. There is nothing to go on after:
 * requests become visible in another order than their events are numbered.
 */
export class DeskSource implements StreamSource {
  readonly subject: Subject;
  readonly hasNoEvents = true;
  readonly #context: ServiceContext;
  readonly #helperId: string;
  readonly #desks: OpenDesks;
  readonly #attends: boolean;
  #told: ToldOfDesk | undefined;

  /** @param attends whether it is the helper who listens: anybody else only looks. */
  constructor(context: ServiceContext, helperId: string, desks: OpenDesks, attends: boolean) {
    this.subject = `helper:${helperId}`;
    this.#context = context;
    this.#helperId = helperId;
    this.#desks = desks;
    this.#attends = attends;
  }

  opened(): void {
    this.#desks.came(this.#helperId, this.#attends);
  }

  closed(): void {
    this.#desks.went(this.#helperId, this.#attends);
  }

  async tell(_: readonly EventRow[], __: number, needsSnapshot: boolean): Promise<Told | undefined> {
    const question = { helperId: this.#helperId, shown: [...(this.#told?.requests.keys() ?? [])] };
    const desk = await desksOf(this.#context).ask(question);
    if (!desk) return undefined;
    const { frames, told } = deskNews(desk, needsSnapshot ? undefined : this.#told, this.#context.now());
    this.#told = told;
    return { frames: frames.map(stateFrame), isOver: false };
  }
}

type RequestOfDesks = Omit<DeskRequest, 'offer'> & { helper_id: string | null };

/** What a row of the one statement is: a helper with the offers to him, or a request that any of them is told of. */
type Row =
  | { n: number; helper: DeskHelper; unread_count: number; offers: Record<string, OfferState>; request: null }
  | { n: null; request: RequestOfDesks };

/** As of one moment. A request is read once, however many it was offered to: the offer alone differs from desk to desk. */
async function readDesks(
  { kysely, now: clock }: ServiceContext,
  asked: readonly DeskQuestion[],
): Promise<(Desk | undefined)[]> {
  const now = clock();
  const questions = asked.map(({ helperId, shown }, n) => ({ n, helper_id: helperId, shown }));
  const ids = asked.map(({ helperId }) => helperId);
  const { rows } = await sql<Row>`
    with asked as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(questions)}::jsonb) as asked(n int, helper_id text, shown jsonb)
    ), looked_at as (
      select helper_id, id from help_requests
      where helper_id = any(${ids}::text[]) and status in ('claimed', 'in_progress')
      union all
      select helper_id, awaited.id from unnest(${ids}::text[]) as those(helper_id), lateral (
        -- None was made long before its talk, by which an index finds them.
        select id from help_requests where help_requests.helper_id = those.helper_id and status = 'completed'
          and created_at > ${now - 2 * outcomeMs}::bigint and outcome is null and ended_at > ${now - outcomeMs}::bigint
        order by created_at desc, id desc limit ${mostAwaited}) as awaited
      union all
      select helper_id, jsonb_array_elements_text(shown) from asked
    ), told as materialized (
      select helper_id, request_id, state from help_offers where helper_id = any(${ids}::text[]) and state = 'offered'
      union
      select help_offers.helper_id, request_id, state from looked_at
        join help_offers on request_id = looked_at.id and help_offers.helper_id = looked_at.helper_id
    ), offers as (
      select helper_id, jsonb_object_agg(request_id, state) as offers from told group by helper_id
    )
    select asked.n,
      jsonb_build_object('id', helpers.id, 'availability', availability, 'active_count', active_count,
        'max_concurrent', max_concurrent) as helper,
      ${unreadCount(sql.ref('helpers.id'))} as unread_count,
      coalesce(offers, '{}') as offers,
      null::jsonb as request
    from asked join helpers on helpers.id = asked.helper_id and removed_at is null
      left join offers on offers.helper_id = helpers.id
    union all (
      select null, null, null, null,
        jsonb_build_object('id', id, 'application_id', application_id, 'category_id', category_id,
          'version', version, 'status', status, 'helper_id', helper_id, 'session_id', session_id,
          'tokens', case when amount is null then tokens end, 'amount', amount, 'currency', currency,
          'duration_seconds', duration_seconds, 'created_at', created_at / 1000, 'due_at', due_at / 1000,
          'outcome', outcome)
      from help_requests where id in (select request_id from told) order by created_at, id)`.execute(kysely);
  // In their order.
  const requests = rows.flatMap(({ request }) => request ?? []);
  const places = new Map(requests.map(({ id }, place) => [id, place]));
  const desks: (Desk | undefined)[] = asked.map(() => undefined);
  for (const row of rows) {
    if (row.n === null) continue;
    const { n, helper, unread_count, offers } = row;
    const theirs = Object.keys(offers)
      .flatMap((id) => places.get(id) ?? [])
      .sort((one, other) => one - other)
      .map((place) => requests[place]!);
    desks[n] = { helper, unread_count, requests: requestsOf(asked[n]!, offers, theirs) };
  }
  return desks;
}

/** Of a request that is another helper's it is told that it has gone, where it was shown. */
function requestsOf(
  { helperId, shown }: DeskQuestion,
  offers: Record<string, OfferState>,
  requests: readonly RequestOfDesks[],
): DeskRequest[] {
  return requests.flatMap(({ helper_id, session_id, outcome, ...request }) => {
    const isOwn = helper_id === helperId;
    if (!isOwn && request.status !== 'open' && !shown.includes(request.id)) return [];
    const offer = offers[request.id]!;
    return { ...request, offer, session_id: isOwn ? session_id : null, outcome: isOwn ? outcome : null };
  });
}
