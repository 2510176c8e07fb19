// Prices in money that an application may set.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { describeOnOneDatabase } from './databases.js';
import { startTestService, type TestService } from './fixtures.js';

describeOnOneDatabase('A price in money', (source) => {
  let service: TestService;
  before(async () => (service = await startTestService({ database: await source.create() })));
  after(() => service.close());

  test('is one that Stripe can charge', async () => {
    const prices: [amount: number, currency: string, status: number][] = [
      [499, 'eur', 200],
      [499, 'jpy', 200],
      [49_950, 'huf', 200],
      [5120, 'kwd', 200],
      [5124, 'kwd', 422],
      [500, 'isk', 200],
      [550, 'isk', 422],
      [499, 'ugx', 422],
    ];
    const { id } = await service.createApplication();
    for (const [amount, currency, status] of prices) {
      const extension_options = [{ additional_seconds: 900, tokens: null, money: { amount, currency } }];
      const answer = await service.call('PATCH', `/applications/${id}`, { body: { extension_options } });
      assert.equal(answer.status, status, `${amount} ${currency}`);
    }
  });
});
