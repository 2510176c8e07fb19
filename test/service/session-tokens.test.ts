import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { ErrorCode } from '../../src/protocol/error-codes.js';
import { describeOnOneDatabase } from './databases.js';
import { startTestService, type TestApplication, type TestService } from './fixtures.js';
import { TestClock } from './test-clock.js';
import {
  currentKey,
  decode,
  encode,
  orderOfP256,
  signHs256,
  signParts,
  toBigInt,
  toBytes,
  type SigningKey,
} from './token-workshop.js';

type Claims = Record<string, unknown>;

describeOnOneDatabase('Session tokens', (source) => {
  const clock = new TestClock();
  let service: TestService;
  let application: TestApplication;
  let key: SigningKey;
  /** What the service issued, and its parts. */
  let issued: string;
  let header: Claims;
  let claims: Claims;
  let sessionId: string;

  before(async () => {
    service = await startTestService({ database: await source.create(), now: clock.now, timer: clock.timer });
    application = await service.createApplication();
    const made = await service.createSession(application, await service.createCustomer(1000));
    issued = made.session_token;
    sessionId = made.session.id;
    [header, claims] = issued.split('.').slice(0, 2).map(decode) as [Claims, Claims];
    key = await currentKey(service.database);
  });
  after(() => service.close());

  const validate = (token: unknown) =>
    service.call('POST', '/api/v1/sessions/validate', { as: null, body: { session_jwt: token } });
  const sign256 = (otherHeader: unknown = header, payload: unknown = claims) =>
    signParts(key.privateKey, otherHeader, payload);
  const seconds = () => Math.floor(clock.now() / 1000);

  /** Declares one refusal, beside the proof that the token it was made from passes. */
  function refuses(name: string, codes: ErrorCode | ErrorCode[], make: () => string): void {
    test(name, async () => {
      const control = await validate(sign256());
      assert.equal(control.status, 200, 'the control must pass');
      const token = make();
      const answer = await validate(token);
      assert.ok([codes].flat().includes(answer.body.code as ErrorCode), `${String(answer.body.code)}`);
      assert.equal(answer.body.valid, false);
      assert.ok(answer.status >= 400 && answer.status < 500);
      if (answer.status === 401) assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer /);
      const longPart = token.split('.').find((part) => part.length > 20);
      if (longPart)
        assert.ok(!JSON.stringify(answer.body).includes(longPart), 'an error holds nothing of the token');
    });
  }

  test('as issued pass, in the body and as a credential', async () => {
    assert.equal((await validate(issued)).status, 200);
    const answer = await service.call('GET', `/sessions/${sessionId}`, { as: issued });
    assert.equal(answer.status, 200);
    assert.deepEqual(header, { alg: 'ES256', typ: 'session+jwt', kid: key.kid });
    assert.deepEqual(Object.keys(claims).sort(), [
      'aud',
      'dpop_bound',
      'exp',
      'iat',
      'iss',
      'jti',
      'provider_id',
      'return_url',
      'sub',
      'tokens_allocated',
    ]);
    assert.equal(claims.exp, seconds() + 600 + 600 + 900, 'deadline, pause and grace');
  });

  describe('algorithms (1)', () => {
    for (const alg of [
      'none',
      'None',
      'NONE',
      '',
      undefined,
      null,
      ['ES256'],
      256,
      'es256',
      'HS256',
      'RS512',
      'PS256',
    ]) {
      refuses(`alg ${JSON.stringify(alg)}`, 'TOKEN_ALGORITHM_REFUSED', () => sign256({ ...header, alg }));
    }
    for (const alg of ['RS256', 'ES384', 'ES512', 'EdDSA']) {
      refuses(`${alg} with the ES256 key`, 'TOKEN_ALGORITHM_REFUSED', () => sign256({ ...header, alg }));
    }
    refuses(
      'alg none without a signature',
      'TOKEN_MALFORMED',
      () => `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`,
    );
    const secrets: Record<string, () => string | Buffer> = {
      PEM: () => key.publicKey.export({ format: 'pem', type: 'spki' }),
      'PEM without its last line end': () =>
        key.publicKey.export({ format: 'pem', type: 'spki' }).toString().trim(),
      DER: () => key.publicKey.export({ format: 'der', type: 'spki' }),
      'JWK text': () => JSON.stringify(key.publicJwk),
      'raw point': () => rawPoint(),
    };
    for (const [name, secret] of Object.entries(secrets)) {
      for (const alg of ['HS256', 'ES256']) {
        const code =
          alg === 'HS256'
            ? 'TOKEN_ALGORITHM_REFUSED'
            : (['TOKEN_SIGNATURE_INVALID', 'TOKEN_ENCODING_INVALID'] as ErrorCode[]);
        refuses(`HMAC with the public key as ${name}, said to be ${alg}`, code, () =>
          signHs256(secret(), { ...header, alg }, claims),
        );
      }
    }
  });

  describe('keys offered by the token (2)', () => {
    for (const member of ['jwk', 'jku', 'x5u', 'x5c', 'x5t', 'x5t#S256']) {
      refuses(member, 'TOKEN_HEADER_REFUSED', () => {
        const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        const value = member === 'jwk' ? own.publicKey.export({ format: 'jwk' }) : 'http://127.0.0.1:9/keys';
        return signParts(own.privateKey, { ...header, [member]: value }, claims);
      });
    }
    refuses('another key under our name', 'TOKEN_SIGNATURE_INVALID', () =>
      signParts(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, header, claims),
    );
  });

  describe('kid (3)', () => {
    const names = ['../../etc/passwd', "' or 1=1 --", 'a\0b', '__proto__', 'constructor', 'unknown', ''];
    for (const kid of names) {
      refuses(JSON.stringify(kid), 'TOKEN_KEY_UNKNOWN', () => sign256({ ...header, kid }));
    }
    refuses('missing', 'TOKEN_KEY_UNKNOWN', () => sign256({ ...header, kid: undefined }));
    refuses('a number', 'TOKEN_HEADER_REFUSED', () => sign256({ ...header, kid: 1 }));
    refuses('10 kB', ['TOKEN_TOO_LARGE', 'TOKEN_HEADER_REFUSED'], () =>
      sign256({ ...header, kid: 'k'.repeat(10_000) }),
    );
    refuses('300 characters', 'TOKEN_HEADER_REFUSED', () => sign256({ ...header, kid: 'k'.repeat(300) }));

    test('a flood of unknown ones asks the database once', async () => {
      const { kysely } = service.database;
      const count = { queries: 0 };
      const executor = kysely.getExecutor();
      const provide = executor.executeQuery.bind(executor);
      executor.executeQuery = ((query) => {
        if (query.sql.includes('signing_keys')) count.queries++;
        return provide(query);
      }) as typeof executor.executeQuery;
      clock.advance(1);
      await Promise.all(
        Array.from({ length: 50 }, (_, i) => validate(sign256({ ...header, kid: `made-up-${i}` }))),
      );
      executor.executeQuery = provide;
      assert.equal(count.queries, 1);
    });
  });

  describe('header members and nesting (4)', () => {
    for (const crit of [['exp'], [], 'exp', ['b64', 'b64'], ['nothing']]) {
      refuses(`crit ${JSON.stringify(crit)}`, 'TOKEN_HEADER_REFUSED', () => sign256({ ...header, crit }));
    }
    refuses('b64', 'TOKEN_HEADER_REFUSED', () => sign256({ ...header, b64: false, crit: ['b64'] }));
    refuses('zip', 'TOKEN_HEADER_REFUSED', () => sign256({ ...header, zip: 'DEF' }));
    refuses('cty of a nested JWT', 'TOKEN_HEADER_REFUSED', () => sign256({ ...header, cty: 'JWT' }));
    refuses('a token as payload', 'TOKEN_JSON_INVALID', () => sign256(header, issued));
    refuses('five parts', 'TOKEN_MALFORMED', () => `${sign256()}.${encode('a')}.${encode('b')}`);
    refuses('JSON serialisation', ['TOKEN_MALFORMED', 'TOKEN_ENCODING_INVALID'], () => {
      const [protectedHeader, payload, signature] = sign256().split('.');
      return JSON.stringify({ protected: protectedHeader, payload, signature });
    });
  });

  describe('signatures (5)', () => {
    const parts = () => {
      const token = sign256();
      const at = token.lastIndexOf('.') + 1;
      return { text: token.slice(0, at), bytes: Buffer.from(token.slice(at), 'base64url') };
    };
    const withBytes = (change: (bytes: Buffer) => Buffer) => () => {
      const { text, bytes } = parts();
      return text + change(bytes).toString('base64url');
    };
    refuses('empty', 'TOKEN_MALFORMED', () => parts().text);
    refuses(
      '63 bytes',
      'TOKEN_SIGNATURE_INVALID',
      withBytes((bytes) => bytes.subarray(0, 63)),
    );
    refuses(
      '65 bytes',
      'TOKEN_SIGNATURE_INVALID',
      withBytes((bytes) => Buffer.concat([bytes, Buffer.from([0])])),
    );
    refuses('DER', 'TOKEN_SIGNATURE_INVALID', () => {
      const { text } = parts();
      return text + sign('sha256', Buffer.from(text.slice(0, -1)), key.privateKey).toString('base64url');
    });
    const values: Record<string, bigint> = { '0': 0n, n: orderOfP256, 'above n': orderOfP256 + 1n };
    for (const [name, value] of Object.entries(values)) {
      refuses(
        `r of ${name}`,
        'TOKEN_SIGNATURE_INVALID',
        withBytes((bytes) => Buffer.concat([toBytes(value), bytes.subarray(32)])),
      );
      refuses(
        `s of ${name}`,
        'TOKEN_SIGNATURE_INVALID',
        withBytes((bytes) => Buffer.concat([bytes.subarray(0, 32), toBytes(value)])),
      );
    }
    refuses(
      'overlong',
      'TOKEN_SIGNATURE_INVALID',
      withBytes((bytes) =>
        Buffer.concat([Buffer.alloc(1), bytes.subarray(0, 32), Buffer.alloc(1), bytes.subarray(32)]),
      ),
    );
    refuses(
      'one bit changed',
      'TOKEN_SIGNATURE_INVALID',
      withBytes((bytes) => {
        bytes[10]! ^= 1;
        return bytes;
      }),
    );
    refuses('one claim changed', 'TOKEN_SIGNATURE_INVALID', () => {
      const [first, , last] = sign256().split('.');
      return `${first}.${encode({ ...claims, tokens_allocated: 1_000_000 })}.${last}`;
    });

    test('n - s is the same token to every library: sessions are found by jti, never by the text', async () => {
      const twin = withBytes((bytes) =>
        Buffer.concat([bytes.subarray(0, 32), toBytes(orderOfP256 - toBigInt(bytes.subarray(32)))]),
      )();
      assert.equal((await validate(twin)).status, 200);
    });
  });

  describe('text that is not canonical (6)', () => {
    const codes: ErrorCode[] = ['TOKEN_ENCODING_INVALID', 'TOKEN_MALFORMED'];
    const changed: Record<string, (token: string) => string> = {
      'padding =': (token) => `${token}=`,
      'padding ==': (token) => `${token}==`,
      'padding in the header': (token) => token.replace('.', '=.'),
      'a blank at the end': (token) => `${token} `,
      'a blank at the start': (token) => ` ${token}`,
      'a blank in the signature': (token) => `${token.slice(0, -5)} ${token.slice(-5)}`,
      'a tab in the signature': (token) => `${token.slice(0, -5)}\t${token.slice(-5)}`,
      'a line end': (token) => `${token}\n`,
      'CR LF in the payload': (token) => token.replace('.', '.\r\n'),
      'a BOM': (token) => `\uFEFF${token}`,
      'a plus sign': (token) => `${token.slice(0, -4)}+${token.slice(-3)}`,
      'a slash': (token) => `${token.slice(0, -4)}/${token.slice(-3)}`,
      'unused bits': (token) => token.slice(0, -1) + nextLetter(token.at(-1)!),
    };
    for (const [name, change] of Object.entries(changed)) refuses(name, codes, () => change(sign256()));
  });

  describe('structure (7)', () => {
    const parts = () => sign256().split('.');
    const codes: ErrorCode[] = ['TOKEN_MALFORMED', 'TOKEN_ENCODING_INVALID'];
    refuses('one part', codes, () => parts()[0]!);
    refuses('two parts', codes, () => parts().slice(0, 2).join('.'));
    refuses('four parts', codes, () => [...parts(), 'AAAA'].join('.'));
    refuses('a leading dot', codes, () => `.${sign256()}`);
    refuses('a trailing dot', codes, () => `${sign256()}.`);
    refuses('an empty payload', codes, () => parts().with(1, '').join('.'));
    refuses('nothing', codes, () => '');
    refuses('Bearer inside', codes, () => `Bearer ${sign256()}`);
    refuses('more than 8 kB', 'TOKEN_TOO_LARGE', () =>
      sign256(header, { ...claims, more: 'x'.repeat(8000) }),
    );
    refuses('more than the largest body', 'BODY_TOO_LARGE', () => 'x'.repeat(70_000));

    test('an 8 kB token that is right passes', async () => {
      const length = sign256(header, { ...claims, more: '' }).length;
      const token = sign256(header, {
        ...claims,
        more: 'x'.repeat(Math.floor(((8192 - length) * 3) / 4) - 3),
      });
      assert.ok(token.length > 8100 && token.length <= 8192);
      assert.equal((await validate(token)).status, 200);
    });
    for (const wrong of [null, 1, {}, ['a.b.c']]) {
      test(`session_jwt of ${JSON.stringify(wrong)}`, async () => {
        const answer = await validate(wrong);
        assert.equal(answer.body.code, 'REQUEST_INVALID');
        assert.equal(answer.body.valid, false);
      });
    }
  });

  describe('JSON (8)', () => {
    const text = () => JSON.stringify(claims);
    for (const member of ['"exp":99999999999', '"sub":"other"', '"aud":"other"']) {
      refuses(`${member} doubled`, 'TOKEN_JSON_INVALID', () =>
        sign256(header, text().replace(/^\{/, `{${member},`)),
      );
    }
    refuses('alg doubled', 'TOKEN_JSON_INVALID', () =>
      sign256(JSON.stringify(header).replace(/^\{/, '{"alg":"none",')),
    );
    refuses('a member doubled by an escape', 'TOKEN_JSON_INVALID', () =>
      sign256(header, text().replace(/^\{/, '{"e\\u0078p":1,')),
    );
    refuses('__proto__', 'TOKEN_JSON_INVALID', () =>
      sign256(header, text().replace(/^\{/, '{"__proto__":{},')),
    );
    refuses('invalid UTF-8', 'TOKEN_NOT_UTF8', () =>
      sign256(header, Buffer.concat([Buffer.from(text()), Buffer.from([0xff])])),
    );
    refuses('a BOM', 'TOKEN_JSON_INVALID', () => sign256(header, `\uFEFF${text()}`));
    for (const payload of ['[]', '"text"', '1', 'null', 'true', '{', '']) {
      refuses(`payload ${payload || 'empty'}`, ['TOKEN_JSON_INVALID', 'TOKEN_MALFORMED'], () =>
        sign256(header, payload),
      );
    }
    refuses('a depth bomb', 'TOKEN_JSON_INVALID', () =>
      sign256(header, text().replace(/^\{/, `{"deep":${'['.repeat(2000)}${']'.repeat(2000)},`)),
    );
  });

  describe('time (9)', () => {
    const withText = (name: string, value: string) => () =>
      sign256(header, JSON.stringify({ ...claims, [name]: 'VALUE' }).replace('"VALUE"', value));
    const wrong = ['"1999999999"', '1e400', '-1', '0', 'null', 'true', '[]'];
    for (const name of ['exp', 'iat', 'nbf']) {
      for (const value of wrong) refuses(`${name} of ${value}`, 'TOKEN_CLAIM_INVALID', withText(name, value));
      refuses(`${name} with a fraction`, 'TOKEN_CLAIM_INVALID', () =>
        sign256(header, { ...claims, [name]: seconds() + 0.5 }),
      );
      refuses(`${name} in milliseconds`, 'TOKEN_CLAIM_INVALID', () =>
        sign256(header, { ...claims, [name]: clock.now() }),
      );
    }
    refuses('exp of NaN', 'TOKEN_JSON_INVALID', withText('exp', 'NaN'));
    refuses('exp equal to now', 'TOKEN_EXPIRED', () =>
      sign256(header, { ...claims, iat: seconds() - 100, exp: seconds() }),
    );
    refuses('exp before now', 'TOKEN_EXPIRED', () =>
      sign256(header, { ...claims, iat: seconds() - 100, exp: seconds() - 1 }),
    );
    refuses('exp before iat', 'TOKEN_CLAIM_INVALID', () =>
      sign256(header, { ...claims, iat: seconds(), exp: seconds() - 10 }),
    );
    refuses('a life of more than two days', 'TOKEN_CLAIM_INVALID', () =>
      sign256(header, { ...claims, exp: (claims.iat as number) + 172_801 }),
    );
    refuses('iat ahead', 'TOKEN_NOT_YET_VALID', () =>
      sign256(header, { ...claims, iat: seconds() + 6, exp: seconds() + 100 }),
    );
    refuses('nbf ahead', 'TOKEN_NOT_YET_VALID', () => sign256(header, { ...claims, nbf: seconds() + 6 }));
    test('iat and nbf that are five seconds ahead pass: clocks are set while tokens are on their way', async () => {
      const ahead = { iat: seconds() + 5, nbf: seconds() + 5, exp: seconds() + 100 };
      assert.equal((await validate(sign256(header, { ...claims, ...ahead }))).status, 200);
    });
    for (const name of ['exp', 'iat', 'jti', 'sub', 'aud', 'provider_id', 'tokens_allocated']) {
      refuses(`${name} missing`, 'TOKEN_CLAIM_MISSING', () =>
        sign256(header, { ...claims, [name]: undefined }),
      );
    }
  });

  describe('who it is for (10)', () => {
    const issuers = [
      'http://session.test/',
      'http://session.tes',
      'http://session.test.evil',
      'HTTP://session.test',
      undefined,
    ];
    for (const iss of issuers) {
      refuses(`iss ${String(iss)}`, 'TOKEN_ISSUER_MISMATCH', () => sign256(header, { ...claims, iss }));
    }
    for (const aud of [[], ['app'], '', 1]) {
      refuses(`aud ${JSON.stringify(aud)}`, 'TOKEN_CLAIM_INVALID', () => sign256(header, { ...claims, aud }));
    }
    const changes: Record<string, (id: string) => string> = {
      'another one': () => 'other',
      'a prefix of it': (id) => id.slice(0, -1),
      'more than it': (id) => `${id}x`,
      'with a slash': (id) => `${id}/`,
      'in capitals': (id) => id.toUpperCase(),
    };
    for (const [name, change] of Object.entries(changes)) {
      refuses(`aud ${name}`, 'TOKEN_AUDIENCE_MISMATCH', () =>
        sign256(header, { ...claims, aud: change(application.id) }),
      );
      refuses(`sub ${name}`, 'TOKEN_CLAIM_INVALID', () =>
        sign256(header, { ...claims, sub: change(claims.sub as string) }),
      );
      refuses(`jti ${name}`, 'SESSION_NOT_FOUND', () =>
        sign256(header, { ...claims, jti: change(sessionId) }),
      );
    }
    const confirmations = [null, 'x', {}, { jkt: 'x' }, { jkt: 1 }, { jkt: 'a'.repeat(43), jwk: {} }];
    for (const cnf of confirmations) {
      refuses(`cnf ${JSON.stringify(cnf)}`, 'TOKEN_CLAIM_INVALID', () => sign256(header, { ...claims, cnf }));
    }
    for (const dpop_bound of ['true', 1, null]) {
      refuses(`dpop_bound ${JSON.stringify(dpop_bound)}`, 'TOKEN_CLAIM_INVALID', () =>
        sign256(header, { ...claims, dpop_bound }),
      );
    }
    for (const launch_count of ['0', -1, 0.5, null]) {
      refuses(`launch_count ${JSON.stringify(launch_count)}`, 'TOKEN_CLAIM_INVALID', () =>
        sign256(header, { ...claims, launch_count }),
      );
    }
    refuses('a launch that was not', 'TOKEN_SUPERSEDED', () =>
      sign256(header, { ...claims, launch_count: 1 }),
    );
    refuses('sub empty', 'TOKEN_CLAIM_INVALID', () => sign256(header, { ...claims, sub: '' }));
    for (const typ of [
      'JWT',
      'jwt',
      'SESSION+JWT',
      'application/session+jwt',
      'webhook+jwt',
      '',
      undefined,
      1,
    ]) {
      refuses(`typ ${JSON.stringify(typ)}`, 'TOKEN_TYPE_REFUSED', () => sign256({ ...header, typ }));
    }
  });

  function rawPoint(): Buffer {
    const { x, y } = key.publicJwk;
    return Buffer.concat([Buffer.from([4]), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')]);
  }
});

/** The next letter of the base64url alphabet: another text for the same bytes, where the last bits are unused. */
function nextLetter(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(letter) + 1]!;
}
