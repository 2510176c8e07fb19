import { said, type JsonObject } from './backend.js';
import { expect, expectNone, shown } from './expect.js';
import type { Row } from './row.js';
import { finalStatuses, givenSessionFaults } from './session-shape.js';
import { duration, faultsOf, instant, instantMs, oneOf, optional, text, whole, type Shape } from './shape.js';

/** The members of an answer of validate; those of the full protocol where they are told. */
const validAnswer: Shape = {
  valid: oneOf(true),
  remaining_seconds: (value) => duration(value) && value !== 0,
  server_time: optional(instantMs),
  capabilities: optional((value) => Array.isArray(value) && value.every(text)),
  next_heartbeat_seconds: optional((value) => duration(value) && value !== 0),
};

/** What is wrong with the answer of validate about a session that runs. */
function validFaults(answer: JsonObject, id: string): string[] {
  const session = answer.session as JsonObject | undefined;
  const faults = [...faultsOf(validAnswer, answer, 'the answer'), ...givenSessionFaults(session)];
  if (typeof session !== 'object' || session === null) return faults;
  if (session.id !== id) faults.push(`session.id is to be the jti ${id}, and is ${shown(session.id)}`);
  if (session.status !== 'active')
    faults.push(`session.status is to be active, and is ${shown(session.status)}`);
  const bought = session.duration_limit_seconds;
  if (typeof bought === 'number' && (answer.remaining_seconds as number) > bought)
    faults.push(`remaining_seconds is ${shown(answer.remaining_seconds)}, of ${bought} that were bought`);
  return faults;
}

const heartbeatAnswer: Shape = {
  acknowledged: oneOf(true),
  remaining_seconds: (value) => duration(value) && value !== 0,
  expires_at: instant,
  status: oneOf(undefined, 'active'),
  server_time: optional(instantMs),
  next_heartbeat_seconds: optional((value) => duration(value) && value !== 0),
};

const bill: Shape = {
  status: oneOf(...finalStatuses),
  final_cost: whole,
  tokens_refunded: whole,
  used_seconds: optional(duration),
};

