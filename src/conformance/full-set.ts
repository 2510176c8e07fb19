import { said, type Answer, type JsonObject } from './backend.js';
import { EventReader } from './event-reader.js';
import { expect, expectNone, expectWhole, shown } from './expect.js';
import { sessionFaults } from './session-shape.js';
import { faultsOf, instant, instantMs, oneOf, whole, type Check } from './shape.js';
import { verifyWithKeySet } from './key-set.js';
import { NotOffered, type Row } from './row.js';

/** What the full protocol has beyond the smaller set. */
export const fullSet: readonly Row[] = [
  {
    name: 'session-shape',
    asks: 'a session has every member, of its type; server_time is in milliseconds',
    async check({ sell, backend }) {
      const sold = await sell();
      const validated = await sold.validate();
      const read = await backend.succeed('GET', sold.path, { token: sold.token });
      expectNone(
        [validated, read].flatMap((answer, index) =>
          [
            ...sessionFaults(answer.session as JsonObject),
            ...faultsOf({ server_time: instantMs }, answer, 'the answer'),
          ].map((fault) => `${['validate', 'GET'][index]}: ${fault}`),
        ),
      );
    },
  },
  {
    name: 'deadline-and-clock',
    asks: 'remaining_seconds is what lies between server_time and expires_at, rounded up',
    async check({ sell }) {
      const { server_time, remaining_seconds, expires_at } = await (await sell()).heartbeat();
      expectWhole(server_time, 'server_time', 1e12);
      const left = Math.ceil(expires_at as number) - server_time / 1000;
      const difference = Math.abs(Math.ceil(left) - (remaining_seconds as number));
      expect(difference <= 1, `${left} s lie between, and remaining_seconds is ${shown(remaining_seconds)}`);
    },
  },
  {
    name: 'capabilities',
    asks: 'the answer of validate names events and idempotency in capabilities',
    async check({ sell }) {
      const { capabilities } = await (await sell()).validate();
      const named = Array.isArray(capabilities) ? (capabilities as unknown[]) : [];
      for (const name of ['events', 'idempotency'])
        expect(named.includes(name), `capabilities is ${shown(capabilities)}: ${name} is missing`);
    },
  },
  {
    name: 'heartbeat-pace',
    asks: 'next_heartbeat_seconds, where it is told, is from 1 to 86400, and the same in validate and heartbeat',
    async check({ sell }) {
      const sold = await sell();
      const told = [await sold.validate(), await sold.heartbeat()].map((body) => body.next_heartbeat_seconds);
      for (const seconds of told.filter((one) => one !== undefined)) {
        const isSensible = typeof seconds === 'number' && seconds >= 1 && seconds <= 86_400;
        expect(isSensible, `next_heartbeat_seconds is ${shown(seconds)}`);
      }
      expect(told[0] === told[1], `validate tells ${shown(told[0])}, and a heartbeat ${shown(told[1])}`);
    },
  },
  {
    name: 'metrics',
    asks: 'where capabilities names metrics, a heartbeat may bring what a page has counted',
    async check({ sell }) {
      const sold = await sell();
      const { capabilities } = await sold.validate();
      if (!(capabilities as unknown[] | undefined)?.includes('metrics'))
        throw new NotOffered('capabilities does not name metrics');
      const metrics = { page: 'conformance', sequence: 1, counts: { pages: 1, 'errors.NETWORK_FAILED': 2 } };
      const { acknowledged } = await sold.heartbeat(metrics);
      expect(acknowledged === true, `acknowledged is ${shown(acknowledged)}`);
    },
  },
  {
    name: 'revision',
    asks: 'revision, where it is told, is raised by each change and by nothing else, and every answer tells the same',
    async check({ sell, backend }) {
      const sold = await sell();
      const ofSession = (body: JsonObject) => (body.session as JsonObject | undefined)?.revision;
      let last = ofSession(await sold.validate());
      if (last === undefined) throw new NotOffered('session has no revision');
      expectWhole(last, 'session.revision', 1);
      const beat = await sold.heartbeat();
      expect(
        beat.revision === last,
        `a heartbeat changes nothing: revision is to be ${shown(last)}, and is ${shown(beat.revision)}`,
      );
      const additional_seconds = await sold.firstOption();
      const changes = [
        ['extend', { additional_seconds }],
        ['complete', {}],
      ] as const;
      for (const [action, body] of changes) {
        const { revision, ...rest } = await sold.post(action, body);
        expectWhole(revision, `revision after ${action}`, (last as number) + 1);
        const read = ofSession(await backend.succeed('GET', sold.path, { token: sold.token }));
        for (const other of [ofSession(rest), read])
          expect(other === revision, `${action} answers ${revision}, and the session says ${shown(other)}`);
        last = revision;
      }
    },
  },
  {
    name: 'problems',
    asks: 'what is refused is answered with application/problem+json, its status and a stable code',
    async check({ sell, backend }) {
      const { path, token } = await sell();
      const refusals = [
        await backend.refuse('POST', '/sessions/validate', { body: { session_jwt: 'nonsense' } }),
        await backend.refuse('POST', `${path}/heartbeat`, { body: {} }),
        await backend.refuse('POST', `${path}/extend`, {
          token,
          body: { additional_seconds: 1 },
          headers: { 'Idempotency-Key': crypto.randomUUID() },
        }),
      ];
      expectNone(refusals.flatMap(problemFaults));
    },
  },
  {
    name: 'extend-needs-key',
    asks: 'an extension without Idempotency-Key is refused, and adds nothing',
    async check({ sell, backend }) {
      const sold = await sell();
      const before = await sold.deadline();
      const body = { additional_seconds: await sold.firstOption() };
      await backend.refuse('POST', `${sold.path}/extend`, { token: sold.token, body });
      expect((await sold.deadline()) === before, 'the deadline has moved');
    },
  },
  {
    name: 'extend-once-per-key',
    asks: 'the same Idempotency-Key is one extension, also when asked several times at once',
    async check({ sell }) {
      const sold = await sell();
      const wanted = (await sold.deadline()) + (await sold.firstOption());
      const body = { additional_seconds: await sold.firstOption() };
      const { backend, path, token } = sold;
      const call = { token, body, headers: { 'Idempotency-Key': crypto.randomUUID() } };
      const ask = () => backend.call('POST', `${path}/extend`, call);
      const atOnce = await Promise.all([ask(), ask(), ask(), ask(), ask()]);
      for (const { status } of atOnce)
        expect(status < 300 || status === 409, `one of five at once is answered ${status}`);
      const again = await backend.succeed('POST', `${path}/extend`, call);
      expect(again.expires_at === wanted, `expires_at is to be ${wanted}, and is ${shown(again.expires_at)}`);
      const after = await sold.deadline();
      expect(after === wanted, `the deadline is to be ${wanted} after one extension, and is ${after}`);
    },
  },
  {
    name: 'key-of-another-request',
    asks: 'an Idempotency-Key that comes with another body is refused, and changes nothing',
    async check({ sell, backend }) {
      const sold = await sell();
      const key = crypto.randomUUID();
      const additional_seconds = await sold.firstOption();
      await sold.post('extend', { additional_seconds }, key);
      const before = await sold.deadline();
      await backend.refuse('POST', `${sold.path}/extend`, {
        token: sold.token,
        body: { additional_seconds: additional_seconds + 60 },
        headers: { 'Idempotency-Key': key },
      });
      expect((await sold.deadline()) === before, 'the deadline has moved');
    },
  },
  {
    name: 'price-as-shown',
    asks: 'an extension at another price than tokens_to_deduct, or of a length that is not sold, is refused',
    async check({ sell, backend }) {
      const sold = await sell();
      const before = await sold.deadline();
      const additional_seconds = await sold.firstOption();
      for (const body of [{ additional_seconds, tokens_to_deduct: 987_654 }, { additional_seconds: 7 }]) {
        const headers = { 'Idempotency-Key': crypto.randomUUID() };
        await backend.refuse('POST', `${sold.path}/extend`, { token: sold.token, body, headers });
      }
      expect((await sold.deadline()) === before, 'the deadline has moved');
    },
  },
  {
    name: 'renew',
    asks: 'the older spelling PUT /sessions/{id}/renew {additional_minutes} answers new_expires_at and additional_cost',
    async check({ sell, backend }) {
      const sold = await sell();
      const seconds = await sold.firstOption();
      const wanted = (await sold.deadline()) + seconds;
      const renewed = await backend.succeed('PUT', `${sold.path}/renew`, {
        token: sold.token,
        body: { additional_minutes: seconds / 60 },
        headers: { 'Idempotency-Key': crypto.randomUUID() },
      });
      expect(
        renewed.new_expires_at === wanted,
        `it is to be ${wanted}, and is ${shown(renewed.new_expires_at)}`,
      );
      expectNone(faultsOf({ new_expires_at: instant, additional_cost: whole }, renewed, 'the answer'));
    },
  },
  {
    name: 'extensions',
    asks: 'GET /sessions/{id}/extensions lists what was bought, and what can be bought',
    async check({ sell, backend }) {
      const sold = await sell();
      const { seconds } = await sold.extend();
      const { extensions, options } = await backend.succeed('GET', `${sold.path}/extensions`, {
        token: sold.token,
      });
      const bought = (extensions ?? []) as JsonObject[];
      const isListed = bought.length === 1 && bought[0]!.additional_seconds === seconds;
      expect(isListed, `one of ${seconds} s was bought, and ${shown(extensions)} is listed`);
      expect(Array.isArray(options), 'options is to be a list');
    },
  },
  {
    name: 'pause-and-resume',
    asks: 'a pause stops the time, a second one is refused, resuming gives a deadline again (where session.pausable)',
    async check({ sell, backend }) {
      const sold = await sell();
      const { session } = await sold.validate();
      if ((session as JsonObject).pausable !== true) throw new NotOffered('session.pausable is not true');
      const before = await sold.deadline();
      const paused = (await sold.post('pause')).session as JsonObject;
      expect(paused?.status === 'paused', `after a pause the status is ${shown(paused?.status)}`);
      expect(
        paused.expires_at === null,
        `in a pause expires_at is to be null, and is ${shown(paused.expires_at)}`,
      );
      const { paused_by = 'customer' } = paused;
      expect(paused_by === 'customer', `the customer has paused, and paused_by is ${shown(paused_by)}`);
      await backend.refuse('POST', `${sold.path}/pause`, { token: sold.token, body: {} });
      const first = await sold.heartbeat();
      expect(first.status === 'paused', `a heartbeat in a pause says ${shown(first.status)}`);
      const resumed = (await sold.post('resume')).session as JsonObject;
      expect(resumed?.status === 'active', `after resuming the status is ${shown(resumed?.status)}`);
      expectWhole(resumed.expires_at, 'expires_at after resuming', before);
      const after = resumed.paused_by ?? null;
      expect(after === null, `after resuming paused_by is to be null, and is ${shown(after)}`);
    },
  },
  {
    name: 'settlement',
    asks: 'final_cost and tokens_refunded make up tokens_allocated; completing at once several times gives one bill',
    async check({ sell, backend }) {
      const sold = await sell();
      await sold.extend();
      const { session } = await sold.validate();
      const { tokens_allocated } = session as JsonObject;
      const bills = await Promise.all([1, 2, 3].map(() => sold.post('complete')));
      for (const { final_cost, tokens_refunded } of bills) {
        const sum = (final_cost as number) + (tokens_refunded as number);
        expect(sum === tokens_allocated, `${shown(tokens_allocated)} were set aside, and ${sum} are settled`);
        expect(final_cost === bills[0]!.final_cost, 'two bills differ');
      }
      const read = await backend.succeed('GET', sold.path, { token: sold.token });
      const { final_cost } = read.session as JsonObject;
      expect(final_cost === bills[0]!.final_cost, `the session read afterwards says ${shown(final_cost)}`);
    },
  },
  {
    name: 'events',
    asks: 'GET /sessions/{id}/events streams a snapshot, then each change once and in order, and ends after the end',
    async check({ sell }) {
      const sold = await sell();
      const reader = await EventReader.open(sold);
      try {
        const first = await reader.next();
        expect(first.event === 'session.snapshot', `the first event is ${first.event}`);
        const { expiresAt } = await sold.extend();
        const extended = await reader.next();
        expect(extended.event === 'session.extended', `after an extension comes ${extended.event}`);
        const told = extended.data.expires_at;
        expect(
          told === expiresAt,
          `expires_at is ${shown(told)}, and the extension answered ${shown(expiresAt)}`,
        );
        await sold.post('complete');
        const ended = await reader.next();
        expect(ended.event === 'session.ended', `after the end comes ${ended.event}`);
        expect(Number(ended.id) > Number(extended.id), 'ids are to rise');
        await reader.untilOver();
      } finally {
        reader.leave();
      }
    },
  },
  {
    name: 'events-resume',
    asks: 'who comes back with Last-Event-ID gets what was missed, and nothing twice',
    async check({ sell }) {
      const sold = await sell();
      const reader = await EventReader.open(sold);
      const { id } = await reader.next();
      reader.leave();
      await sold.extend();
      const again = await EventReader.open(sold, { lastId: id });
      try {
        const missed = await again.next();
        expect(
          missed.event === 'session.extended',
          `the missed event is session.extended, and ${missed.event} comes`,
        );
        await sold.post('complete');
        const ended = await again.next();
        expect(ended.event === 'session.ended', `then the end is to come, and ${ended.event} comes`);
      } finally {
        again.leave();
      }
    },
  },
  {
    name: 'keys',
    asks: 'GET /.well-known/jwks.json has the key that signed the session token, and no private member; /keys/public is that key',
    async check({ sell, backend }) {
      const { token } = await sell();
      const { keys } = await backend.succeed('GET', '/.well-known/jwks.json');
      const { kid } = await verifyWithKeySet(token, keys);
      const { key, algorithm } = await backend.succeed('GET', '/keys/public');
      expect(typeof key === 'string' && key.includes('BEGIN PUBLIC KEY'), 'key is to be in PEM');
      expect(algorithm === 'ES256', `algorithm is ${shown(algorithm)}`);
      expect(typeof kid === 'string', 'the session token is to name its key by kid');
    },
  },
];

/** What is wrong with a refusal as problem details (RFC 9457). */
function problemFaults(answer: Answer): string[] {
  const { status, headers, body } = answer;
  const type = headers.get('content-type') ?? '';
  const isProblem = /^application\/problem\+json\b/i.test(type);
  const code: Check = (value) => typeof value === 'string' && /^[A-Z][A-Z_]+$/.test(value);
  return [
    ...(isProblem ? [] : [`the content type is ${shown(type)}, of ${said(answer)}`]),
    ...faultsOf({ status: oneOf(status), code }, body, `the problem of ${status}`),
  ];
}
