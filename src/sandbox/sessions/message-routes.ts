import { SessionError } from '../../protocol/errors.js';
import { isFinal } from '../../protocol/state-machine.js';
import type { SandboxContext } from '../context.js';
import { needed, optionalText } from '../http/members.js';
import type { Route } from '../http/route.js';
import { personOf } from './participants.js';
import { sessionOf } from './session-routes.js';

/** What the sides of a session write to each other. */
export const messageRoutes = (context: SandboxContext): Route[] => [
  {
    method: 'POST',
    path: '/sessions/{id}/messages',
    operation: 'sendMessage',
    allows: { session: 'use_session', person: 'messages.send' },
    answer(asked) {
      const { sessions, settings, clock } = context;
      const session = sessionOf(context, asked);
      const text = needed(optionalText(asked.members, 'text'), 'text');
      const client_id = needed(optionalText(asked.members, 'client_id'), 'client_id');
      const sender = personOf(asked.credential, session, settings.providerId);
      const { participant: sent_by, role, participant_id } = sender;
      const known = session.messages.find(
        (one) => one.client_id === client_id && one.role === role && one.participant_id === participant_id,
      );
      if (known && known.text !== text) throw new SessionError('MESSAGE_ID_REUSED');
      if (known) return Response.json(known, { status: 200 });
      if (isFinal(session.status)) throw new SessionError('SESSION_ENDED');
      const message = {
        ...{ id: crypto.randomUUID(), session_id: session.id },
        position: session.messages.length + 1,
        ...{ sent_by, role, participant_id, client_id, text },
        created_at: Math.floor(clock.now() / 1000),
      };
      session.messages.push(message);
      const { id: message_id, position } = message;
      sessions.tell(session, 'message.created', { message_id, position, sent_by });
      return Response.json(message, { status: 201 });
    },
  },
  {
    method: 'GET',
    path: '/sessions/{id}/messages',
    operation: 'readMessages',
    allows: { session: 'use_session', person: 'messages.read' },
    answer(asked) {
      const after = Number(asked.query.get('after') ?? 0);
      const { messages } = sessionOf(context, asked);
      return { messages: messages.filter(({ position }) => position > after), next_cursor: null };
    },
  },
];