/** The smaller, older set of calls: validate, heartbeat, renew or extend, complete. With it the tag works. */
export const smallerSet: readonly Row[] = [
  {
    name: 'validate',
    asks: 'POST /sessions/validate {session_jwt} answers valid, the session and its remaining_seconds',
    async check({ sell }) {
      const sold = await sell();
      expectNone(validFaults(await sold.validate(), sold.id));
    },
  },
  {
    name: 'validate-by-jti',
    asks: 'POST /sessions/validate {jti} beside the Authorization header answers the same',
    async check({ sell, backend }) {
      const sold = await sell();
      const call = { token: sold.token, body: { jti: sold.id } };
      expectNone(validFaults(await backend.succeed('POST', '/sessions/validate', call), sold.id));
    },
  },
  {
    name: 'validate-refuses-changed-token',
    asks: 'a session token with other claims or another signature is refused',
    async check({ sell, backend }) {
      const { token } = await sell();
      const [header, payload, signature] = token.split('.') as [string, string, string];
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as JsonObject;
      const changed = { ...claims, exp: (claims.exp as number) + 60 };
      const text = Buffer.from(JSON.stringify(changed)).toString('base64url');
      const other = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1);
      const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
      for (const session_jwt of [
        `${header}.${text}.${signature}`,
        `${header}.${payload}.${other}`,
        `${none}.${payload}.`,
        'nonsense',
      ])
        await backend.refuse('POST', '/sessions/validate', { body: { session_jwt } });
    },
  },
  {
    name: 'validate-refuses-other-session',
    asks: 'a jti that is not the session token’s is refused',
    async check({ sell, backend }) {
      const [one, other] = [await sell(), await sell()];
      await backend.refuse('POST', '/sessions/validate', { token: one.token, body: { jti: other.id } });
    },
  },
  {
    name: 'credential-needed',
    asks: 'a call without a session token is refused with 401',
    async check({ sell, backend }) {
      const { path, id } = await sell();
      await backend.refuse('POST', '/sessions/validate', { body: { jti: id } }, [401]);
      const body = { timestamp: Date.now(), active: true };
      await backend.refuse('POST', `${path}/heartbeat`, { body }, [401]);
      await backend.refuse('POST', `${path}/complete`, { body: {} }, [401]);
    },
  },
  {
    name: 'heartbeat',
    asks: 'POST /sessions/{id}/heartbeat answers acknowledged, remaining_seconds and expires_at, in seconds',
    async check({ sell }) {
      const sold = await sell();
      expectNone(faultsOf(heartbeatAnswer, await sold.heartbeat(), 'the answer'));
    },
  },
  {
    name: 'heartbeat-moves-nothing',
    asks: 'heartbeats do not move the deadline, and remaining_seconds never grows',
    async check({ sell }) {
      const sold = await sell();
      const first = await sold.heartbeat();
      for (let count = 0; count < 3; count += 1) {
        const next = await sold.heartbeat();
        const isSame = next.expires_at === first.expires_at;
        expect(isSame, `expires_at was ${shown(first.expires_at)}, and is ${shown(next.expires_at)}`);
        const isLess = (next.remaining_seconds as number) <= (first.remaining_seconds as number);
        expect(
          isLess,
          `${shown(first.remaining_seconds)} s were left, and now ${shown(next.remaining_seconds)}`,
        );
      }
    },
  },
  {
    name: 'own-session-only',
    asks: 'a session token opens no other session',
    async check({ sell, backend }) {
      const [one, other] = [await sell(), await sell()];
      const body = { timestamp: Date.now(), active: true };
      await backend.refuse('POST', `${other.path}/heartbeat`, { token: one.token, body });
      await backend.refuse('POST', `${other.path}/complete`, { token: one.token, body: {} });
      const { status = 'active' } = await other.heartbeat();
      expect(status === 'active', `the other session is ${shown(status)} now`);
    },
  },
  {
    name: 'extend',
    asks: 'POST /sessions/{id}/extend or PUT /renew moves the deadline by exactly what was bought',
    async check({ sell }) {
      const sold = await sell();
      const before = await sold.deadline();
      const { seconds, expiresAt } = await sold.extend();
      const after = await sold.deadline();
      const wanted = before + seconds;
      const told = [
        ['the answer says', expiresAt],
        ['heartbeats say', after],
      ] as const;
      expectNone(
        told.flatMap(([who, deadline]) =>
          deadline === wanted ? [] : [`the new deadline is to be ${wanted}, and ${who} ${shown(deadline)}`],
        ),
      );
    },
  },
  {
    name: 'complete',
    asks: 'POST /sessions/{id}/complete answers a final status, final_cost and tokens_refunded',
    async check({ sell }) {
      expectNone(faultsOf(bill, await (await sell()).post('complete'), 'the answer'));
    },
  },
  {
    name: 'complete-twice',
    asks: 'completing again answers the same bill',
    async check({ sell }) {
      const sold = await sell();
      const billOf = ({ status, final_cost, tokens_refunded }: JsonObject) =>
        shown([status, final_cost, tokens_refunded]);
      const first = billOf(await sold.post('complete', {}, 'one'));
      const again = billOf(await sold.post('complete', {}, 'another'));
      expect(again === first, `the first bill was ${first}, the second is ${again}`);
    },
  },
  {
    name: 'usage-is-measured',
    asks: 'usage that a page reports does not change the bill',
    async check({ sell }) {
      const honest = await (await sell()).post('complete');
      for (const actual_usage_minutes of [0, 100_000]) {
        const { final_cost } = await (await sell()).post('complete', { actual_usage_minutes });
        // A second or two may have begun between them.
        const price = (honest.final_cost as number) + (honest.tokens_refunded as number);
        const difference = Math.abs((final_cost as number) - (honest.final_cost as number));
        expect(
          difference <= Math.max(1, price / 20),
          `${actual_usage_minutes} minutes are said, and ${shown(final_cost)} is billed`,
        );
      }
    },
  },
  {
    name: 'end-is-final',
    asks: 'after its end a session is not validated and not extended; a heartbeat says that it is over, or is refused',
    async check({ sell, backend }) {
      const sold = await sell();
      const additional_seconds = await sold.firstOption();
      await sold.post('complete');
      await backend.refuse('POST', '/sessions/validate', { body: { session_jwt: sold.token } });
      const headers = { 'Idempotency-Key': crypto.randomUUID() };
      const call = { token: sold.token, headers };
      await backend.refuse('POST', `${sold.path}/extend`, { ...call, body: { additional_seconds } });
      const additional_minutes = additional_seconds / 60;
      await backend.refuse('PUT', `${sold.path}/renew`, { ...call, body: { additional_minutes } });
      const beat = await backend.call('POST', `${sold.path}/heartbeat`, {
        token: sold.token,
        body: { timestamp: Date.now(), active: true },
      });
      const isOver = beat.status >= 400 || finalStatuses.includes(beat.body.status as string);
      expect(isOver, `a heartbeat after the end answers ${beat.status} ${said(beat)}`);
    },
  },
];
