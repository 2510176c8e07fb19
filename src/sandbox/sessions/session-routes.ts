import { capabilities, waitsFor, type CreateSessionRequest, type ExtendRequest } from '../../protocol/api.js';
import { addParameter } from '../../protocol/add-parameter.js';
import { SessionError } from '../../protocol/errors.js';
import { tokenExpiry } from '../../protocol/rules/session-times.js';
import { isFinal } from '../../protocol/state-machine.js';
import type { SandboxContext } from '../context.js';
import { nameOf, requirePermission, sideOf, type Credential } from '../credentials.js';
import { needed, optionalOneOf, optionalText, optionalWhole, type Members } from '../http/members.js';
import type { Asked, Route } from '../http/route.js';
import { personOf } from './participants.js';
import type { SessionRecord } from './session-record.js';

/** The session that is asked about, where the credential reaches it. @throws {SessionError} `TOKEN_SESSION_MISMATCH`, `SESSION_NOT_FOUND` */
export function sessionOf({ sessions }: SandboxContext, { credential, params }: Asked): SessionRecord {
  const id = params.id!;
  if (credential.kind === 'session') {
    if (credential.session.id !== id) throw new SessionError('TOKEN_SESSION_MISMATCH');
    return sessions.find(id);
  }
  const session = sessions.find(id);
  const { person } = credential as { person?: { kind: string; id: string } };
  const isReached =
    credential.kind === 'server' ||
    person?.kind === 'member' ||
    (person?.kind === 'helper' && session.waits_for_id === person.id);
  if (!isReached) throw new SessionError('SESSION_NOT_FOUND');
  return session;
}

/** Does a change once for its key. */
export function change<T extends object>(
  { idempotency }: SandboxContext,
  { credential, key }: Asked,
  action: string,
  request: unknown,
  work: () => T,
): T {
  return idempotency.once(`${nameOf(credential)} ${action}`, key, request, work);
}

