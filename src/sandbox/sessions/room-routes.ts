import { SessionError } from '../../protocol/errors.js';
import type { Participant } from '../../protocol/events.js';
import { signalTypes, type RoomAnswer } from '../../protocol/room.js';
import { isFinal } from '../../protocol/state-machine.js';
import type { SandboxContext } from '../context.js';
import { sideOf } from '../credentials.js';
import { needed, optionalOneOf, optionalText, type Members } from '../http/members.js';
import { InvalidRequest } from '../http/problem.js';
import type { Asked, Route } from '../http/route.js';
import { sessionOf } from './session-routes.js';
import type { SessionRecord } from './session-record.js';

/** How long one can join with an answer, ms. */
const entryMs = 15 * 60_000;
const sides = ['customer', 'provider'] as const;

const allows = { session: 'use_session', person: 'sessions.attend' } as const;

/** Where both sides meet, in their pages, and what these signal to each other. */
export function roomRoutes(context: SandboxContext): Route[] {
  /** Of the sessions whose room is open. */
  const open = new Set<string>();
  return [
    {
      method: 'POST',
      path: '/sessions/{id}/room',
      operation: 'openRoom',
      allows,
      answer(asked) {
        const session = liveSession(context, asked);
        const answer = roomOf(context, session, asked, asked.members);
        open.add(session.id);
        return answer;
      },
    },
    {
      method: 'GET',
      path: '/sessions/{id}/room',
      operation: 'room',
      allows,
      answer(asked) {
        const session = liveSession(context, asked);
        if (!open.has(session.id)) throw new SessionError('ROOM_NOT_OPEN');
        return roomOf(context, session, asked, Object.fromEntries(asked.query));
      },
    },
    {
      method: 'POST',
      path: '/sessions/{id}/signals',
      operation: 'signal',
      allows,
      answer(asked) {
        const session = liveSession(context, asked);
        const { members } = asked;
        const type = needed(optionalOneOf(members, 'type', signalTypes), 'type');
        const sender_id = needed(optionalText(members, 'sender_id'), 'sender_id');
        const from = sideIn(asked, optionalOneOf(members, 'participant', sides));
        const { data } = members as { data?: Record<string, unknown> };
        context.streams.signal(session, { type, ...(data && { data }), from, sender_id });
        return new Response(null, { status: 204 });
      },
    },
  ];
}

/** @throws {SessionError} `SESSION_ENDED`, and as `sessionOf`. */
function liveSession(context: SandboxContext, asked: Asked): SessionRecord {
  const session = sessionOf(context, asked);
  if (isFinal(session.status)) throw new SessionError('SESSION_ENDED');
  return session;
}

/** How the side that is named in `members`, or the asking one, joins now. */
function roomOf(
  { sessions, clock }: SandboxContext,
  session: SessionRecord,
  asked: Asked,
  members: Members,
): RoomAnswer {
  const participant = sideIn(asked, optionalOneOf(members, 'participant', sides));
  const { started_at, expires_at } = sessions.view(session).session;
  const until = Math.min(clock.now() + entryMs, expires_at === null ? Infinity : expires_at * 1000);
  return {
    provider: 'embedded',
    participant,
    polite: participant === 'customer',
    ice_servers: [],
    opens_at: started_at,
    ends_at: expires_at,
    expires_at: Math.floor(until / 1000),
  };
}

/** A server is in no room itself, and names a side. @throws {InvalidRequest} */
function sideIn({ credential }: Asked, named: Participant | undefined): Participant {
  const own = credential.kind === 'server' ? named : (sideOf(credential) as Participant);
  if (own !== undefined && (named ?? own) === own) return own;
  throw new InvalidRequest('/participant', 'a server says for which side; others their own, or nothing');
}
