import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { CreateSessionAnswer, ExtendAnswer } from '../../src/protocol/api.js';
import type { ErrorCode } from '../../src/protocol/error-codes.js';
import type { ServiceContext } from '../../src/service/foundation/context.js';
import { SeenProofs } from '../../src/service/features/sessions/proof/seen-proofs.js';
import { describeOnOneDatabase } from './databases.js';
import {
  expectOk,
  startTestService,
  until,
  type Answer,
  type Json,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { TestBrowser, sha256, type ProofChanges } from './test-browser.js';
import { TestClock } from './test-clock.js';
import { decode, encode, signHs256 } from './token-workshop.js';

describeOnOneDatabase('Proof of possession', (source) => {
  const clock = new TestClock();
  let service: TestService;
  let preferred: TestApplication;
  let required: TestApplication;
  let userId: string;
  before(async () => {
    service = await startTestService({ database: await source.create(), now: clock.now, timer: clock.timer });
    preferred = await service.createApplication();
    required = await service.createApplication({ proof_of_possession: 'required' });
    userId = await service.createCustomer(1_000_000);
  });
  after(() => service.close());

  const buy = (application = preferred) =>
    service.createSession(application, userId, { duration_seconds: 3600 });
  const browser = () => new TestBrowser(service, clock.now);
  const claimsOf = (token: string) => decode(token.split('.')[1]!);
  const validate = (token: string) =>
    service.call('POST', '/sessions/validate', { as: null, body: { session_jwt: token } });

  function assertRefused(answer: Answer<Json>, code: ErrorCode, challenge = /^DPoP .*algs="ES256"$/): void {
    assert.equal(answer.body.code, code, String(answer.body.detail));
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('www-authenticate') ?? '', challenge);
  }

  /** A session that is bound to a browser. */
  async function bound(application = preferred) {
    const sold = await buy(application);
    const own = browser();
    expectOk(await own.validate(sold.session_token));
    return {
      own,
      token: sold.session_token,
      path: `/api/v1/sessions/${sold.session.id}`,
      id: sold.session.id,
    };
  }

  describe('settings', () => {
    test('an application prefers it unless told otherwise, and may change its mind', async () => {
      const path = `/applications/${preferred.id}`;
      assert.equal((await service.call('GET', path)).body.proof_of_possession, 'preferred');
      for (const proof_of_possession of ['off', 'required', 'preferred']) {
        const { body } = await service.call('PATCH', path, { body: { proof_of_possession } });
        assert.equal(body.proof_of_possession, proof_of_possession);
      }
      const wrong = await service.call('PATCH', path, { body: { proof_of_possession: 'always' } });
      assert.equal(wrong.body.code, 'REQUEST_INVALID');
    });

    test('off: the session token says nothing of it, and a proof changes nothing', async () => {
      const off = await service.createApplication({ proof_of_possession: 'off' });
      const { session_token: token, session } = await buy(off);
      assert.equal('dpop_bound' in claimsOf(token), false);
      expectOk(await browser().validate(token));
      expectOk(await validate(token));
      expectOk(await service.call('GET', `/sessions/${session.id}`, { as: token }));
    });

    test('preferred: a first validation without proof leaves the session unbound for good', async () => {
      const { session_token: token, session } = await buy();
      assert.equal(claimsOf(token).dpop_bound, true);
      expectOk(await validate(token));
      expectOk(await browser().validate(token));
      expectOk(await validate(token));
      const path = `/api/v1/sessions/${session.id}`;
      expectOk(await service.call('GET', path, { as: token }));
      expectOk(await browser().call('GET', path, token));
      const extended = expectOk(
        await service.call<ExtendAnswer>('POST', `${path}/extend`, {
          as: token,
          body: { additional_seconds: 900 },
          headers: { 'Idempotency-Key': 'more' },
        }),
      );
      assert.equal('dpop_bound' in claimsOf(extended.session_token), false);
    });

    test('required: nothing goes without a proof, before the first validation either', async () => {
      const { session_token: token, session } = await buy(required);
      assertRefused(await validate(token), 'PROOF_REQUIRED', /^DPoP algs="ES256"$/);
      const path = `/api/v1/sessions/${session.id}`;
      assertRefused(await service.call('GET', path, { as: token }), 'PROOF_REQUIRED');
      assertRefused(
        await service.call('POST', '/sessions/validate', { as: token, body: { jti: session.id } }),
        'PROOF_REQUIRED',
      );
      expectOk(await browser().validate(token));
    });

    test('a refused proof at the first validation decides nothing', async () => {
      const { session_token: token } = await buy();
      assertRefused(await browser().validate(token, { claims: { htm: 'GET' } }), 'PROOF_INVALID');
      const own = browser();
      expectOk(await own.validate(token));
      assertRefused(await validate(token), 'PROOF_REQUIRED');
    });
  });

  describe('a bound session', () => {
    test('answers each call of its own browser, and tokens issued since name the key', async () => {
      const { own, token, path, id } = await bound();
      expectOk(await own.call('GET', path, token));
      expectOk(await own.call('GET', path.replace('/api/v1', ''), token));
      expectOk(await own.call('POST', `${path}/heartbeat`, token, { body: { timestamp: 0, active: true } }));
      expectOk(await own.call('POST', `${path}/pause`, token));
      expectOk(await own.call('POST', `${path}/resume`, token));
      expectOk(await own.call('POST', '/api/v1/sessions/validate', token, { body: { jti: id } }));
      const { session_token: later } = expectOk(
        await own.call<ExtendAnswer>('POST', `${path}/extend`, token, {
          body: { additional_seconds: 900 },
          headers: { 'Idempotency-Key': 'more' },
        }),
      );
      assert.deepEqual(claimsOf(later).cnf, { jkt: own.thumbprint });
      assert.equal(claimsOf(later).dpop_bound, true);
      expectOk(await own.call('GET', `${path}/extensions`, later));
      expectOk(await own.validate(later));
      expectOk(await own.call('POST', `${path}/complete`, later));
      expectOk(await own.call('GET', path, later));
    });

    test('is refused to the bearer of its token, on every route', async () => {
      const { own, token: as, path, id } = await bound();
      const answers = [
        await validate(as),
        await service.call('POST', '/sessions/validate', { as, body: { jti: id } }),
        await service.call('GET', path, { as }),
        await service.call('GET', `${path}/extensions`, { as }),
        await service.call('GET', `${path}/events`, { as }),
        await service.call('POST', `${path}/heartbeat`, { as, body: { timestamp: 0, active: true } }),
        await service.call('POST', `${path}/extend`, { as, body: { additional_seconds: 900 } }),
        await service.call('PUT', `${path}/renew`, { as, body: { additional_minutes: 15 } }),
        await service.call('POST', '/sessions/extend', {
          as,
          body: { session_id: id, additional_minutes: 15 },
        }),
      ];
      for (const action of ['pause', 'resume', 'end', 'complete'])
        answers.push(await service.call('POST', `${path}/${action}`, { as }));
      const proof = own.proof('GET', path, as);
      answers.push(await service.call('GET', path, { as, headers: { DPoP: proof } }));
      answers.push(await service.call('GET', path, { as: null, headers: { Authorization: `DPoP ${as}` } }));
      for (const answer of answers) {
        assertRefused(answer, 'PROOF_REQUIRED');
        assert.ok(!JSON.stringify(answer.body).includes(as.slice(0, 60)), 'the token is in the error');
      }
      assert.equal(answers[0]!.body.valid, false);
    });

    test('is refused to another browser that has its token', async () => {
      const { token, path } = await bound();
      const thief = browser();
      assertRefused(await thief.validate(token), 'SESSION_BOUND_ELSEWHERE');
      assertRefused(await thief.call('GET', path, token), 'SESSION_BOUND_ELSEWHERE');
      assertRefused(await thief.call('POST', `${path}/end`, token), 'SESSION_BOUND_ELSEWHERE');
    });

    test('never asks a server for a proof', async () => {
      const { path, id } = await bound(required);
      const as = required.secretKey;
      expectOk(await service.call('GET', path, { as }));
      expectOk(await service.call('POST', '/sessions/validate', { as, body: { jti: id } }));
      const asProof = await service.call('GET', path, {
        as: null,
        headers: { Authorization: `DPoP ${as}` },
      });
      assert.equal(asProof.body.code, 'CREDENTIAL_INVALID', 'a secret key is a bearer token');
    });

    test('is bound by one of many first validations that come at once', async () => {
      for (const application of [preferred, required]) {
        const { session_token: token, session } = await buy(application);
        const browsers = Array.from({ length: 8 }, browser);
        const answers = await Promise.all(browsers.map((one) => one.validate(token)));
        const winners = browsers.filter((_, i) => answers[i]!.status === 200);
        assert.equal(winners.length, 1);
        for (const answer of answers.filter(({ status }) => status !== 200))
          assertRefused(answer, 'SESSION_BOUND_ELSEWHERE');
        const path = `/api/v1/sessions/${session.id}`;
        expectOk(await winners[0]!.call('GET', path, token));
      }
    });
  });

  describe('a launch', () => {
    const launch = (id: string, headers?: Record<string, string>) =>
      service.call<CreateSessionAnswer>('POST', `/sessions/${id}/launch`, {
        as: preferred.secretKey,
        ...(headers && { headers }),
      });

    test('binds the session anew, and refuses the session tokens of before', async () => {
      const { own, token: before, path, id } = await bound();
      const { session_token: token } = expectOk(await launch(id));
      assert.equal('cnf' in claimsOf(token), false);
      const next = browser();
      expectOk(await next.validate(token));
      expectOk(await next.call('GET', path, token));
      assertRefused(await own.validate(token), 'SESSION_BOUND_ELSEWHERE');
      for (const answer of [
        await own.call('GET', path, before),
        await own.validate(before),
        await validate(before),
      ])
        assertRefused(answer, 'TOKEN_SUPERSEDED', /^Bearer /);
    });

    test('asked for twice with one key is one launch', async () => {
      const { id } = await bound();
      const key = { 'Idempotency-Key': 'again' };
      const first = expectOk(await launch(id, key)).session_token;
      const second = expectOk(await launch(id, key)).session_token;
      const own = browser();
      expectOk(await own.validate(first));
      expectOk(await own.validate(second));
    });

    test('of an ended session is refused and changes nothing', async () => {
      const { own, token, path, id } = await bound();
      expectOk(await own.call('POST', `${path}/end`, token));
      assert.equal((await launch(id)).body.session, undefined);
      expectOk(await own.call('GET', path, token));
    });
  });

  describe('a proof (12)', () => {
    let own: TestBrowser;
    let token: string;
    let path: string;
    before(async () => ({ own, token, path } = await bound()));

    const get = (proof: string) => own.call('GET', path, token, { proof });
    const made = (changes: ProofChanges = {}) => own.proof('GET', path, token, changes);

    function refuses(name: string, make: () => string, code: ErrorCode = 'PROOF_INVALID'): void {
      test(name, async () => {
        expectOk(await get(made()));
        const proof = make();
        const answer = await get(proof);
        assertRefused(answer, code);
        if (code.startsWith('PROOF_'))
          assert.equal(answer.body.server_time, clock.now(), 'a page corrects its clock by it');
        const text = JSON.stringify(answer.body);
        const longPart = proof.split('.').find((part) => part.length > 20) ?? proof;
        assert.ok(!longPart || !text.includes(longPart), 'an error holds nothing of the proof');
        assert.ok(!text.includes(token.slice(0, 60)), 'nor of the token');
      });
    }

    describe('is accepted', () => {
      const right: Record<string, () => ProofChanges> = {
        'with query and fragment in its address': () => ({
          claims: { htu: `http://session.test${path}?a=1#b` },
        }),
        'for the path without /api/v1': () => ({
          claims: { htu: `http://session.test${path.replace('/api/v1', '')}` },
        }),
        'with scheme and host in capitals, and the port': () => ({
          claims: { htu: `HTTP://SESSION.TEST:80${path}` },
        }),
        '300 s old': () => ({ claims: { iat: clock.now() / 1000 - 300 } }),
        '60 s ahead': () => ({ claims: { iat: clock.now() / 1000 + 60 } }),
        'with a jti of 255 characters': () => ({ claims: { jti: crypto.randomUUID().padEnd(255, 'x') } }),
        'with what a browser exports beside the point': () => ({
          header: { jwk: { ...own.jwk, ext: true, key_ops: ['verify'], alg: 'ES256', use: 'sig' } },
        }),
        'with claims that nobody asked for': () => ({ claims: { nonce: 'n', more: [1] } }),
      };
      for (const [name, changes] of Object.entries(right))
        test(name, async () => void expectOk(await get(made(changes()))));
    });

    test('is accepted once, also when many come together', async () => {
      const proof = made();
      expectOk(await get(proof));
      assertRefused(await get(proof), 'PROOF_REPLAYED');
      const other = made();
      const answers = await Promise.all(Array.from({ length: 20 }, () => get(other)));
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      const twin = { claims: { jti: 'the same' } };
      expectOk(await get(made(twin)));
      assertRefused(await get(made(twin)), 'PROOF_REPLAYED');
    });

    test('is accepted once where both uses are written down in one statement', async () => {
      const { kysely } = service.database;
      const seen = new SeenProofs({ kysely, now: clock.now } as ServiceContext);
      const claim = (id: string) => seen.claim({ id, thumbprint: '', expiresAt: clock.now() + 1000 });
      // The first one is written alone; what comes meanwhile goes together.
      const answers = await Promise.all(['first', 'twice', 'twice', 'once', 'first'].map(claim));
      assert.deepEqual(answers, [true, true, false, true, false]);
    });

    test('of another browser may have the same jti', async () => {
      const two = await bound();
      const twin = { claims: { jti: 'shared by two' } };
      expectOk(await get(made(twin)));
      const proof = two.own.proof('GET', two.path, two.token, twin);
      expectOk(await two.own.call('GET', two.path, two.token, { proof }));
    });

    describe('is refused', () => {
      const now = () => clock.now() / 1000;
      const withClaims = (claims: Json) => () => made({ claims });
      const withHeader = (header: Json) => () => made({ header });
      const withKey = (members: Json) => () => made({ header: { jwk: { ...own.jwk, ...members } } });

      describe('for another request', () => {
        for (const htm of ['POST', 'get', 'GET ', '', undefined, null, 1, ['GET']])
          refuses(`htm ${JSON.stringify(htm)}`, withClaims({ htm }));
        const addresses: Record<string, (right: string) => unknown> = {
          'another path': (right) => `${right}/extensions`,
          'another session': (right) => right.replace(/[^/]+$/, crypto.randomUUID()),
          'a slash at the end': (right) => `${right}/`,
          'a doubled slash': (right) => right.replace('/api', '//api'),
          'the prefix twice': (right) => right.replace('/api/v1', '/api/v1/api/v1'),
          'another host': (right) => right.replace('session.test', 'evil.test'),
          'another port': (right) => right.replace('session.test', 'session.test:8080'),
          'another scheme': (right) => right.replace('http:', 'https:'),
          'a host that only starts so': (right) => right.replace('session.test', 'session.test.evil'),
          'user info': (right) => right.replace('//', '//session.test@'),
          'a path alone': () => path,
          'a slash encoded': (right) => right.replace('/sessions/', '/sessions%2f'),
          nothing: () => '',
          'no text': () => 1,
          'none at all': () => undefined,
        };
        for (const [name, change] of Object.entries(addresses))
          refuses(`htu with ${name}`, () => made({ claims: { htu: change(`http://session.test${path}`) } }));
      });

      describe('for its time', () => {
        refuses('301 s old', () => made({ claims: { iat: now() - 301 } }));
        refuses('61 s ahead', () => made({ claims: { iat: now() + 61 } }));
        refuses('in milliseconds', () => made({ claims: { iat: clock.now() } }));
        refuses('with a fraction', () => made({ claims: { iat: now() - 0.5 } }));
        for (const iat of [undefined, null, '1', 0, -1, true, []])
          refuses(`iat ${JSON.stringify(iat)}`, withClaims({ iat }));
        refuses('iat of 1e400', () => signText('"iat":0', '"iat":1e400', { iat: 0 }));
      });

      describe('for its session token', () => {
        for (const ath of [undefined, null, '', 1])
          refuses(`ath ${JSON.stringify(ath)}`, withClaims({ ath }));
        refuses('ath of another session token', () => made({ claims: { ath: sha256(`${token}x`) } }));
        refuses('ath in hexadecimal', () =>
          made({ claims: { ath: Buffer.from(sha256(token), 'base64url').toString('hex') } }),
        );
        refuses('ath with padding', () => made({ claims: { ath: `${sha256(token)}=` } }));
      });

      describe('for its id', () => {
        for (const jti of [undefined, null, '', 1, ['a'], 'x'.repeat(256)])
          refuses(`jti ${JSON.stringify(jti)?.slice(0, 20)}`, withClaims({ jti }));
      });

      describe('for its header', () => {
        for (const typ of [
          undefined,
          null,
          '',
          'JWT',
          'jwt',
          'DPOP+JWT',
          'application/dpop+jwt',
          'session+jwt',
        ])
          refuses(`typ ${JSON.stringify(typ)}`, withHeader({ typ }));
        for (const alg of [
          undefined,
          null,
          '',
          'none',
          'None',
          'HS256',
          'RS256',
          'PS256',
          'ES384',
          'EdDSA',
          ['ES256'],
        ])
          refuses(`alg ${JSON.stringify(alg)}`, withHeader({ alg }));
        refuses('alg none without a signature', () => {
          const [, claims] = made().split('.');
          return `${encode({ typ: 'dpop+jwt', alg: 'none', jwk: own.jwk })}.${claims}.`;
        });
        refuses('HMAC with the public key', () => {
          const [, claims] = made().split('.');
          return signHs256(
            JSON.stringify(own.jwk),
            { typ: 'dpop+jwt', alg: 'HS256', jwk: own.jwk },
            decode(claims!),
          );
        });
        for (const member of ['kid', 'jku', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'cty'])
          refuses(`the member ${member}`, withHeader({ [member]: 'x' }));
      });

      describe('for its key', () => {
        for (const jwk of [undefined, null, 'x', [], {}])
          refuses(JSON.stringify(jwk) ?? 'none', withHeader({ jwk }));
        refuses('private', () => made({ header: { jwk: own.keys.privateKey.export({ format: 'jwk' }) } }));
        for (const member of ['d', 'p', 'k', 'oth', 'x5c', 'x5u'])
          refuses(`with the member ${member}`, withKey({ [member]: 'AA' }));
        refuses('use enc', withKey({ use: 'enc' }));
        refuses('key_ops without verify', withKey({ key_ops: ['sign'] }));
        refuses('alg of another kind', withKey({ alg: 'ES384' }));
        refuses('on another curve', () => {
          const other = generateKeyPairSync('ec', { namedCurve: 'P-384' });
          return made({ header: { jwk: other.publicKey.export({ format: 'jwk' }) } });
        });
        refuses('RSA', () => {
          const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
          return made({ header: { jwk: other.publicKey.export({ format: 'jwk' }) } });
        });
        refuses('a point off the curve', withKey({ y: Buffer.alloc(32, 7).toString('base64url') }));
        refuses('the point zero', withKey({ x: 'A'.repeat(43), y: 'A'.repeat(43) }));
        refuses('a coordinate of 31 bytes', withKey({ x: Buffer.alloc(31, 1).toString('base64url') }));
        refuses('a coordinate with padding', () =>
          made({ header: { jwk: { ...own.jwk, x: `${own.jwk.x}=` } } }),
        );
        refuses('a coordinate with unused bits', () =>
          made({ header: { jwk: { ...own.jwk, x: withUnusedBit(own.jwk.x!) } } }),
        );
        refuses('another one than it is signed with', () =>
          made({ key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }),
        );
        refuses(
          'another browser’s, all of it right',
          () => browser().proof('GET', path, token),
          'SESSION_BOUND_ELSEWHERE',
        );
      });

      describe('for text that is not canonical', () => {
        const changed: Record<string, (proof: string) => string> = {
          empty: () => 'x',
          'padding =': (proof) => `${proof}=`,
          'a blank inside': (proof) => `${proof.slice(0, -5)} ${proof.slice(-5)}`,
          'a tab inside': (proof) => `${proof.slice(0, -5)}\t${proof.slice(-5)}`,
          'a plus sign': (proof) => `${proof.slice(0, -4)}+${proof.slice(-3)}`,
          'unused bits': (proof) => withUnusedBit(proof),
          'two parts': (proof) => proof.slice(0, proof.lastIndexOf('.')),
          'four parts': (proof) => `${proof}.AAAA`,
          'two proofs in one header': (proof) => `${proof}, ${made()}`,
          'a signature of 63 bytes': (proof) => proof.slice(0, -2) + 'A',
          'more than 4 kB': () => made({ claims: { more: 'x'.repeat(4000) } }),
          'one claim changed': (proof) =>
            proof
              .split('.')
              .with(1, encode({ ...decode(proof.split('.')[1]!), jti: 'other' }))
              .join('.'),
        };
        for (const [name, change] of Object.entries(changed)) refuses(name, () => change(made()));
        refuses('a member doubled', () => signText('{"jti"', '{"htm":"POST","jti"'));
        refuses('__proto__', () => signText('{"jti"', '{"__proto__":{},"jti"'));
      });

      /** A proof whose claims are changed as text. */
      function signText(from: string, to: string, claims: Json = {}): string {
        const text = JSON.stringify({ ...decode(made().split('.')[1]!), ...claims });
        assert.ok(text.includes(from), from);
        return own.sign(text.replace(from, to));
      }
    });
  });

  test('Proofs are forgotten once they would be refused for their age', async () => {
    const { own, token, path } = await bound();
    const proof = own.proof('GET', path, token);
    expectOk(await own.call('GET', path, token, { proof }));
    const seen = () => service.database.kysely.selectFrom('seen_proofs').select('id').execute();
    const before = await seen();
    clock.advance(400);
    expectOk(await own.call('GET', path, token));
    expectOk(await own.call('GET', path, token));
    await until(async () => (await seen()).length === 2);
    const left = await seen();
    assert.ok(!left.some(({ id }) => before.some((row) => row.id === id)), 'an old one is still there');
    assertRefused(await own.call('GET', path, token, { proof }), 'PROOF_INVALID');
  });

  test('A page may send its proof across origins, and read why it was refused', async () => {
    const preflight = await service.call('OPTIONS', '/api/v1/sessions/validate', {
      as: null,
      headers: { Origin: 'https://app.example' },
    });
    const allowed = preflight.headers.get('access-control-allow-headers')!.split(', ');
    for (const name of ['Authorization', 'DPoP', 'Last-Event-ID']) assert.ok(allowed.includes(name), name);
    const { token, path } = await bound();
    const refused = await service.call('GET', path, {
      as: token,
      headers: { Origin: 'https://app.example' },
    });
    assertRefused(refused, 'PROOF_REQUIRED');
    assert.match(refused.headers.get('access-control-expose-headers')!, /WWW-Authenticate/);
    assert.match(refused.headers.get('access-control-expose-headers')!, /Date/);
  });
});

