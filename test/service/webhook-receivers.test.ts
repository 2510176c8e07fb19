// Receivers with bad manners: each attempt has an end, and whatever they do takes nothing from those who answer.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { send } from '../../src/service/features/webhooks/send.js';
import { webhookNetwork } from '../../src/service/features/webhooks/network.js';
import { WorkerShares } from '../../src/service/features/webhooks/worker-shares.js';
import { BadReceiver, badManners, type BadManners } from './bad-receiver.js';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, startTestService, until, type TestService } from './fixtures.js';
import { WebhookReceiver } from './webhook-receiver.js';

describe('An attempt at a receiver that', () => {
  const outcomes: Record<keyof typeof badManners, object> = {
    'switches protocols, and says no more': { status: 101, error: 'status_refused' },
    'sends a byte now and then': { status: null, error: 'timed_out' },
    'promises an answer again and again': { status: null, error: 'timed_out' },
    'closes without an answer': { status: null, error: 'connection_failed' },
    'closes in the middle of its answer': { status: null, error: 'connection_failed' },
    'breaks the connection': { status: null, error: 'connection_failed' },
    'answers what is no HTTP': { status: null, error: 'connection_failed' },
    'never answers': { status: null, error: 'timed_out' },
  };
  for (const [name, manners] of Object.entries(badManners) as [keyof typeof badManners, BadManners][])
    test(`${name} has an end, and its connection too`, async () => {
      const receiver = await BadReceiver.start(manners);
      try {
        const network = webhookNetwork({ allowedHosts: [receiver.host], timeoutMs: 1_000 });
        assert.deepEqual(await send(receiver.url, '{}', {}, network), outcomes[name]);
        assert.equal(receiver.taken, 1);
        await until(() => receiver.open.size === 0);
      } finally {
        await receiver.stop();
      }
    });
});

describe('The shares of workers', () => {
  const fill = (shares: WorkerShares, provider: string, endpoints = 5) => {
    let count = 0;
    for (let turn = 0; turn < 100; turn += 1) {
      const { providers, endpoints: full } = shares.full;
      const id = `${provider}-${turn % endpoints}`;
      if (providers.includes(provider) || full.includes(id)) continue;
      shares.start({ id, provider_id: provider });
      count += 1;
    }
    return count;
  };

  test('leave room for the next provider, however many have taken what they may', () => {
    const shares = new WorkerShares(16);
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((provider) => fill(shares, provider)),
      [8, 4, 2, 1],
    );
    assert.equal(fill(shares, 'late'), 1);
  });

  test('of those that were slow the last time are one half together, until they are quick again', () => {
    let nowMs = 0;
    const shares = new WorkerShares(16, () => nowMs);
    const bad = Array.from({ length: 40 }, (_, index) => ({ id: `e${index}`, provider_id: `p${index}` }));
    const ends = bad.map((endpoint) => shares.start(endpoint));
    nowMs += 1_001;
    for (const end of ends) end();
    const allowed = () => bad.filter(({ id }) => !shares.full.endpoints.includes(id));
    const again = bad.slice(0, 8).map((endpoint) => shares.start(endpoint));
    assert.deepEqual(allowed(), []);
    again[0]!();
    assert.equal(allowed().length, bad.length);
    assert.ok(shares.full.providers.length === 0, 'those who are quick have the other half');
  });

  test('are four for one endpoint', () => {
    assert.equal(fill(new WorkerShares(16), 'a', 1), 4);
  });
});

describeOnOneDatabase('Receivers that never finish', (source) => {
  const all = [
    'switches protocols, and says no more',
    'sends a byte now and then',
    'promises an answer again and again',
    'answers what is no HTTP',
    'never answers',
  ] as const;
  let service: TestService;
  let userId: string;
  const bad: BadReceiver[] = [];
  let good: WebhookReceiver;
  before(async () => {
    for (const name of all) bad.push(await BadReceiver.start(badManners[name]));
    good = await WebhookReceiver.start();
    service = await startTestService({
      database: await source.create(),
      webhooks: { allowedHosts: [...bad, good].map(({ host }) => host), timeoutMs: 30_000 },
    });
    userId = await service.createCustomer(1_000_000);
  });
  after(async () => {
    // The attempts end with their connections.
    await Promise.all(bad.map((receiver) => receiver.stop()));
    await service.close();
    await good.stop();
  });

  const seller = async (urls: readonly string[]) => {
    const application = await service.createApplication({ provider_id: `provider-${crypto.randomUUID()}` });
    for (const url of urls)
      expectOk(
        await service.call('POST', '/webhook-endpoints', {
          as: application.secretKey,
          body: { url, events: ['session.started'] },
        }),
      );
    return { sell: () => service.createSession(application, userId) };
  };

  test('another provider’s event arrives within seconds, whatever two providers with five such endpoints each do', async () => {
    const sellers = [await seller(bad.map(({ url }) => url)), await seller(bad.map(({ url }) => url))];
    const other = await seller([good.url]);
    await Promise.all(sellers.flatMap(({ sell }) => Array.from({ length: 6 }, sell)));
    // The others of the five are given up at once.
    const hanging = bad.filter((_, index) => ![0, 3].includes(index));
    await until(() => hanging.reduce((sum, { taken }) => sum + taken, 0) >= 12);
    for (let count = 1; count <= 5; count += 1) {
      const soldAt = Date.now();
      await other.sell();
      await good.atLeast(count);
      assert.ok(Date.now() - soldAt < 10_000, 'it did not wait for an attempt to run out of time');
    }
  });
});
