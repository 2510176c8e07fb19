// security.md, "Webhooks": in the SDK bytes as they came, a time of digits within 300 s both ways, several signatures, no
// field twice.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { Webhook } from 'standardwebhooks';
import { verifyWebhook, type WebhookHeaders } from '../../src/sdk/index.js';
import { newSecret, signedHeaders } from '../../src/service/features/webhooks/signature.js';

const nowMs = 1_767_225_600_000;
const now = () => nowMs;
const secret = newSecret();
const id = 'msg_0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const body = JSON.stringify({
  type: 'session.ended',
  timestamp: '2026-01-01T00:00:00.000Z',
  data: { a: 'ü' },
});
const signed = (at = nowMs, secrets = [secret], text = body) => signedHeaders(secrets, id, text, at);
const verify = (
  headers: WebhookHeaders = signed(),
  text: string | Uint8Array | ArrayBuffer = body,
  keys: string | string[] = secret,
) => verifyWebhook(text, headers, keys, { now });

describe('The SDK takes a webhook', () => {
  test('of the published example', async () => {
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    // The example's body is no event of ours: its signature is right, and that is what is said last.
    await assert.rejects(
      verifyWebhook('{"test": 2432232314}', headers, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
        now: () => 1_614_265_330_000,
      }),
      /its body is no event/,
    );
  });

  test('of the service, in text and in bytes, with the headers of every kind of server', async () => {
    const bytes = new TextEncoder().encode(body);
    const padded = Buffer.concat([Buffer.from('xx'), bytes]).subarray(2);
    const ofAnotherRealm = runInNewContext('new Uint8Array(bytes).buffer', { bytes }) as ArrayBuffer;
    for (const text of [body, bytes, bytes.buffer, padded, ofAnotherRealm])
      assert.equal((await verify(signed(), text)).type, 'session.ended');
    const shouted = Object.fromEntries(
      Object.entries(signed()).map(([name, value]) => [name.toUpperCase(), value]),
    );
    for (const headers of [
      new Headers(signed()),
      // Of another library or realm, and so of another class.
      { get: (name: string) => new Headers(signed()).get(name) } as Headers,
      shouted,
      { ...signed(), cookie: ['a', 'b'], other: undefined },
    ])
      assert.equal((await verify(headers)).type, 'session.ended');
  });

  test('of any sender that keeps to Standard Webhooks', async () => {
    const signature = new Webhook(secret).sign(id, new Date(nowMs), body);
    assert.equal((await verify({ ...signed(), 'webhook-signature': signature })).type, 'session.ended');
  });

  test('300 s ago and 300 s ahead', async () => {
    for (const at of [nowMs - 300_000, nowMs + 300_000])
      assert.equal((await verify(signed(at))).type, 'session.ended');
  });

  test('that several secrets signed, whichever of them the receiver holds', async () => {
    const secrets = [newSecret(), newSecret(), secret];
    for (const one of secrets)
      assert.equal((await verify(signed(nowMs, secrets), body, one)).type, 'session.ended');
    assert.equal((await verify(signed(), body, [newSecret(), secret])).type, 'session.ended');
    const beside = `v1a,AAAA ${signed()['webhook-signature']} v2,AAAA`;
    assert.equal((await verify({ ...signed(), 'webhook-signature': beside })).type, 'session.ended');
  });
});

