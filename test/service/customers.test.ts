// Customers as a marketplace keeps them: made or changed at a sign-in, found again, shown in one read, and told of.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Session } from '../../src/protocol/session.js';
import { assertBooksBalance } from './books.js';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, startTestService, until, type Json, type TestService } from './fixtures.js';
import { TestClock } from './test-clock.js';
import { WebhookReceiver } from './webhook-receiver.js';

interface Customer extends Json {
  id: string;
  organization_id: string | null;
  email: string | null;
  metadata: Record<string, string>;
  wallet: { available: number; held: number };
}

describeOnOneDatabase('A customer', (source) => {
  const clock = new TestClock();
  let receiver: WebhookReceiver;
  let service: TestService;
  before(async () => {
    receiver = await WebhookReceiver.start();
    service = await startTestService({
      database: await source.create(),
      now: clock.now,
      timer: clock.timer,
      webhooks: { allowedHosts: [receiver.host] },
    });
    const events = ['customer.created', 'customer.updated', 'customer.deleted', 'wallet.low'];
    const body = { url: receiver.url, events, provider_id: null };
    expectOk(await service.call('POST', '/webhook-endpoints', { body }));
  });
  after(async () => {
    await service.close();
    await receiver.stop();
  });

  const put = (id: string, body: Json) => service.call<Customer>('PUT', `/customers/${id}`, { body });
  const read = async (id: string) => expectOk(await service.call<Customer>('GET', `/customers/${id}`));
  const list = async (query: string) =>
    expectOk(
      await service.call<{ customers: Customer[]; next_cursor: string | null }>('GET', `/customers?${query}`),
    );
  /** What was told of a customer, oldest first. */
  const toldOf = (id: string) =>
    receiver.received
      .map(({ body }) => JSON.parse(body) as { type: string; data: Json })
      .filter(({ data }) => data.customer_id === id)
      .map(({ type, data: { changed } }) => [type, ...((changed as string[] | undefined) ?? [])]);

  test('is made by the first sign-in and changed by the next, which keeps what it does not name', async () => {
    const made = expectOk(
      await put('ada', { name: 'Ada', email: 'Ada@Example.org', metadata: { plan: 'x' } }),
    );
    assert.deepEqual(made, {
      id: 'ada',
      organization_id: null,
      name: 'Ada',
      email: 'Ada@Example.org',
      metadata: { plan: 'x' },
      low_wallet_tokens: null,
      created_at: made.created_at,
      wallet: { available: 0, held: 0 },
    });
    clock.advance(1);
    const changed = expectOk(await put('ada', { organization_id: 'acme', name: null }));
    assert.deepEqual(changed, { ...made, organization_id: 'acme', name: null });
    // Nothing is different: nothing is told, and nothing written into the audit trail.
    expectOk(await put('ada', { organization_id: 'acme', metadata: { plan: 'x' } }));
    clock.advance(1);
    const patched = await service.call<Customer>('PATCH', '/customers/ada', { body: { metadata: {} } });
    assert.deepEqual(expectOk(patched), { ...changed, metadata: {} });
    await until(() => toldOf('ada').length === 3);
    assert.deepEqual(toldOf('ada').sort(), [
      ['customer.created'],
      ['customer.updated', 'metadata'],
      ['customer.updated', 'organization_id', 'name'],
    ]);
    const { entries } = expectOk(
      await service.call<{ entries: Json[] }>('GET', '/audit-entries?subject=/customers/ada'),
    );
    assert.deepEqual(
      entries.map(({ action }) => action),
      ['PATCH /customers/{id}', 'PUT /customers/{id}', 'PUT /customers/{id}'],
    );
  });

  test('who signs in ten times at once is made once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => put('grace', { metadata: { n: `${n}` } })),
    );
    for (const answer of answers) assert.equal(answer.status, 200, JSON.stringify(answer.body));
    await until(() => toldOf('grace').length === 10);
    assert.equal(toldOf('grace').filter(([type]) => type === 'customer.created').length, 1);
  });

  test('is found by organization, and by email whatever its case, page by page', async () => {
    for (let n = 0; n < 5; n += 1)
      expectOk(await put(`of-zeta-${n}`, { organization_id: 'zeta', email: `z${n % 2}@zeta.example` }));
    const ids = async (query: string) => (await list(query)).customers.map(({ id }) => id);
    const all = await ids('organization_id=zeta');
    assert.deepEqual([...all].sort(), ['of-zeta-0', 'of-zeta-1', 'of-zeta-2', 'of-zeta-3', 'of-zeta-4']);
    assert.deepEqual((await ids('organization_id=zeta&email=Z1@ZETA.example')).sort(), [
      'of-zeta-1',
      'of-zeta-3',
    ]);
    assert.deepEqual(await ids('email=nobody@zeta.example'), []);
    const pages: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof list>> = await list(
        `organization_id=zeta&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      pages.push(...page.customers.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    assert.deepEqual(pages, all);
  });

  test('is shown in one read, with the newest session that is not over', async () => {
    const id = await service.createCustomer(1_000);
    const state = async () =>
      expectOk(
        await service.call<{ customer: Customer; session: Session | null }>('GET', `/customers/${id}/state`),
      );
    assert.equal((await state()).session, null);
    const application = await service.createApplication();
    const { session } = await service.createSession(application, id);
    const { customer, session: live } = await state();
    assert.deepEqual(customer, await read(id));
    assert.deepEqual(customer.wallet, { available: 900, held: 100 });
    assert.equal(live!.id, session.id);
    expectOk(await service.call('POST', `/sessions/${session.id}/end`));
    assert.equal((await state()).session, null);
  });

  test('whose wallet falls below the mark is told of once, and again after it was filled', async () => {
    const id = await service.createCustomer(1_000);
    expectOk(await put(id, { low_wallet_tokens: 850 }));
    const application = await service.createApplication();
    const sell = () => service.createSession(application, id);
    const lows = () =>
      receiver.received
        .map(({ body }) => JSON.parse(body) as { type: string; data: Json })
        .filter(({ type, data }) => type === 'wallet.low' && data.customer_id === id)
        .map(({ data }) => data.available);
    await sell();
    await sell();
    await sell();
    await until(() => lows().length > 0);
    expectOk(
      await service.call('POST', `/customers/${id}/credits`, { body: { tokens: 200, reference: 'more' } }),
    );
    await sell();
    await until(() => lows().length > 1);
    assert.deepEqual(lows(), [800, 800]);
    // What is refused for want of tokens is no news.
    const body = { application_id: application.id, user_id: id, duration_seconds: 7_200 };
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const refused = await service.call('POST', '/sessions', { body, headers });
    assert.equal(refused.body.code, 'INSUFFICIENT_TOKENS');
    await assertBooksBalance(service.database);
  });

  test('who is erased is in no list, and in no delivery once that is told', async () => {
    expectOk(await put('joan', { name: 'Joan', email: 'joan@erased.example' }));
    await until(() => toldOf('joan').length === 1);
    assert.equal((await service.call('DELETE', '/customers/joan')).status, 204);
    await until(() => toldOf('joan').length === 2);
    assert.deepEqual(toldOf('joan'), [['customer.created'], ['customer.deleted']]);
    assert.deepEqual((await list('email=joan@erased.example')).customers, []);
    assert.ok((await list('limit=100')).customers.every(({ id }) => !id.startsWith('erased-')));
    const { kysely } = service.database;
    const events = await kysely
      .selectFrom('events')
      .selectAll()
      .where('type', 'like', 'customer.%')
      .execute();
    assert.ok(events.every((event) => !JSON.stringify(event).includes('joan')));
    assert.ok(events.some(({ subject }) => subject.startsWith('customer:erased-')));
    const delivered = () => kysely.selectFrom('webhook_deliveries').selectAll().execute();
    await until(async () => (await delivered()).every(({ status }) => status === 'delivered'));
    clock.advance(61);
    await until(async () => (await delivered()).every((one) => !JSON.stringify(one).includes('joan')));
    assert.equal((await delivered()).filter(({ data }) => (data as Json).customer_id === 'erased').length, 1);
  });

  test('is refused where a field is wrong, and where nobody is there', async () => {
    const answers = [
      await put('ada', { email: 'no address' }),
      await put('ada', { surprise: 1 }),
      await put('ada', { low_wallet_tokens: 0 }),
      await put('a b', {}),
      await service.call('PATCH', '/customers/nobody', { body: { name: 'N' } }),
      await service.call('GET', '/customers/nobody/state'),
      await service.call('POST', '/customers', { body: { id: 'ada' } }),
      await service.call('GET', '/customers?cursor=x'),
    ];
    assert.deepEqual(
      answers.map(({ status, body }) => [status, (body as Json).code]),
      [
        [422, 'REQUEST_INVALID'],
        [422, 'REQUEST_INVALID'],
        [422, 'REQUEST_INVALID'],
        [422, 'REQUEST_INVALID'],
        [404, 'CUSTOMER_NOT_FOUND'],
        [404, 'CUSTOMER_NOT_FOUND'],
        [409, 'ALREADY_EXISTS'],
        [422, 'REQUEST_INVALID'],
      ],
    );
  });

  test("is the marketplace's: no secret key reads it, and no endpoint of a provider hears of it", async () => {
    const { secretKey: as } = await service.createApplication();
    for (const [method, path] of [
      ['GET', '/customers'],
      ['PUT', '/customers/ada'],
      ['PATCH', '/customers/ada'],
      ['GET', '/customers/ada/state'],
    ] as const) {
      const answer = await service.call(method, path, { as, ...(method !== 'GET' && { body: {} }) });
      assert.deepEqual([answer.status, answer.body.code], [403, 'CREDENTIAL_INSUFFICIENT'], path);
    }
    const endpoint = { url: receiver.url, events: ['session.ended', 'customer.created'] };
    const refused = await service.call('POST', '/webhook-endpoints', { as, body: endpoint });
    assert.deepEqual([refused.status, refused.body.code], [422, 'REQUEST_INVALID']);
    assert.equal((refused.body.errors as Json[])[0]!.pointer, '/events/1');
  });
});
