import { SessionError } from '../../protocol/errors.js';
import {
  availabilities,
  isFinalHelpRequest,
  outcomes,
  type HelpRequestAnswer,
} from '../../protocol/help-request.js';
import { deskNews, type ToldOfDesk } from '../../protocol/rules/desk-frames.js';
import { helpRequestFor } from '../../protocol/rules/help-request-view.js';
import type { SandboxContext } from '../context.js';
import { sideOf, type Credential } from '../credentials.js';
import { needed, optionalOneOf, optionalText, optionalTexts, optionalWhole } from '../http/members.js';
import type { Asked, Route } from '../http/route.js';
import { change } from '../sessions/session-routes.js';
import { frame, streamResponse } from '../streams.js';
import type { HelpRequest } from './help-requests.js';
import type { Helper } from './helpers.js';

const usualSearchSeconds = 120;

const helperIdOf = (credential: Credential) =>
  credential.kind === 'person' && credential.person.kind === 'helper' ? credential.person.id : undefined;

/** What is streamed of a request: no word that anybody wrote. */
function stateOf({ description, notes, category, offers, ...state }: HelpRequest) {
  void [description, notes, category, offers];
  return state;
}

/** Help categories, helpers, and requests for help. */
export function helpRoutes(context: SandboxContext): Route[] {
  const { helpers, helpRequests, settings, clock, events } = context;

  const show = (helper: Helper) => ({ provider_id: settings.providerId, ...helper });

  /** @throws {SessionError} `HELPER_NOT_FOUND` */
  function helperOf({ credential, params }: Asked): Helper {
    const ownId = helperIdOf(credential);
    if (ownId !== undefined && ownId !== params.id) throw new SessionError('HELPER_NOT_FOUND');
    return helpers.find(params.id!);
  }

  /** @throws {SessionError} `HELP_REQUEST_NOT_FOUND` */
  function requestOf({ credential, params }: Asked): HelpRequest {
    const request = helpRequests.find(params.id!);
    const helperId = helperIdOf(credential);
    const userId = customerOf(credential);
    const isReached =
      (helperId === undefined || request.offers.has(helperId)) &&
      (userId === undefined || request.user_id === userId);
    if (!isReached) throw new SessionError('HELP_REQUEST_NOT_FOUND');
    return request;
  }

  function answerOf(request: HelpRequest, credential: Credential): HelpRequestAnswer {
    const { description, notes, helper_id } = request;
    const helper_name = helper_id === null ? null : helpers.find(helper_id).display_name;
    const reader = { helperId: helperIdOf(credential), isCustomer: sideOf(credential) === 'customer' };
    const seen = helpRequestFor({ ...stateOf(request), helper_name, description, notes }, reader);
    return { ...seen, checkout_url: null, typical_wait_seconds: null };
  }

  /** What a helper does with a request, each of it once for its key. */
  const answering = (
    name: string,
    work: (request: HelpRequest, helper: Helper, asked: Asked) => void,
  ): Route => ({
    method: 'POST',
    path: `/help-requests/{id}/${name}`,
    operation: `${name}HelpRequest`,
    allows: { person: 'help-requests.answer' },
    answer(asked) {
      const request = requestOf(asked);
      const id = optionalText(asked.members, 'helper_id') ?? helperIdOf(asked.credential);
      const helper = helpers.find(needed(id, 'helper_id'));
      change(
        context,
        asked,
        `${name} ${request.id}`,
        asked.members,
        () => (work(request, helper, asked), {}),
      );
      return answerOf(request, asked.credential);
    },
  });

  return [
    {
      method: 'POST',
      path: '/help-categories',
      operation: 'createHelpCategory',
      allows: {},
      answer({ members }) {
        const category = helpers.addCategory({
          id: optionalText(members, 'id') ?? crypto.randomUUID(),
          name: needed(optionalText(members, 'name'), 'name'),
          skills: optionalTexts(members, 'skills') ?? [],
          tokens: needed(optionalWhole(members, 'tokens'), 'tokens'),
          ...{ amount: null, currency: null, capture: null },
          duration_seconds: needed(
            optionalWhole(members, 'duration_seconds', 60, 86_400),
            'duration_seconds',
          ),
          search_seconds: optionalWhole(members, 'search_seconds', 10, 3_600) ?? usualSearchSeconds,
          active: members.active !== false,
        });
        return Response.json(category, { status: 201 });
      },
    },
    {
      method: 'GET',
      path: '/help-categories',
      operation: 'listHelpCategories',
      allows: { person: 'help-categories.read' },
      answer: () => ({ categories: helpers.categories(), next_cursor: null }),
    },
    {
      method: 'PATCH',
      path: '/help-categories/{id}',
      operation: 'changeHelpCategory',
      allows: {},
      answer({ members, params }) {
        const category = helpers.category(params.id!);
        const { active = category.active } = members as { active?: boolean };
        return Object.assign(category, { active });
      },
    },
    {
      method: 'POST',
      path: '/helpers',
      operation: 'createHelper',
      allows: {},
      answer({ members }) {
        const helper = helpers.add({
          id: optionalText(members, 'id') ?? crypto.randomUUID(),
          display_name: needed(optionalText(members, 'display_name'), 'display_name'),
          skills: optionalTexts(members, 'skills') ?? [],
          max_concurrent: optionalWhole(members, 'max_concurrent', 1, 100) ?? 1,
        });
        return Response.json(show(helper), { status: 201 });
      },
    },
    {
      method: 'GET',
      path: '/helpers/{id}',
      operation: 'readHelper',
      allows: { person: 'helpers.read' },
      answer: (asked) => show(helperOf(asked)),
    },
    {
      method: 'DELETE',
      path: '/helpers/{id}',
      operation: 'removeHelper',
      allows: {},
      answer({ params }) {
        helpers.remove(params.id!);
        return new Response(null, { status: 204 });
      },
    },
    {
      method: 'PUT',
      path: '/helpers/{id}/availability',
      operation: 'setAvailability',
      allows: { person: 'helpers.attend' },
      answer(asked) {
        const helper = helperOf(asked);
        helper.availability = needed(
          optionalOneOf(asked.members, 'availability', availabilities),
          'availability',
        );
        helpRequests.offerAgain();
        events.wake(`helper:${helper.id}`);
        return show(helper);
      },
    },
    {
      method: 'GET',
      path: '/helpers/{id}/events',
      operation: 'deskEvents',
      allows: { person: 'helpers.read' },
      answer: (asked) => deskStream(helperOf(asked)),
    },
    {
      method: 'POST',
      path: '/help-requests',
      operation: 'createHelpRequest',
      allows: { person: 'help-requests.create' },
      needsKey: true,
      answer(asked) {
        const { members, credential } = asked;
        const userId = customerOf(credential) ?? needed(optionalText(members, 'user_id'), 'user_id');
        const categoryId = needed(optionalText(members, 'category_id'), 'category_id');
        const description = optionalText(members, 'description') ?? null;
        if (members.application_id !== settings.applicationId)
          throw new SessionError('APPLICATION_NOT_FOUND');
        const { id } = change(context, asked, 'create help request', members, () =>
          helpRequests.create(userId, categoryId, description),
        );
        return Response.json(answerOf(helpRequests.find(id), credential), { status: 201 });
      },
    },
    {
      method: 'GET',
      path: '/help-requests',
      operation: 'listHelpRequests',
      allows: { person: 'help-requests.read' },
      answer({ credential, query }) {
        const userId = customerOf(credential) ?? query.get('user_id');
        const helperId = helperIdOf(credential) ?? query.get('helper_id');
        const requests = helpRequests
          .all()
          .filter((one) => userId === null || one.user_id === userId)
          .filter((one) => helperId === null || one.helper_id === helperId)
          .map((one) => answerOf(one, credential));
        return { requests, next_cursor: null };
      },
    },
    {
      method: 'GET',
      path: '/help-requests/{id}',
      operation: 'readHelpRequest',
      allows: { person: 'help-requests.read' },
      answer: (asked) => answerOf(requestOf(asked), asked.credential),
    },
    {
      method: 'GET',
      path: '/help-requests/{id}/events',
      operation: 'helpRequestEvents',
      allows: { person: 'help-requests.read' },
      answer: (asked) => requestStream(requestOf(asked), asked.request.headers.get('Last-Event-ID')),
    },
    {
      method: 'POST',
      path: '/help-requests/{id}/cancel',
      operation: 'cancelHelpRequest',
      allows: { person: 'help-requests.cancel' },
      answer(asked) {
        const request = requestOf(asked);
        helpRequests.cancel(request, 'requested');
        return answerOf(request, asked.credential);
      },
    },
    answering('claim', (request, helper) => helpRequests.claim(request, helper)),
    answering('decline', (request, helper) => helpRequests.decline(request, helper)),
    answering('withdraw', (request, helper) => helpRequests.withdraw(request, helper)),
    answering('start', (request, helper) => helpRequests.start(request, helper)),
    answering('outcome', (request, helper, { members }) => {
      const outcome = needed(optionalOneOf(members, 'outcome', outcomes), 'outcome');
      helpRequests.record(request, helper, outcome, optionalText(members, 'notes') ?? null);
    }),
  ];

  function deskStream(helper: Helper): Response {
    return streamResponse(clock, (stream) => {
      let told: ToldOfDesk | undefined;
      const tell = () => {
        const { id, availability, active_count, max_concurrent } = helper;
        const requests = helpRequests.desk(helper, new Set(told?.requests.keys()));
        // A sandbox keeps no list of what a helper was told of.
        const desk = {
          helper: { id, availability, active_count, max_concurrent },
          requests,
          unread_count: 0,
        };
        const news = deskNews(desk, told, clock.now());
        told = news.told;
        for (const { type, ...data } of news.frames) stream.write(frame(type, data));
      };
      tell();
      return events.listen(`helper:${helper.id}`, tell);
    });
  }

  function requestStream(request: HelpRequest, lastEventId: string | null): Response {
    const subject = `request:${request.id}`;
    let lastId = lastEventId === null ? events.lastId : Number(lastEventId);
    if (!Number.isSafeInteger(lastId) || lastId < 0 || lastId > events.lastId)
      throw new SessionError('EVENT_ID_INVALID');
    return streamResponse(clock, (stream) => {
      const view = () => ({ request: stateOf(request), server_time: clock.now() });
      if (lastEventId === null) stream.write(frame('help_request.snapshot', view(), lastId));
      const tell = () => {
        for (const { id, type, payload, at } of events.after(subject, lastId)) {
          lastId = id;
          stream.write(frame(type, { ...payload, created_at: Math.floor(at / 1000), ...view() }, id));
        }
        // What a talk came to may still be told.
        if (isFinalHelpRequest(request.status) && request.status !== 'completed') stream.close();
      };
      const stop = events.listen(subject, tell);
      tell();
      return stop;
    });
  }
}

const customerOf = (credential: Credential) =>
  credential.kind === 'person' && credential.person.kind === 'customer' ? credential.person.id : undefined;