describe('The SDK refuses a webhook', () => {
  const given = signed();
  const [signature] = [given['webhook-signature']!];
  const at = nowMs / 1000;
  const wrong: Record<string, [string, WebhookHeaders]> = {
    'without an id': ['webhook-id is missing', { ...given, 'webhook-id': undefined }],
    'without a time': ['webhook-timestamp is missing', { ...given, 'webhook-timestamp': undefined }],
    'without a signature': ['webhook-signature is missing', { ...given, 'webhook-signature': undefined }],
    'with two ids': ['webhook-id is repeated', { ...given, 'webhook-id': [id, id] }],
    'with an id in two spellings': ['webhook-id is repeated', { ...given, 'Webhook-Id': id }],
    'with two times': [
      'webhook-timestamp is repeated',
      new Headers([...Object.entries(given), ['webhook-timestamp', String(at)]]),
    ],
    'with two fields of signatures': [
      'webhook-signature is repeated',
      new Headers([...Object.entries(given), ['webhook-signature', signature]]),
    ],
    'with an id that could be a part of the text': [
      'webhook-id is malformed',
      { ...given, 'webhook-id': `${id}.1` },
    ],
    'with another id': ['no signature fits', { ...given, 'webhook-id': `${id}0` }],
    'with letters after the time': [
      'webhook-timestamp is malformed',
      { ...given, 'webhook-timestamp': `${at}x` },
    ],
    'with a blank before the time': [
      'webhook-timestamp is malformed',
      { ...given, 'webhook-timestamp': ` ${at}` },
    ],
    'with a sign before the time': [
      'webhook-timestamp is malformed',
      { ...given, 'webhook-timestamp': `+${at}` },
    ],
    'with a fraction of a second': [
      'webhook-timestamp is malformed',
      { ...given, 'webhook-timestamp': `${at}.0` },
    ],
    'with an exponent': ['webhook-timestamp is malformed', { ...given, 'webhook-timestamp': '1767e6' }],
    'with an empty time': ['webhook-timestamp is malformed', { ...given, 'webhook-timestamp': '' }],
    'with another time': ['no signature fits', { ...given, 'webhook-timestamp': String(at + 1) }],
    'of 301 s ago': ['webhook-timestamp is too old', signed(nowMs - 301_000)],
    'of 301 s ahead': ['webhook-timestamp is too far ahead', signed(nowMs + 301_000)],
    'with an empty signature': ['webhook-signature is malformed', { ...given, 'webhook-signature': '' }],
    'with a signature of nothing': [
      'webhook-signature is malformed',
      { ...given, 'webhook-signature': 'v1,' },
    ],
    'with a signature that is cut': ['no signature fits', { ...given, 'webhook-signature': 'v1,AAAA' }],
    'with a signature that goes on': [
      'webhook-signature is malformed',
      { ...given, 'webhook-signature': `${signature}!` },
    ],
    'with a signature of another scheme': [
      'no signature fits',
      { ...given, 'webhook-signature': signature.replace('v1,', 'v2,') },
    ],
    'with a tab between signatures': [
      'webhook-signature is malformed',
      { ...given, 'webhook-signature': `${signature}\t${signature}` },
    ],
    'with a flood of signatures': [
      'webhook-signature is malformed',
      { ...given, 'webhook-signature': Array(17).fill(signature).join(' ') },
    ],
    'by another secret': ['no signature fits', signed(nowMs, [newSecret()])],
    'with another body': ['no signature fits', signed(nowMs, [secret], `${body} `)],
  };
  for (const [name, [reason, headers]] of Object.entries(wrong)) {
    test(name, async () => {
      const error = await verify(headers).then(
        () => assert.fail('it was taken'),
        (cause: Error & { code: string }) => cause,
      );
      assert.equal(error.code, 'WEBHOOK_SIGNATURE_INVALID');
      assert.equal(error.message, `The webhook is refused: ${reason}.`);
      assert.ok(!error.stack!.includes(secret.slice(6)), 'and says nothing of the secret');
    });
  }

  test('in constant time: every signature with every secret, whichever fits, by what the platform compares with', async (t) => {
    const check = t.mock.method(crypto.subtle, 'verify');
    const keys = [newSecret(), secret, newSecret()];
    const beside = `${signature} ${signature.slice(0, -5)}AAA= ${signature}`;
    await verify({ ...given, 'webhook-signature': beside }, body, keys);
    assert.equal(check.mock.callCount(), 9);
    await assert.rejects(verify({ ...given, 'webhook-signature': 'v1,AAAA v1,BBBB' }, body, keys));
    assert.equal(check.mock.callCount(), 15);
  });

  test('that is signed and no event', async () => {
    const texts: [string | Uint8Array, string][] = [
      ['', 'no JSON'],
      ['{', 'no JSON'],
      ['null', 'no event'],
      ['{}', 'no event'],
      [`\ufeff${body}`, 'no JSON'],
    ];
    for (const [text, reason] of texts)
      await assert.rejects(verify(signed(nowMs, [secret], text as string), text), new RegExp(reason));
  });

  test('whose bytes are not the signed text, though they read like it', async () => {
    const text = JSON.stringify({ type: 'session.ended', data: '\ufffd' });
    const broken = Buffer.from(text);
    const index = broken.indexOf(Buffer.from('\ufffd'));
    const bytes = Buffer.concat([broken.subarray(0, index), Buffer.of(0xff), broken.subarray(index + 3)]);
    await assert.rejects(verify(signed(nowMs, [secret], text), bytes), /no signature fits/);
  });

  test('of a request whose body nobody has read, with a secret of its own or of the environment', async () => {
    const request = (text: BodyInit = body, headers = signed()) =>
      new Request('https://market.example/hooks', { method: 'POST', headers, body: text });
    assert.equal((await verifyWebhook(request(), { secret, now })).type, 'session.ended');
    assert.equal(
      (await verifyWebhook(request(), { secret: [newSecret(), secret], now })).type,
      'session.ended',
    );
    await assert.rejects(verifyWebhook(request(`${body} `), { secret, now }), /no signature fits/);
    await assert.rejects(verifyWebhook(request(), { secret, now: () => nowMs + 301_000 }), /too old/);
    await assert.rejects(
      verifyWebhook(request('x'.repeat(1_048_577)), { secret, now }),
      /longer than any webhook/,
    );
    await assert.rejects(verifyWebhook(request(), { now }), /set MARKETPLACE_WEBHOOK_SECRET/);
    const read = request();
    await read.json();
    await assert.rejects(verifyWebhook(read, { secret, now }), /Mount the route before anything that parses/);
  });

  test('a parsed body and a secret that is none are the programmer’s mistake', async () => {
    await assert.rejects(verify(signed(), JSON.parse(body) as string), TypeError);
    for (const none of ['', 'whsec', 'whsec_', secret.slice(6), `${secret}!`, 'sk_live_abc', []])
      await assert.rejects(verify(signed(), body, none), TypeError);
  });

  test('a tolerance without an end, below zero or that is no number is one too', async () => {
    for (const toleranceSeconds of [Infinity, -1, NaN])
      await assert.rejects(verifyWebhook(body, signed(), secret, { now, toleranceSeconds }), TypeError);
    await verifyWebhook(body, signed(), secret, { now, toleranceSeconds: 0 });
  });
});
