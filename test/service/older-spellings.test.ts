import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, startTestService, type TestApplication, type TestService } from './fixtures.js';
import { WebhookReceiver } from './webhook-receiver.js';

describeOnOneDatabase('Older spellings', (source) => {
  let service: TestService;
  let receiver: WebhookReceiver;
  let application: TestApplication;

  before(async () => {
    receiver = await WebhookReceiver.start();
    service = await startTestService({
      database: await source.create(),
      webhooks: { allowedHosts: [receiver.host] },
    });
    application = await service.createApplication({ provider_id: 'lantern' });
    await service.createApplication({ id: 'other', provider_id: 'other' });
  });
  after(async () => {
    await service.close();
    await receiver.stop();
  });

  test('every path is there below each prefix, and below no other', async () => {
    for (const prefix of ['', '/v1', '/api', '/api/v1'])
      assert.equal((await service.call('GET', `${prefix}/providers/lantern/stats`)).status, 200, prefix);
    for (const prefix of ['/v2', '/v1/api', '/api/v1/v1', '/api/v1/api/v1']) {
      const { body } = await service.call('GET', `${prefix}/providers/lantern/stats`);
      assert.equal(body.code, 'ROUTE_NOT_FOUND', prefix);
    }
  });

  test('the figures by day have a path for each figure, with the same answer', async () => {
    const daysAt = async (path: string) =>
      expectOk(await service.call('GET', path, { as: application.secretKey })).days as object[];
    const [day] = await daysAt('/providers/lantern/analytics');
    for (const figure of ['sessions', 'revenue', 'users']) {
      const days = await daysAt(`/providers/lantern/analytics/${figure}?from=2026-01-01&to=2026-01-02`);
      assert.equal(days.length, 2);
      assert.deepEqual(Object.keys(days[0]!), Object.keys(day!));
    }
    assert.equal(
      (await service.call('GET', '/providers/lantern/analytics/else')).body.code,
      'ROUTE_NOT_FOUND',
    );
  });

  test("a provider's webhook endpoints are the same as those of today's paths", async () => {
    const as = { as: application.secretKey };
    const fields = { url: receiver.url, events: ['session.ended'] };
    const made = await service.call('POST', '/providers/lantern/webhooks', { ...as, body: fields });
    assert.equal(made.status, 201);
    const { secret, ...endpoint } = made.body;
    assert.match(String(secret), /^whsec_/);
    assert.deepEqual(expectOk(await service.call('GET', `/webhook-endpoints/${endpoint.id}`, as)), endpoint);
    const { endpoints } = expectOk(await service.call('GET', '/providers/lantern/webhooks', as));
    assert.deepEqual(endpoints, [endpoint]);

    const body = { webhook_id: endpoint.id };
    const delivery = expectOk(await service.call('POST', '/webhooks/test', { ...as, body }));
    assert.deepEqual([delivery.endpoint_id, delivery.type], [endpoint.id, 'webhook.test']);

    const ofAnother = `/providers/other/webhooks/${endpoint.id}`;
    assert.equal((await service.call('DELETE', ofAnother)).body.code, 'WEBHOOK_ENDPOINT_NOT_FOUND');
    assert.equal((await service.call('DELETE', ofAnother, as)).body.code, 'PROVIDER_NOT_FOUND');
    assert.equal(
      (await service.call('DELETE', `/providers/lantern/webhooks/${endpoint.id}`, as)).status,
      204,
    );
    assert.deepEqual(expectOk(await service.call('GET', '/webhook-endpoints', as)).endpoints, []);
  });

  test('an endpoint is registered once for one Idempotency-Key', async () => {
    const ask = () =>
      service.call('POST', '/providers/lantern/webhooks', {
        body: { url: receiver.url, events: ['session.ended'] },
        headers: { 'Idempotency-Key': 'once' },
      });
    const [one, two] = [await ask(), await ask()];
    assert.equal(one.body.id, two.body.id);
  });
});