describeOnOneDatabase('Two services on one database', (source) => {
  // An embedded database belongs to one process.
  if (source.kind === 'PGlite') return;

  test('bind a session once, and accept a proof once between them', async () => {
    const database = await source.create();
    const services = await Promise.all([1, 2].map(() => startTestService({ database })));
    try {
      const [one, two] = services as [TestService, TestService];
      const application = await one.createApplication({ proof_of_possession: 'required' });
      const userId = await one.createCustomer(100_000);
      for (let round = 0; round < 5; round++) {
        const { session, session_token: token } = await one.createSession(application, userId);
        const browsers = Array.from({ length: 6 }, (_, i) => new TestBrowser(services[i % 2]!));
        const answers = await Promise.all(browsers.map((browser) => browser.validate(token)));
        const won = browsers.filter((_, i) => answers[i]!.status === 200);
        assert.equal(won.length, 1);
        const path = `/api/v1/sessions/${session.id}`;
        const proof = won[0]!.proof('GET', path, token);
        const headers = { Authorization: `DPoP ${token}`, DPoP: proof };
        const uses = await Promise.all(
          [one, two, one, two].map((service) => service.call('GET', path, { as: null, headers })),
        );
        assert.equal(uses.filter(({ status }) => status === 200).length, 1);
        assert.equal(uses.filter(({ body }) => body.code === 'PROOF_REPLAYED').length, 3);
      }
      const many = await sessionsOf(one, 12);
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => many)
          .flat()
          .map(({ browser, path, token }) => browser.call('GET', path, token)),
      );
      assert.ok(
        answers.every(({ status }) => status === 200),
        'one was refused',
      );

      async function sessionsOf(service: TestService, count: number) {
        return Promise.all(
          Array.from({ length: count }, async (_, i) => {
            const { session, session_token: token } = await service.createSession(application, userId);
            const browser = new TestBrowser(services[i % 2]!);
            expectOk(await browser.validate(token));
            return { browser, token, path: `/api/v1/sessions/${session.id}` };
          }),
        );
      }
    } finally {
      await Promise.all(services.map((service) => service.close()));
    }
  });
});

describe('Proofs for a service below a path', () => {
  test('name its public address', async () => {
    const service = await startTestService({ publicUrl: 'http://session.test/time/' });
    try {
      const application = await service.createApplication({ proof_of_possession: 'required' });
      const sold = await service.createSession(application, await service.createCustomer(1000));
      const own = new TestBrowser(service);
      const refused = await own.validate(sold.session_token);
      assert.equal(refused.body.code, 'PROOF_INVALID');
      const htu = 'http://session.test/time/sessions/validate';
      expectOk(await own.validate(sold.session_token, { claims: { htu } }));
    } finally {
      await service.close();
    }
  });
});

/** The same bytes in another spelling: one unused bit of the last character set. */
function withUnusedBit(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) + 1];
}
