import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { ServiceException } from '../../src/protocol/exceptions.js';
import { queueWebhooks } from '../../src/service/features/webhooks/queue.js';
import {
  openException,
  type OpenedException,
} from '../../src/service/foundation/exceptions/open-exception.js';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, startTestService, type TestService } from './fixtures.js';
import { TestClock } from './test-clock.js';

interface Page {
  exceptions: ServiceException[];
  next_cursor: string | null;
}

describeOnOneDatabase('Exceptions', (source) => {
  const clock = new TestClock();
  let service: TestService;
  before(async () => {
    const { now, timer } = clock;
    service = await startTestService({ database: await source.create(), now, timer });
  });
  beforeEach(async () => {
    await service.database.kysely.deleteFrom('exceptions').execute();
    await service.database.kysely.deleteFrom('webhook_endpoints').execute();
  });
  after(() => service.close());

  const open = (fields: Partial<OpenedException> = {}) => {
    const exception: OpenedException = {
      kind: 'job_failed',
      subject: `session:${crypto.randomUUID()}`,
      detail: 'It cannot be settled.',
      ...fields,
    };
    const { kysely } = service.database;
    return kysely
      .transaction()
      .execute((trx) => openException({ eventConsumers: [queueWebhooks] }, trx, exception, clock.now()));
  };
  const list = async (query = '', as?: string) =>
    expectOk(await service.call<Page>('GET', `/exceptions${query}`, as === undefined ? {} : { as }));
  const idsOf = ({ exceptions }: Page) => exceptions.map(({ id }) => id);
  const resolve = (id: string, note = 'Settled by hand', as?: string) =>
    service.call<ServiceException & { code?: string }>('POST', `/exceptions/${id}/resolve`, {
      ...(as !== undefined && { as }),
      body: { note },
    });

  test('are listed newest first, in pages, by status and kind', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      ids.unshift((await open(n === 2 ? { kind: 'refund_failed' } : {}))!);
      clock.advance(1);
    }
    assert.deepEqual(idsOf(await list()), ids);
    const first = await list('?limit=3');
    assert.deepEqual(idsOf(first), ids.slice(0, 3));
    const second = await list(`?limit=3&cursor=${first.next_cursor}`);
    assert.deepEqual(idsOf(second), ids.slice(3));
    assert.equal(second.next_cursor, null);

    assert.deepEqual(idsOf(await list('?kind=refund_failed')), [ids[2]]);
    await resolve(ids[0]!);
    assert.deepEqual(idsOf(await list('?status=open')), ids.slice(1));
    assert.deepEqual(idsOf(await list('?status=resolved')), [ids[0]]);
    assert.equal((await service.call('GET', '/exceptions?status=closed')).status, 422);
  });

  test('say what they are about', async () => {
    const id = await open({
      kind: 'payment_amount_mismatch',
      subject: 'payment:pi_1',
      providerId: 'lantern',
      paymentIntentId: 'pi_1',
      money: { amount: 250, currency: 'eur' },
    });
    assert.deepEqual(expectOk(await service.call('GET', `/exceptions/${id}`)), {
      id,
      kind: 'payment_amount_mismatch',
      status: 'open',
      subject: 'payment:pi_1',
      detail: 'It cannot be settled.',
      provider_id: 'lantern',
      session_id: null,
      checkout_id: null,
      payment_intent_id: 'pi_1',
      amount: 250,
      currency: 'eur',
      created_at: Math.floor(clock.now() / 1000),
      resolved_at: null,
      resolved_by: null,
      note: null,
    });
  });

  test('are opened once about the same, and again after it was resolved', async () => {
    const first = await open({ subject: 'session:1' });
    assert.equal(await open({ subject: 'session:1' }), undefined);
    assert.ok(await open({ subject: 'session:1', kind: 'refund_failed' }));
    await resolve(first!);
    assert.ok(await open({ subject: 'session:1' }));
  });

  test('are resolved once, with a note, and it is written down who did it', async () => {
    const id = (await open())!;
    clock.advance(60);
    const { status, body } = await resolve(id, ' Paid out at the bank ');
    assert.equal(status, 200);
    assert.deepEqual(
      [body.status, body.note, body.resolved_by, body.resolved_at],
      ['resolved', 'Paid out at the bank', 'operator', Math.floor(clock.now() / 1000)],
    );
    assert.deepEqual((await resolve(id, 'Something else')).body, body);
    const { entries } = expectOk(
      await service.call<{ entries: { action: string }[] }>(
        'GET',
        `/audit-entries?subject=/exceptions/${id}/resolve`,
      ),
    );
    assert.deepEqual(
      entries.map(({ action }) => action),
      ['POST /exceptions/{id}/resolve'],
    );
    assert.equal((await resolve(id, '  ')).status, 422);
    assert.equal((await resolve('unknown')).body.code, 'EXCEPTION_NOT_FOUND');
  });

  test('are seen by the provider that they are about, and by nobody else', async () => {
    const providerId = `provider-${crypto.randomUUID()}`;
    const { secretKey } = await service.createApplication({ provider_id: providerId });
    const own = (await open({ providerId }))!;
    const foreign = (await open({ providerId: 'another' }))!;
    const nobodys = (await open())!;
    assert.deepEqual(idsOf(await list('', secretKey)), [own]);
    for (const id of [foreign, nobodys]) {
      const { status, body } = await service.call('GET', `/exceptions/${id}`, { as: secretKey });
      assert.deepEqual([status, body.code], [404, 'EXCEPTION_NOT_FOUND']);
    }
    const { status } = await resolve(own, 'Not mine to say', secretKey);
    assert.equal(status, 403);
    assert.equal((await list(`?provider_id=${providerId}`)).exceptions.length, 1);
  });

  test('are counted by kind', async () => {
    await open();
    await open();
    await resolve((await open({ kind: 'refund_failed' }))!);
    const response = await service.service.fetch(
      new Request('http://session.test/metrics', {
        headers: { Authorization: 'Bearer operator-key-of-the-tests-0123456789abcdef' },
      }),
    );
    const text = await response.text();
    assert.match(text, /^marketplace_session_open_exceptions\{kind="job_failed"\} 2$/m);
    assert.match(text, /^marketplace_session_open_exceptions\{kind="refund_failed"\} 0$/m);
  });

  describe('are told to webhook endpoints', () => {
    const register = (provider_id: string | null, events = ['exception.opened'], as?: string) =>
      service.call<{ id: string; provider_id: string | null; code?: string }>('POST', '/webhook-endpoints', {
        ...(as !== undefined && { as }),
        body: { url: 'https://market.example/hooks', events, provider_id },
      });
    const toldTo = async (endpointId: string) =>
      (
        await service.database.kysely
          .selectFrom('webhook_deliveries')
          .select(['type', 'data'])
          .where('endpoint_id', '=', endpointId)
          .execute()
      ).map(({ type, data }) => [type, (data as { exception_id?: string }).exception_id]);

    test("of the marketplace, and of the provider that asked for it, and to nobody else's", async () => {
      const marketplace = expectOk(await register(null));
      assert.equal(marketplace.provider_id, null);
      const provider = expectOk(await register('lantern'));
      const other = expectOk(await register('another'));
      const deaf = expectOk(await register('lantern', ['session.ended']));
      const id = await open({ providerId: 'lantern' });
      const nobodys = await open();
      const both = [
        ['exception.opened', id],
        ['exception.opened', nobodys],
      ];
      assert.deepEqual((await toldTo(marketplace.id)).sort(), both.sort());
      assert.deepEqual(await toldTo(provider.id), [['exception.opened', id]]);
      assert.deepEqual([...(await toldTo(other.id)), ...(await toldTo(deaf.id))], []);
    });

    test('the marketplace hears of no sessions there, and nobody else may register one', async () => {
      const refused = await register(null, ['exception.opened', 'session.ended']);
      assert.equal(refused.status, 422);
      const { id } = expectOk(await register(null));
      const change = { body: { events: ['session.started'] } };
      assert.equal((await service.call('PATCH', `/webhook-endpoints/${id}`, change)).status, 422);
      const { secretKey } = await service.createApplication();
      assert.equal((await register(null, ['exception.opened'], secretKey)).status, 403);
      assert.equal((await service.call('GET', `/webhook-endpoints/${id}`, { as: secretKey })).status, 404);
    });
  });
});