/** `/sessions`, and what may be done to one. */
export function sessionRoutes(context: SandboxContext): Route[] {
  const { sessions, tokens, settings, streams, credentials } = context;

  /** Where the one that asks would not outlive the session. */
  async function freshToken(credential: Credential, session: SessionRecord) {
    if (credential.kind !== 'session' || isFinal(session.status)) return {};
    const isLong =
      credential.expiresAt >= (credential.grant?.expiresAt ?? tokenExpiry(session, settings.terms));
    return isLong ? {} : { session_token: await tokens.ofSession(session, credential.grant) };
  }
  const answerSession = async ({ credential }: Asked, session: SessionRecord) => ({
    ...sessions.view(session),
    ...(await freshToken(credential, session)),
  });
  const launched = async (session: SessionRecord) => {
    const session_token = await tokens.ofSession(session);
    const { launchUrl } = settings;
    const launch_url = launchUrl && addParameter(launchUrl, 'session', session_token);
    return { ...sessions.view(session), session_token, launch_url };
  };
  const extend = (asked: Asked, request: ExtendRequest) => {
    const session = sessionOf(context, asked);
    return change(context, asked, `extend ${session.id}`, request, () => sessions.extend(session, request));
  };

  const act = (
    action: string,
    allows: Route['allows'],
    work: (session: SessionRecord, asked: Asked) => void,
  ): Route => ({
    method: 'POST',
    path: `/sessions/{id}/${action}`,
    operation: action,
    ...(allows && { allows }),
    answer(asked) {
      const session = sessionOf(context, asked);
      change(context, asked, `${action} ${session.id}`, {}, () => (work(session, asked), {}));
      return answerSession(asked, session);
    },
  });

  return [
    {
      method: 'POST',
      path: '/sessions/validate',
      operation: 'validate',
      async answer({ request, members }) {
        const token = optionalText(members, 'session_jwt');
        const credential =
          token === undefined
            ? await credentials.read(request.headers.get('Authorization'), 'TOKEN_MISSING')
            : await credentials.readToken(token);
        if (credential.kind === 'customer') throw new SessionError('NO_LIVE_SESSION');
        requirePermission(credential, { session: 'use_session' });
        if (credential.kind !== 'session') throw new SessionError('CREDENTIAL_INSUFFICIENT');
        const jti = token === undefined ? needed(optionalText(members, 'jti'), 'jti') : undefined;
        const { grant, operations } = credential;
        if (jti !== undefined && jti !== credential.session.id)
          throw new SessionError('TOKEN_SESSION_MISMATCH');
        if (isFinal(credential.session.status)) throw new SessionError('SESSION_ENDED');
        const view = sessions.view(credential.session);
        return {
          valid: true,
          ...view,
          remaining_seconds: view.session.remaining_seconds,
          capabilities,
          ...(grant && { allowed_operations: operations }),
          next_heartbeat_seconds: settings.heartbeatSeconds,
        };
      },
    },
    {
      method: 'POST',
      path: '/sessions',
      operation: 'createSession',
      allows: {},
      needsKey: true,
      async answer(asked) {
        const request = saleIn(asked.members);
        const { id } = change(context, asked, 'create session', request, () => sessions.sell(request));
        const answer = await launched(sessions.find(id));
        return Response.json(answer, { status: 201 });
      },
    },
    {
      method: 'GET',
      path: '/sessions',
      operation: 'listSessions',
      allows: { person: 'sessions.list' },
      answer: ({ query }) => {
        const userId = query.get('user_id');
        const found = sessions.all().filter((one) => userId === null || one.user_id === userId);
        return { sessions: found.map((one) => sessions.view(one).session), next_cursor: null };
      },
    },
    {
      method: 'GET',
      path: '/sessions/{id}',
      operation: 'readSession',
      allows: { session: 'use_session', person: 'sessions.read' },
      answer: (asked) => sessions.view(sessionOf(context, asked)),
    },
    {
      method: 'POST',
      path: '/sessions/{id}/launch',
      operation: 'launch',
      allows: {},
      answer: (asked) => {
        const session = sessionOf(context, asked);
        if (isFinal(session.status)) throw new SessionError('SESSION_ENDED');
        change(context, asked, `launch ${session.id}`, {}, () => ((session.launch_count += 1), {}));
        return launched(session);
      },
    },
    {
      method: 'POST',
      path: '/sessions/{id}/heartbeat',
      operation: 'heartbeat',
      allows: { session: 'use_session', person: 'sessions.change' },
      async answer(asked) {
        optionalWhole(asked.members, 'timestamp');
        const session = sessionOf(context, asked);
        const view = sessions.view(session);
        const { revision, status, remaining_seconds, expires_at } = view.session;
        const next_heartbeat_seconds = settings.heartbeatSeconds;
        return {
          acknowledged: true,
          ...{ revision, status, remaining_seconds, expires_at },
          ...(!isFinal(status) && { next_heartbeat_seconds }),
          ...(await freshToken(asked.credential, session)),
          ...view,
        };
      },
    },
    {
      method: 'POST',
      path: '/sessions/{id}/extend',
      operation: 'extend',
      allows: { session: 'extend_session', person: 'sessions.extend' },
      needsKey: true,
      async answer(asked) {
        const { members } = asked;
        const request: ExtendRequest = {
          additional_seconds: needed(optionalWhole(members, 'additional_seconds', 1), 'additional_seconds'),
          tokens_to_deduct: optionalWhole(members, 'tokens_to_deduct'),
          payment: optionalOneOf(members, 'payment', ['tokens', 'money']),
        };
        const result = extend(asked, request);
        const session = sessionOf(context, asked);
        const grant = asked.credential.kind === 'session' ? asked.credential.grant : undefined;
        const session_token = await tokens.ofSession(session, grant);
        return { revision: session.revision, ...result, session_token, ...sessions.view(session) };
      },
    },
    {
      method: 'PUT',
      path: '/sessions/{id}/renew',
      operation: 'renew',
      allows: { session: 'extend_session', person: 'sessions.extend' },
      answer(asked) {
        const { members } = asked;
        const minutes = needed(optionalWhole(members, 'additional_minutes', 1), 'additional_minutes');
        const { expires_at, additional_cost } = extend(asked, {
          additional_seconds: minutes * 60,
          tokens_to_deduct: optionalWhole(members, 'tokens_to_deduct'),
        });
        const { revision } = sessionOf(context, asked);
        return { revision, new_expires_at: expires_at, additional_cost };
      },
    },
    {
      method: 'GET',
      path: '/sessions/{id}/extensions',
      operation: 'extensions',
      allows: { session: 'use_session', person: 'sessions.read' },
      answer: (asked) => {
        const session = sessionOf(context, asked);
        return {
          extensions: session.extensions,
          options: sessions.view(session).session.extension_options,
        };
      },
    },
    act('start', { person: 'sessions.start' }, (session) => sessions.start(session)),
    act('cancel', { session: 'use_session', person: 'sessions.change' }, (session) =>
      sessions.cancel(session),
    ),
    act('pause', { session: 'pause_session', person: 'sessions.pause' }, (session, { credential }) =>
      sessions.pause(session, sideOf(credential)),
    ),
    act('resume', { session: 'pause_session', person: 'sessions.pause' }, (session) =>
      sessions.resume(session),
    ),
    act('end', { session: 'use_session', person: 'sessions.change' }, (session) =>
      sessions.complete(session),
    ),
    {
      method: 'POST',
      path: '/sessions/{id}/complete',
      operation: 'complete',
      allows: { session: 'complete_session', person: 'sessions.complete' },
      answer(asked) {
        const session = sessionOf(context, asked);
        change(context, asked, `complete ${session.id}`, asked.members, () => {
          sessions.complete(session);
          return {};
        });
        const { revision, status, used_seconds, final_cost, tokens_refunded } = session;
        return { revision, status, used_seconds, final_cost, tokens_refunded, ...sessions.view(session) };
      },
    },
    {
      method: 'GET',
      path: '/sessions/{id}/events',
      operation: 'events',
      allows: { session: 'use_session', person: 'sessions.read' },
      answer: (asked) => {
        const session = sessionOf(context, asked);
        const reader = personOf(asked.credential, session, settings.providerId);
        return streams.open(session, reader, asked.request.headers.get('Last-Event-ID'));
      },
    },
  ];

  function saleIn(members: Members): CreateSessionRequest {
    const start = optionalOneOf(members, 'start', ['now', 'when_joined']);
    const { metadata } = members as { metadata?: Record<string, string> };
    const return_url = optionalText(members, 'return_url');
    return {
      application_id: needed(optionalText(members, 'application_id'), 'application_id'),
      user_id: needed(optionalText(members, 'user_id'), 'user_id'),
      duration_seconds: needed(optionalWhole(members, 'duration_seconds', 60, 86_400), 'duration_seconds'),
      start,
      waits_for: optionalOneOf(members, 'waits_for', waitsFor),
      waiting_seconds: optionalWhole(members, 'waiting_seconds', 1),
      tokens_to_deduct: optionalWhole(members, 'tokens_to_deduct'),
      ...(return_url !== undefined && { return_url }),
      ...(metadata && { metadata }),
    };
  }
}
