import { SessionError } from '../../protocol/errors.js';
import { operations, sessionOperations, type Operation } from '../../protocol/session-operations.js';
import { isFinal } from '../../protocol/state-machine.js';
import type { SandboxContext } from '../context.js';
import { needed, optionalOneOf, optionalText, optionalTexts, optionalWhole } from '../http/members.js';
import { InvalidRequest } from '../http/problem.js';
import type { Route } from '../http/route.js';
import { change } from '../sessions/session-routes.js';

const usualLifeSeconds = 3_600;
const kinds = ['member', 'helper', 'customer'] as const;

/** Session tokens for users, access tokens for persons, and the key that signs both. */
export function tokenRoutes(context: SandboxContext): Route[] {
  const { sessions, tokens, clock, key, credentials } = context;

  /** The session that is named, or the newest that is not over. @throws {SessionError} `SESSION_NOT_FOUND`, `SESSION_ENDED` */
  function findSession(userId: string, id: string | undefined) {
    if (id === undefined) return sessions.all().find((one) => one.user_id === userId && !isFinal(one.status));
    const session = sessions.find(id);
    if (session.user_id !== userId) throw new SessionError('SESSION_NOT_FOUND');
    if (isFinal(session.status)) throw new SessionError('SESSION_ENDED');
    return session;
  }

  return [
    {
      method: 'POST',
      path: '/session-tokens',
      operation: 'createSessionToken',
      allows: {},
      async answer(asked) {
        const { members } = asked;
        const userId = needed(optionalText(members, 'external_user_id'), 'external_user_id');
        const named = optionalTexts(members, 'allowed_operations') ?? sessionOperations;
        const allowed = named.map((name) => knownOperation(name));
        const life = optionalWhole(members, 'expires_in', 60, 86_400) ?? usualLifeSeconds;
        const session = findSession(userId, optionalText(members, 'session_id'));
        const { id, expiresAt } = change(context, asked, 'issue session token', members, () => ({
          id: crypto.randomUUID(),
          expiresAt: Math.floor(clock.now() / 1000) + life,
        }));
        const grant = { tokenId: id, operations: allowed, expiresAt };
        const session_token = await (session
          ? tokens.ofSession(session, grant)
          : tokens.ofCustomer(userId, grant));
        const answer = {
          id,
          session_token,
          session_id: session?.id ?? null,
          expires_at: expiresAt,
          allowed_operations: allowed,
        };
        return Response.json(answer, { status: 201 });
      },
    },
    {
      method: 'DELETE',
      path: '/session-tokens/{id}',
      operation: 'revokeSessionToken',
      allows: {},
      answer({ params }) {
        credentials.revoke(params.id!);
        return new Response(null, { status: 204 });
      },
    },
    {
      method: 'POST',
      path: '/access-tokens',
      operation: 'createAccessToken',
      allows: {},
      async answer({ members }) {
        const subject = (members.subject ?? {}) as Record<string, unknown>;
        const kind = needed(optionalOneOf(subject, 'kind', kinds), 'subject/kind');
        const person = { kind, id: needed(optionalText(subject, 'id'), 'subject/id') };
        const scope = needed(optionalTexts(members, 'scope'), 'scope');
        const expires_in = optionalWhole(members, 'expires_in_seconds', 60, 86_400) ?? usualLifeSeconds;
        const id = crypto.randomUUID();
        const access_token = await tokens.ofPerson({ ...person, scope }, id, expires_in);
        const answer = { id, access_token, token_type: 'Bearer', expires_in, scope: scope.join(' ') };
        return Response.json(answer, { status: 201 });
      },
    },
    {
      method: 'GET',
      path: '/keys/public',
      operation: 'readPublicKey',
      answer: async () => ({ key: await key.publicPem(), algorithm: 'ES256', kid: key.kid }),
    },
    {
      method: 'GET',
      path: '/.well-known/jwks.json',
      operation: 'readKeySet',
      answer: async () => ({ keys: [await key.publicJwk()] }),
    },
  ];
}

function knownOperation(name: string): Operation {
  const found = operations.find((one) => one === name);
  if (found) return found;
  throw new InvalidRequest('/allowed_operations', `of ${operations.join(', ')}`);
}
