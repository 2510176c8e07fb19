import type { JsonObject } from './backend.js';
import { expect, expectWhole, shown } from './expect.js';
import type { Row } from './row.js';

const finalStatuses = ['completed', 'expired', 'cancelled'];

/** The smaller, older set of calls: validate, heartbeat, renew or extend, complete. With it the tag works. */
export const smallerSet: readonly Row[] = [
  {
    name: 'validate',
    asks: 'POST /sessions/validate {session_jwt} answers valid, the session and its remaining_seconds',
    async check({ sell }) {
      const sold = await sell();
      const { valid, session, remaining_seconds } = await sold.validate();
      expect(valid === true, `valid is to be true, and is ${shown(valid)}`);
      const { id, status } = (session ?? {}) as JsonObject;
      expect(id === sold.id, `session.id is to be the jti ${sold.id}, and is ${shown(id)}`);
      expect(status === 'active', `session.status is to be active, and is ${shown(status)}`);
      expectWhole(remaining_seconds, 'remaining_seconds', 1);
    },
  },
  {
    name: 'validate-by-jti',
    asks: 'POST /sessions/validate {jti} beside the Authorization header answers the same',
    async check({ sell, backend }) {
      const sold = await sell();
      const call = { token: sold.token, body: { jti: sold.id } };
      const { valid, session } = await backend.succeed('POST', '/sessions/validate', call);
      expect(
        valid === true && (session as JsonObject)?.id === sold.id,
        `it answers ${shown({ valid, session })}`,
      );
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
      const { acknowledged, remaining_seconds, expires_at } = await sold.heartbeat();
      expect(acknowledged === true, `acknowledged is to be true, and is ${shown(acknowledged)}`);
      expectWhole(remaining_seconds, 'remaining_seconds', 1);
      expectWhole(expires_at, 'expires_at', 1);
      const isSeconds = expires_at < 1e11;
      expect(isSeconds, `expires_at is to be in seconds since the epoch, and is ${expires_at}`);
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
      const wanted = before + seconds;
      expect(
        expiresAt === wanted,
        `the new deadline is to be ${wanted}, and the answer says ${shown(expiresAt)}`,
      );
      const after = await sold.deadline();
      expect(after === wanted, `the new deadline is to be ${wanted}, and heartbeats say ${after}`);
    },
  },
  {
    name: 'complete',
    asks: 'POST /sessions/{id}/complete answers a final status, final_cost and tokens_refunded',
    async check({ sell }) {
      const bill = await (await sell()).post('complete');
      expect(
        finalStatuses.includes(bill.status as string),
        `status is to be final, and is ${shown(bill.status)}`,
      );
      expectWhole(bill.final_cost, 'final_cost');
      expectWhole(bill.tokens_refunded, 'tokens_refunded');
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
      expect(isOver, `a heartbeat after the end answers ${beat.status} ${shown(beat.body)}`);
    },
  },
];
