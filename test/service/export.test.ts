// All that is kept of a customer, handed over.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { describeOnOneDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import {
  expectOk,
  operatorKey,
  startTestService,
  until,
  type Json,
  type TestApplication,
  type TestService,
} from './fixtures.js';

describeOnOneDatabase('The export of a customer', (source) => {
  let service: TestService;
  let application: TestApplication;
  before(async () => {
    service = await startTestService({ database: await source.create() });
    application = await service.createApplication({
      tokens_per_minute: 1,
      extension_options: [{ additional_seconds: 60, tokens: 2 }],
    });
  });
  after(() => service.close());

  const ask = (id: string, as = operatorKey) =>
    fetch(`${service.url}/customers/${id}/export`, { headers: { Authorization: `Bearer ${as}` } });
  const linesOf = async (id: string) => {
    const response = await ask(id);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type')!, /^application\/x-ndjson/);
    const text = await response.text();
    assert.ok(text.endsWith('\n'));
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
  };
  const ofKind = (lines: Json[], kind: string) => lines.filter((line) => line.record === kind);
  const sell = (id: string, note: string) =>
    service.createSession(application, id, {
      duration_seconds: 600,
      metadata: { note },
      return_url: `https://market.example/done?${note}`,
    });

  test('has the person, the sessions with what was said and bought, the wallet and the changes', async () => {
    const id = 'zaphod@galaxy.example';
    expectOk(await service.call('POST', '/customers', { body: { id, organization_id: 'heart-of-gold' } }));
    const key = () => ({ 'Idempotency-Key': crypto.randomUUID() });
    const credit = { tokens: 1000, reference: 'invoice-1' };
    expectOk(await service.call('POST', `/customers/${id}/credits`, { body: credit, headers: key() }));
    const { session, session_token: as } = await sell(id, 'tea');
    const page = await EventReader.open(`${service.url}/sessions/${session.id}/events`, {
      Authorization: `Bearer ${as}`,
    });
    const provider = await EventReader.open(`${service.url}/sessions/${session.id}/events`, {
      Authorization: `Bearer ${application.secretKey}`,
    });
    await until(() => page.presence.length + provider.presence.length > 0);
    expectOk(
      await service.call('POST', `/sessions/${session.id}/extend`, {
        as,
        body: { additional_seconds: 60, tokens_to_deduct: 2 },
        headers: key(),
      }),
    );
    expectOk(
      await service.call('POST', `/sessions/${session.id}/complete`, {
        as,
        body: { actual_usage_minutes: 42 },
      }),
    );
    const other = await service.createCustomer(1000);
    await sell(other, 'coffee');

    const lines = await linesOf(id);
    assert.deepEqual(lines.at(-1), { record: 'end', records: lines.length - 1 });
    const [customer, ...others] = ofKind(lines, 'customer');
    assert.deepEqual([others.length, customer!.id, customer!.organization_id], [0, id, 'heart-of-gold']);
    const [sold, ...more] = ofKind(lines, 'session');
    assert.equal(more.length, 0);
    assert.deepEqual(
      [sold!.id, sold!.metadata, sold!.return_url, sold!.status, sold!.reported_usage],
      [
        session.id,
        { note: 'tea' },
        'https://market.example/done?tea',
        'completed',
        { actual_usage_minutes: 42 },
      ],
    );
    assert.deepEqual(
      (sold!.extensions as Json[]).map(({ additional_seconds, tokens }) => [additional_seconds, tokens]),
      [[60, 2]],
    );
    assert.deepEqual(
      (sold!.presence as Json[]).map(({ type }) => type),
      ['participant.joined'],
      'of the customer alone',
    );
    assert.ok(Math.abs((sold!.created_at as number) - Date.now() / 1000) < 300);
    const { wallet } = expectOk(await service.call<{ wallet: Json }>('GET', `/customers/${id}`));
    assert.equal(
      ofKind(lines, 'wallet_entry').reduce((sum, { amount }) => sum + (amount as number), 0),
      wallet.available,
    );
    assert.deepEqual(
      ofKind(lines, 'change').map(({ action }) => action),
      ['POST /customers', 'POST /customers/{id}/credits'],
    );
    assert.ok(!JSON.stringify(lines).includes('coffee'));
  });

  test('is whole beyond the first page of anything', async () => {
    const id = await service.createCustomer(1_000_000);
    const ids = [];
    for (let n = 0; n < 105; n += 1) ids.push((await sell(id, `n-${n}`)).session.id);
    const lines = await linesOf(id);
    assert.deepEqual(
      ofKind(lines, 'session')
        .map((line) => line.id)
        .sort(),
      ids.sort(),
    );
    assert.ok(ofKind(lines, 'wallet_entry').length > 105);
    assert.deepEqual(lines.at(-1), { record: 'end', records: lines.length - 1 });
  });

  test("is the operator's alone, and knows who is nobody", async () => {
    const id = await service.createCustomer(1000);
    const { session_token } = await sell(id, 'x');
    for (const as of [application.secretKey, session_token]) assert.equal((await ask(id, as)).status, 403);
    const unknown = await ask('nobody');
    assert.equal(unknown.status, 404);
    assert.equal(((await unknown.json()) as Json).code, 'CUSTOMER_NOT_FOUND');
  });
});
