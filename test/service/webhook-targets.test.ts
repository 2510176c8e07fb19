import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isPublicAddress } from '../../src/service/features/webhooks/public-address.js';
import { webhookNetwork } from '../../src/service/features/webhooks/network.js';
import {
  expectOk,
  startTestService,
  until,
  type Json,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { TestClock } from './test-clock.js';
import { certificate } from './webhook-certificate.js';
import { WebhookReceiver } from './webhook-receiver.js';

describe('The public internet', () => {
  const outside = {
    'this host': ['0.0.0.0', '0.1.2.3', '::'],
    loopback: ['127.0.0.1', '127.255.255.255', '::1'],
    private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12:3456::1'],
    'link-local, with the metadata of clouds': ['169.254.0.1', '169.254.169.254', 'fe80::1', 'fec0::1'],
    'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
    multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
    'reserved and broadcast': ['240.0.0.1', '255.255.255.255'],
    'documentation and benchmarks': [
      '192.0.2.1',
      '198.51.100.1',
      '203.0.113.1',
      '198.19.0.1',
      '2001:db8::1',
      '3fff::1',
    ],
    'protocol assignments': ['192.0.0.1', '192.88.99.1', '2001::1', '2001:1ff::1'],
    'IPv4 in IPv6': ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::127.0.0.1', '2002:7f00:1::'],
    NAT64: ['64:ff9b::7f00:1', '64:ff9b::808:808', '64:ff9b:1::1'],
  };
  for (const [name, addresses] of Object.entries(outside)) {
    for (const address of addresses)
      test(`does not hold ${address} (${name})`, () => assert.equal(isPublicAddress(address), false));
  }

  for (const address of [
    '8.8.8.8',
    '93.184.216.34',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450::1',
    '2001:4860::8888',
  ])
    test(`holds ${address}`, () => assert.equal(isPublicAddress(address), true));
});

test('an attempt that would outlive its claim is refused at the start', () => {
  for (const timeoutMs of [0, -1, NaN, 30_001, Infinity])
    assert.throws(() => webhookNetwork({ timeoutMs }), TypeError);
});

describe('The target of a webhook', () => {
  const clock = new TestClock(Date.now());
  /** What each name resolves to, now. */
  const names = new Map<string, string[]>();
  const asked: string[] = [];
  let service: TestService;
  let application: TestApplication;
  let secure: WebhookReceiver;
  let plain: WebhookReceiver;
  before(async () => {
    secure = await WebhookReceiver.start(certificate);
    plain = await WebhookReceiver.start();
    service = await startTestService({
      now: clock.now,
      timer: clock.timer,
      webhooks: {
        allowedHosts: [`hooks.test:${secure.port}`, `other.test:${secure.port}`, plain.host],
        certificateAuthorities: [certificate.cert],
        timeoutMs: 2_000,
        lookup: async (name) => {
          asked.push(name);
          const addresses = names.get(name);
          if (!addresses) throw Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' });
          return addresses;
        },
      },
    });
    application = await service.createApplication();
    names.set('public.example', ['93.184.216.34', '2606:2800:220:1::1']);
    names.set('inside.example', ['10.1.2.3']);
    names.set('mixed.example', ['93.184.216.34', '127.0.0.1']);
    names.set('six.example', ['::1']);
    names.set('mapped.example', ['::ffff:169.254.169.254']);
    names.set('empty.example', []);
  });
  after(async () => {
    await service.close();
    await secure.stop();
    await plain.stop();
  });

  const register = (url: string) =>
    service.call<{ id: string; code: string; detail: string }>('POST', '/webhook-endpoints', {
      as: application.secretKey,
      body: { url, events: ['session.started'] },
    });
  const change = (id: string, body: Json) =>
    service.call('PATCH', `/webhook-endpoints/${id}`, { as: application.secretKey, body });
  /** How the one attempt of a test delivery went. */
  const attempt = async (id: string) => {
    const as = application.secretKey;
    const { body } = await service.call('POST', `/webhook-endpoints/${id}/test`, { as });
    let outcome: { response_status: number | null; error: string | null } | undefined;
    await until(async () => {
      const path = `/webhook-endpoints/${id}/deliveries/${body.id as string}`;
      const delivery = expectOk(
        await service.call<{ status: string; attempts: [typeof outcome] }>('GET', path, { as }),
      );
      outcome = delivery.attempts[0];
      return delivery.status !== 'pending';
    });
    return [outcome!.response_status, outcome!.error];
  };

  const refused = {
    'no TLS': 'http://public.example/',
    'another scheme': 'ftp://public.example/',
    'a script': 'javascript:alert(1)',
    'a file': 'file:///etc/passwd',
    'no address': 'public.example',
    'a relative one': '//public.example/',
    'a backslash': 'https:\\\\public.example\\',
    'a backslash in the path': 'https://public.example\\@127.0.0.1/',
    'a line end': 'https://public.example/\n',
    'a tab': 'https://public.\texample/',
    'user info': 'https://user:pass@public.example/',
    'user info that looks like a host': 'https://public.example@127.0.0.1/',
    'a fragment': 'https://public.example/#x',
    'a private name': 'https://inside.example/',
    'a name with one private address of two': 'https://mixed.example/',
    'a name with an IPv6 loopback': 'https://six.example/',
    'a name with a mapped address': 'https://mapped.example/',
    'a name that nobody knows': 'https://unknown.example/',
    'a name without an address': 'https://empty.example/',
    loopback: 'https://127.0.0.1/',
    'loopback, short': 'https://127.1/',
    'loopback as a number': 'https://2130706433/',
    'loopback in octal': 'https://0177.0.0.1/',
    'loopback in hexadecimal': 'https://0x7f000001/',
    'loopback in wide digits': 'https://１２７.０.０.１/',
    'loopback with a dot': 'https://127.0.0.1./',
    'loopback, IPv6': 'https://[::1]/',
    'loopback, mapped': 'https://[::ffff:127.0.0.1]/',
    'loopback, mapped in hexadecimal': 'https://[::ffff:7f00:1]/',
    'loopback through NAT64': 'https://[64:ff9b::127.0.0.1]/',
    unspecified: 'https://0.0.0.0/',
    'the metadata of a cloud': 'https://169.254.169.254/latest/meta-data/',
    'a host that is allowed, on another port': 'https://hooks.test:1/',
    'an allowed host as user info': 'https://hooks.test@127.0.0.1/',
    'an allowed host as a prefix': 'https://hooks.test.evil.example/',
  };
  for (const [name, url] of Object.entries(refused)) {
    test(`is refused at registration: ${name}`, async () => {
      const { status, body } = await register(url);
      assert.deepEqual([status, body.code], [422, 'WEBHOOK_TARGET_REFUSED']);
      assert.doesNotMatch(body.detail, /\d+\.\d+|::/, 'what a name resolves to is not told');
    });
  }

  test('is refused at a change too', async () => {
    const { id } = expectOk(await register('https://public.example/'));
    for (const url of ['https://inside.example/', 'http://public.example/']) {
      const { status, body } = await change(id, { url });
      assert.deepEqual([status, body.code], [422, 'WEBHOOK_TARGET_REFUSED']);
    }
  });

  test('is accepted on the public internet, by name or address', async () => {
    for (const url of [
      'https://public.example/a?b=c',
      'https://93.184.216.34/',
      'https://[2606:4700::1111]:8443/',
    ])
      assert.equal((await register(url)).status, 201, url);
  });

  test('is looked at again at each delivery: a name that moves inside reaches nobody', async () => {
    names.set('rebind.example', ['93.184.216.34']);
    const { id } = expectOk(await register(`https://rebind.example:${secure.port}/`));
    const before = [secure.received.length, plain.received.length];
    for (const addresses of [['127.0.0.1'], ['93.184.216.34', '127.0.0.1'], ['::1'], ['::ffff:127.0.0.1']]) {
      names.set('rebind.example', addresses);
      assert.deepEqual(await attempt(id), [null, 'address_not_public'], addresses.join());
    }
    names.delete('rebind.example');
    assert.deepEqual(await attempt(id), [null, 'name_unresolved']);
    assert.deepEqual([secure.received.length, plain.received.length], before);
  });

  test('is connected to at the address that was checked: the name is asked for once', async () => {
    // The system's own resolver knows no such name: a second look would fail.
    names.set('hooks.test', ['127.0.0.1']);
    const url = `https://hooks.test:${secure.port}/path?query=1`;
    const { id } = expectOk(await register(url));
    asked.length = 0;
    assert.deepEqual(await attempt(id), [204, null]);
    assert.deepEqual(asked, ['hooks.test']);
    const received = secure.received.at(-1)!;
    assert.deepEqual([received.path, received.headers.host], ['/path?query=1', `hooks.test:${secure.port}`]);
  });

  test('must have the certificate of its name', async () => {
    names.set('other.test', ['127.0.0.1']);
    const { id } = expectOk(await register(`https://other.test:${secure.port}/`));
    assert.deepEqual(await attempt(id), [null, 'tls_failed']);
  });

  test('a resolver that never answers costs the attempt, not the service', async () => {
    names.set('slow.example', ['93.184.216.34']);
    const { id } = expectOk(await register('https://slow.example/'));
    names.set('slow.example', new Promise(() => {}) as never);
    assert.deepEqual(await attempt(id), [null, 'timed_out']);
  });

  test('may be inside where the host is on the list of the operator', async () => {
    const { id } = expectOk(await register(plain.url));
    assert.deepEqual(await attempt(id), [204, null]);
  });

  test('with the system’s resolver and no list, this machine is out of reach', async () => {
    const bare = await startTestService({ webhooks: {} });
    const { secretKey } = await bare.createApplication();
    try {
      for (const url of ['https://localhost/', `https://127.0.0.1:${secure.port}/`, plain.url]) {
        const body = { url, events: ['session.started'] };
        const { status, body: refusal } = await bare.call('POST', '/webhook-endpoints', {
          as: secretKey,
          body,
        });
        assert.deepEqual([status, refusal.code], [422, 'WEBHOOK_TARGET_REFUSED'], url);
      }
    } finally {
      await bare.close();
    }
  });

  const wrongBodies = {
    'no events': { url: 'https://public.example/' },
    'an empty list of events': { url: 'https://public.example/', events: [] },
    'an unknown event': { url: 'https://public.example/', events: ['session.exploded'] },
    'a test, which cannot be asked for': { url: 'https://public.example/', events: ['webhook.test'] },
    'an event twice': { url: 'https://public.example/', events: ['session.ended', 'session.ended'] },
    'a secret of one’s own': { url: 'https://public.example/', events: ['session.ended'], secret: 'whsec_x' },
  };
  for (const [name, body] of Object.entries(wrongBodies)) {
    test(`is not registered with ${name}`, async () => {
      const answer = await service.call('POST', '/webhook-endpoints', { as: application.secretKey, body });
      assert.deepEqual([answer.status, answer.body.code], [422, 'REQUEST_INVALID']);
    });
  }

  test('a provider has at most twenty', async () => {
    const full = await service.createApplication({ provider_id: 'full' });
    const body = { url: 'https://public.example/', events: ['session.ended'] };
    for (let count = 0; count < 20; count += 1)
      expectOk(await service.call('POST', '/webhook-endpoints', { as: full.secretKey, body }));
    const refusal = await service.call('POST', '/webhook-endpoints', { as: full.secretKey, body });
    assert.deepEqual([refusal.status, refusal.body.code], [409, 'WEBHOOK_LIMIT_REACHED']);
  });
});
