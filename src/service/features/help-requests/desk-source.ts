import { sql } from 'kysely';
import type { DeskFrame, DeskHelper, DeskRequest } from '../../../protocol/help-request.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { EventRow } from '../../foundation/database/schema.js';
import type { Subject } from '../../foundation/events/subject.js';
import { Gatherer } from '../../foundation/gatherer.js';
import { perService } from '../../foundation/per-service.js';
import { unreadCount } from '../helpers/index.js';
import { stateFrame, type StreamSource, type Told } from '../streams/index.js';
import type { OpenDesks } from './open-desks.js';
import { outcomeMs } from './times.js';

interface Desk {
  helper: DeskHelper;
  unread_count: number;
  /** What is offered to him or his, and what the desk showed before, as it stands. */
  requests: DeskRequest[];
}

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
  /** What was told last: of each request, and of the helper. */
  #told = new Map<string, string>();
  #toldOfHelper = '';

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
    const question = { helperId: this.#helperId, shown: [...this.#told.keys()] };
    const desk = await desksOf(this.#context).ask(question);
    if (!desk) return undefined;
    const { unread_count, helper, requests } = desk;
    const common = { unread_count, server_time: this.#context.now() };
    const frames: DeskFrame[] = needsSnapshot
      ? [{ type: 'desk.snapshot', helper, requests, ...common }]
      : requests
          .filter((request) => this.#told.get(request.id) !== stateOf(request))
          .map((request) => ({ type: 'help_request.changed', request, ...common }));
    const ofHelper = JSON.stringify([helper, unread_count]);
    if (!needsSnapshot && ofHelper !== this.#toldOfHelper)
      frames.push({ type: 'desk.changed', helper, ...common });
    this.#toldOfHelper = ofHelper;
    this.#told = new Map(requests.filter(isShown).map((request) => [request.id, stateOf(request)]));
    return { frames: frames.map(stateFrame), isOver: false };
  }
}

const stateOf = ({ version, offer }: DeskRequest) => `${version} ${offer}`;

/** Whether a desk goes on showing it: others are told of once more, as they went. */
const isShown = ({ status, offer, outcome }: DeskRequest) =>
  (status === 'open' && offer === 'offered') ||
  (offer === 'accepted' &&
    (status === 'claimed' || status === 'in_progress' || (status === 'completed' && outcome === null)));

async function readDesks(
  { kysely, now: clock }: ServiceContext,
  asked: readonly DeskQuestion[],
): Promise<(Desk | undefined)[]> {
  const now = clock();
  const rows = JSON.stringify(asked.map(({ helperId, shown }, n) => ({ n, helper_id: helperId, shown })));
  const { rows: desks } = await sql<Desk & { n: number }>`
    select asked.n,
      jsonb_build_object('id', helpers.id, 'availability', availability, 'active_count', active_count,
        'max_concurrent', max_concurrent) as helper,
      ${unreadCount(sql.ref('helpers.id'))} as unread_count,
      coalesce((
        select jsonb_agg(jsonb_build_object('id', request.id, 'application_id', application_id,
            'category_id', category_id, 'version', version, 'status', status, 'offer', help_offers.state,
            'session_id', case when request.helper_id = helpers.id then session_id end,
            'tokens', case when amount is null then tokens end, 'amount', amount, 'currency', currency,
            'duration_seconds', duration_seconds,
            'created_at', created_at / 1000, 'due_at', due_at / 1000,
            'outcome', case when request.helper_id = helpers.id then outcome end) order by created_at, request.id)
        from (
          select request_id from help_offers where help_offers.helper_id = helpers.id and state = 'offered'
          union
          select id from help_requests where help_requests.helper_id = helpers.id and status in ('claimed', 'in_progress')
          union (
            -- None was made long before its talk, by which an index finds them.
            select id from help_requests where help_requests.helper_id = helpers.id and status = 'completed'
              and created_at > ${now - 2 * outcomeMs}::bigint and outcome is null and ended_at > ${now - outcomeMs}::bigint
            order by created_at desc, id desc limit ${mostAwaited})
          union
          select jsonb_array_elements_text(asked.shown)
        ) as those
          join help_requests request on request.id = those.request_id
          join help_offers on help_offers.request_id = request.id and help_offers.helper_id = helpers.id
        where asked.shown ? request.id or request.helper_id = helpers.id or request.status = 'open'
      ), '[]') as requests
    from jsonb_to_recordset(${rows}::jsonb) as asked(n int, helper_id text, shown jsonb)
      join helpers on helpers.id = asked.helper_id and removed_at is null`.execute(kysely);
  const byNumber = new Map(desks.map(({ n, ...desk }) => [n, desk]));
  return asked.map((_, n) => byNumber.get(n));
}
