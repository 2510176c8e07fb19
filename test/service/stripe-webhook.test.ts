import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { assertBooksBalance } from './books.js';
import { describeOnOneDatabase } from './databases.js';
import { startPaidService, type PaidService, type PaidSession } from './paid-service.js';
import {
  completed,
  eventOf,
  expired,
  paid,
  refunded,
  signatureOf,
  type Checkout,
  type StripeEvent,
} from './stripe-events.js';

/** Every list that holds each of `items` at most `times` times, in every order. */
function* orders<T>(items: readonly T[], times: number, soFar: readonly T[] = []): Generator<readonly T[]> {
  yield soFar;
  for (const item of items) {
    if (soFar.filter((one) => one === item).length < times) yield* orders(items, times, [...soFar, item]);
  }
}

const kinds = { completed, expired, refunded } as const;
type Kind = keyof typeof kinds;

describeOnOneDatabase('What Stripe tells', (source) => {
  let service: PaidService;
  before(async () => {
    service = await startPaidService(source);
  });
  after(() => service.close());

  const post = (body: string | Uint8Array, headers: HeadersInit) =>
    service.service.fetch(
      new Request('http://session.test/api/v1/webhooks/stripe', {
        method: 'POST',
        body: body as never,
        headers,
      }),
    );
  const seconds = () => Math.floor(service.clock.now() / 1000);
  const sign = (body: string, at = seconds(), secret?: string) => signatureOf(body, at, secret);
  const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code;
  const json = { 'Content-Type': 'application/json; charset=utf-8' };

  describe('is taken only with a signature of its own', () => {
    let session: PaidSession;
    let checkout: Checkout;
    let body: string;
    before(async () => {
      session = await service.start();
      checkout = await service.order(session);
      body = JSON.stringify(completed(checkout));
    });
    const digits = () => sign(body).slice(-64);

    const wrong: Record<string, () => string | undefined> = {
      'no header': () => undefined,
      'an empty header': () => '',
      'another secret': () => sign(body, seconds(), 'whsec_another'),
      'another body': () => sign(`${body} `),
      'no time': () => `v1=${digits()}`,
      'no signature': () => `t=${seconds()}`,
      'an empty signature': () => `t=${seconds()},v1=`,
      'a signature that is cut': () => sign(body).slice(0, -1),
      'a signature that goes on': () => `${sign(body)}0`,
      'a signature in capitals': () => `t=${seconds()},v1=${digits().toUpperCase()}`,
      'another scheme': () => `t=${seconds()},v0=${digits()}`,
      'a time with letters': () => sign(body).replace(/^t=(\d+)/, 't=$1x'),
      'a time with a blank': () => sign(body).replace(/^t=/, 't= '),
      'a time with a sign': () => sign(body).replace(/^t=/, 't=+'),
      'a time in hexadecimal': () =>
        sign(body).replace(/^t=(\d+)/, (_, t) => `t=0x${Number(t).toString(16)}`),
      'a time with a fraction': () => sign(body).replace(/^t=(\d+)/, 't=$1.0'),
      'two times': () => `t=1,${sign(body)}`,
      'the time last': () => sign(body).split(',').reverse().join(','),
      'a blank after the comma': () => sign(body).replace(',', ', '),
      'many signatures': () => `${sign(body)}${`,v1=${digits()}`.repeat(8)}`,
      'another member': () => `${sign(body)},x=1`,
      'a time 301 s ago': () => sign(body, seconds() - 301),
      'a time 301 s ahead': () => sign(body, seconds() + 301),
      'a time far ahead': () => sign(body, 99_999_999_999),
      'the time of 1970': () => sign(body, 1),
    };
    for (const [name, header] of Object.entries(wrong)) {
      test(`refused: ${name}`, async () => {
        const signature = header();
        const response = await post(body, {
          ...json,
          ...(signature !== undefined && { 'Stripe-Signature': signature }),
        });
        assert.equal(response.status, 400);
        const text = await response.text();
        assert.equal(JSON.parse(text).code, 'WEBHOOK_SIGNATURE_INVALID');
        assert.ok(
          !text.includes(digits()) && !text.includes(checkout.id),
          'the answer says nothing of either',
        );
        assert.equal((await service.read(session)).duration_limit_seconds, 600);
      });
    }

    test('refused: bytes that are not the signed text, though they read like it', async () => {
      const signature = sign(body);
      const withMark = Uint8Array.of(0xef, 0xbb, 0xbf, ...new TextEncoder().encode(body));
      assert.equal((await post(withMark, { ...json, 'Stripe-Signature': signature })).status, 400);
      const replaced = JSON.stringify({ ...completed(checkout), note: '\ufffd' });
      const bytes = Buffer.from(replaced);
      const at = bytes.indexOf(Buffer.from('\ufffd'));
      const broken = Buffer.concat([bytes.subarray(0, at), Buffer.of(0xff), bytes.subarray(at + 3)]);
      assert.equal((await post(broken, { ...json, 'Stripe-Signature': sign(replaced) })).status, 400);
    });

    test('refused: the field given twice, though each of the two is right', async () => {
      const signature = sign(body);
      const headers = new Headers({ ...json, 'Stripe-Signature': signature });
      headers.append('Stripe-Signature', signature);
      assert.equal((await post(body, headers)).status, 400);
      assert.equal((await service.read(session)).duration_limit_seconds, 600);
    });

    test('compared in constant time', async (t) => {
      const compare = t.mock.method(crypto, 'timingSafeEqual');
      syncBuiltinESMExports();
      t.after(() => (compare.mock.restore(), syncBuiltinESMExports()));
      const wrong = sign(body, seconds(), 'whsec_another');
      assert.equal((await post(body, { ...json, 'Stripe-Signature': wrong })).status, 400);
      const compared = compare.mock.calls.map(({ arguments: pair }) =>
        pair.map((bytes) => Buffer.from(bytes as Uint8Array).toString()),
      );
      assert.ok(
        compared.some((pair) => pair.includes(wrong.slice(-64)) && pair.includes(digits())),
        'what was given is compared with what was expected',
      );
    });

    test('refused: another type, or too much', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx']) {
        const headers = {
          'Content-Type': type,
          'Content-Length': String(body.length),
          'Stripe-Signature': sign(body),
        };
        assert.equal(await codeOf(await post(body, headers)), 'CONTENT_TYPE_UNSUPPORTED');
      }
      const long = JSON.stringify({ ...completed(checkout), note: 'x'.repeat(70_000) });
      assert.equal((await post(long, { ...json, 'Stripe-Signature': sign(long) })).status, 413);
    });

    test('refused: the other mode', async () => {
      const live = JSON.stringify(completed(checkout)).replaceAll('"livemode":false', '"livemode":true');
      const response = await post(live, { ...json, 'Stripe-Signature': sign(live) });
      assert.equal(response.status, 400);
      assert.equal(await codeOf(response), 'WEBHOOK_MODE_MISMATCH');
      assert.equal((await service.read(session)).duration_limit_seconds, 600);
    });

    test('taken: 300 s ago, 300 s ahead, and with the signature of an older secret beside', async () => {
      for (const at of [seconds() - 300, seconds() + 300]) {
        const ignored = JSON.stringify(eventOf('customer.created', {}));
        assert.equal((await post(ignored, { ...json, 'Stripe-Signature': sign(ignored, at) })).status, 200);
      }
      const signature = sign(body).replace(',', `,v1=${'0'.repeat(64)},`);
      assert.equal((await post(body, { ...json, 'Stripe-Signature': signature })).status, 200);
      assert.equal((await service.read(session)).duration_limit_seconds, 1500);
    });
  });

  describe('of others changes nothing, and is taken note of', () => {
    test('kinds that nobody asked for', async () => {
      for (const type of [
        'customer.created',
        'payment_intent.succeeded',
        'checkout.session.unheard_of',
        'toString',
      ]) {
        assert.equal((await service.deliver(eventOf(type, { metadata: { checkout_id: 'x' } }))).status, 200);
      }
    });

    test('checkouts, sessions, amounts and accounts that are not ours', async () => {
      const session = await service.start();
      const other = await service.start();
      const checkout = await service.order(session);
      const otherCheckout = await service.order(other);
      await service.deliver(expired(otherCheckout));
      const strange: StripeEvent[] = [
        eventOf('checkout.session.completed', { ...paid(checkout), metadata: {} }),
        eventOf('checkout.session.completed', { ...paid(checkout), metadata: null }),
        completed({ ...checkout, metadata: { ...checkout.metadata, checkout_id: 'unknown' } }),
        completed({ ...checkout, metadata: { ...checkout.metadata, session_id: other.id } }),
        completed({ ...checkout, metadata: otherCheckout.metadata }),
        completed({ ...checkout, amount_total: 1 }),
        completed({ ...checkout, currency: 'jpy' }),
        eventOf('checkout.session.completed', { ...paid(checkout), payment_intent: null }),
        eventOf('checkout.session.completed', paid(checkout), { account: 'acct_other' }),
        refunded({ ...checkout, currency: 'jpy' }),
        refunded({ ...checkout, metadata: { ...checkout.metadata, session_id: other.id } }),
      ];
      for (const event of strange) assert.equal((await service.deliver(event)).status, 200);
      assert.equal((await service.read(session)).duration_limit_seconds, 600);
      assert.equal((await service.read(other)).duration_limit_seconds, 600);
      assert.equal((await service.history(session))[0]!.status, 'open');
      assert.equal((await service.history(other))[0]!.status, 'expired');
    });

    test('and other applications cannot order, or see, what a session pays', async () => {
      const session = await service.start();
      const { secretKey: as } = await service.createApplication();
      const headers = { 'Idempotency-Key': 'k' };
      const body = { additional_seconds: 900, payment: 'money' };
      const path = `/sessions/${session.id}`;
      const answers = [
        await service.call('POST', `${path}/extend`, { as, body, headers }),
        await service.call('GET', `${path}/extensions`, { as }),
      ];
      assert.deepEqual(
        answers.map(({ body: { code } }) => code),
        ['SESSION_NOT_FOUND', 'SESSION_NOT_FOUND'],
      );
    });
  });

  /** Delivers in this order to a fresh checkout, and holds the outcome against what the kinds alone say. */
  async function check(order: readonly Kind[], session: PaidSession): Promise<void> {
    const before = await service.read(session);
    const checkout = await service.order(session);
    // A repetition is the same event, or another one that tells the same.
    const events = new Map<Kind, StripeEvent>();
    for (const [index, kind] of order.entries()) {
      const again = events.get(kind);
      const event = again && index % 2 ? again : kinds[kind](checkout);
      events.set(kind, event);
      assert.equal((await service.deliver(event)).status, 200);
    }
    const has = (kind: Kind) => order.includes(kind);
    const status = has('refunded')
      ? 'refunded'
      : has('completed')
        ? 'paid'
        : has('expired')
          ? 'expired'
          : 'open';
    const added = status === 'paid' ? 900 : 0;
    const rows = await service.history(session);
    const row = rows.find(({ id }) => id === checkout.metadata.checkout_id)!;
    const told = order.join(', ');
    assert.deepEqual([row.status, row.additional_seconds], [status, added], told);
    const now = await service.read(session);
    assert.equal(now.expires_at, before.expires_at! + added, told);
    assert.equal(now.duration_limit_seconds, before.duration_limit_seconds + added, told);
    // The next one starts from nothing open.
    if (status === 'open') await service.deliver(expired(checkout));
  }

  const longest = { max_duration_seconds: 86_400 };

  // The database makes no difference to an order; the real one is the quicker.
  const inEveryOrder = source.kind === 'PostgreSQL' ? test : () => {};
  inEveryOrder('leads to the same in every order, each up to twice', async () => {
    const all = [...orders(Object.keys(kinds) as Kind[], 2)];
    let session = await service.start(1000, longest);
    for (const [index, order] of all.entries()) {
      if (index % 40 === 39) session = await service.start(1000, longest);
      await check(order, session);
    }
    await assertBooksBalance(service.database);
    assert.equal(service.stripe.refunds.length, 0, 'nothing is given back twice');
  });

  test('leads to the same in any order, each up to three times', async () => {
    const all = [...orders(Object.keys(kinds) as Kind[], 3)].filter(({ length }) => length > 6);
    const picks = fc.sample(fc.constantFrom(...all), Number(process.env.PAYMENT_ORDERS ?? 60));
    let session = await service.start(1000, longest);
    for (const [index, order] of picks.entries()) {
      if (index % 40 === 0) session = await service.start(1000, longest);
      await check(order, session);
    }
    await assertBooksBalance(service.database);
  });

  describe('of money that went back', () => {
    const use = async (tokensFirst = false) => {
      const session = await service.start();
      if (tokensFirst) await service.extend(session, { additional_seconds: 1800 });
      const checkout = await service.order(session);
      await service.deliver(completed(checkout));
      return { session, checkout };
    };

    test('takes the time that was not used yet', async () => {
      const { session, checkout } = await use();
      service.clock.advance(800);
      await service.deliver(refunded(checkout));
      const { remaining_seconds, duration_limit_seconds, status } = await service.read(session);
      // 700 are left, and a minute stays, so that the page can warn.
      assert.deepEqual(
        { remaining_seconds, duration_limit_seconds, status },
        {
          remaining_seconds: 60,
          duration_limit_seconds: 860,
          status: 'active',
        },
      );
      assert.equal((await service.history(session))[0]!.additional_seconds, 260);
      service.clock.advance(61);
      const ended = await service.read(session);
      assert.equal(ended.status, 'expired');
      assert.deepEqual([ended.used_seconds, ended.final_cost, ended.tokens_refunded], [860, 100, 0]);
      await assertBooksBalance(service.database);
    });

    test('takes all of it from a session that has not come to it', async () => {
      const { session, checkout } = await use(true);
      service.clock.advance(30);
      await service.deliver(refunded(checkout));
      const { remaining_seconds, duration_limit_seconds } = await service.read(session);
      assert.deepEqual([remaining_seconds, duration_limit_seconds], [2370, 2400]);
      const shortened = await service.database.kysely
        .selectFrom('events')
        .select('payload')
        .where('subject', '=', `session:${session.id}`)
        .where('type', '=', 'session.shortened')
        .executeTakeFirstOrThrow();
      assert.deepEqual(shortened.payload, {
        session_id: session.id,
        revision: 4,
        expires_at: seconds() + 2370,
        removed_seconds: 900,
      });
    });

    test('takes the same from a paused session, and leaves its pause', async () => {
      const { session, checkout } = await use();
      service.clock.advance(100);
      await service.call('POST', `/sessions/${session.id}/pause`, { as: session.as });
      const { pause_ends_at } = await service.read(session);
      service.clock.advance(50);
      await service.deliver(refunded(checkout));
      const paused = await service.read(session);
      assert.deepEqual([paused.remaining_seconds, paused.pause_ends_at], [500, pause_ends_at]);
      await assertBooksBalance(service.database);
    });

    test('takes nothing for a part of the money, and all for the rest', async () => {
      const { session, checkout } = await use();
      for (const amount of [100, 300, 200, 300]) {
        await service.deliver(refunded(checkout, amount));
        assert.equal((await service.read(session)).duration_limit_seconds, 1500);
        assert.equal((await service.history(session))[0]!.status, 'paid');
        await assertBooksBalance(service.database);
      }
      await service.deliver(refunded(checkout, 499));
      assert.equal((await service.history(session))[0]!.status, 'refunded');
      assert.equal((await service.read(session)).duration_limit_seconds, 600);
    });

    test('told before the payment: nothing is given, not even for a moment', async () => {
      const session = await service.start();
      const checkout = await service.order(session);
      await service.deliver(refunded(checkout));
      await service.deliver(completed(checkout));
      assert.equal((await service.history(session))[0]!.status, 'refunded');
      const events = await service.database.kysely
        .selectFrom('events')
        .select('type')
        .where('subject', '=', `session:${session.id}`)
        .execute();
      assert.deepEqual(
        events.map(({ type }) => type),
        ['session.started'],
      );
      await assertBooksBalance(service.database);
    });

    test('told before the payment, of a part: the time is given', async () => {
      const session = await service.start();
      const checkout = await service.order(session);
      await service.deliver(refunded(checkout, 100));
      await service.deliver(completed(checkout));
      const [row] = await service.history(session);
      assert.deepEqual([row!.status, row!.additional_seconds], ['paid', 900]);
      await assertBooksBalance(service.database);
    });

    test('changes nothing of a session that is over', async () => {
      const { session, checkout } = await use();
      await service.call('POST', `/sessions/${session.id}/end`, { as: session.as });
      const before = await service.read(session);
      await service.deliver(refunded(checkout));
      assert.deepEqual(await service.read(session), before);
      assert.equal((await service.history(session))[0]!.status, 'refunded');
      await assertBooksBalance(service.database);
    });
  });
});
