import { expect } from '@open-wc/testing';
import { encodeText, base64url, goodClaims, malformedTokens } from '../protocol/tokens.js';
import { brokenLine, endpoint, FakeWorld, json, startsAt, until, type Answer } from './fake-world.js';
import { checkAndCleanUp, setUp } from './set-up.js';

afterEach(checkAndCleanUp);

type Kind = 'ES256' | 'RS256';
const algorithms = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RS256: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1),
  },
};

interface Keys {
  pair: CryptoKeyPair;
  publicJwk: JsonWebKey & { kid: string };
  privateJwk: JsonWebKey;
}

async function makeKeys(kind: Kind, kid: string): Promise<Keys> {
  const pair = (await crypto.subtle.generateKey(algorithms[kind], true, ['sign', 'verify'])) as CryptoKeyPair;
  const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const members = kind === 'ES256' ? { kty, crv, x, y } : { kty, n, e };
  const privateJwk = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return { pair, publicJwk: { ...members, alg: kind, use: 'sig', kid } as Keys['publicJwk'], privateJwk };
}

const bytesToText = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
const textToBytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

async function signText(key: CryptoKey, kind: Kind, text: string): Promise<string> {
  return bytesToText(await crypto.subtle.sign(algorithms[kind], key, new TextEncoder().encode(text)));
}

/** A token signed by the keys; the header and claims that are given come on top of right ones. */
async function sign(keys: Keys, header: object = {}, claims: object = {}): Promise<string> {
  const kind = keys.publicJwk.alg as Kind;
  const head = { alg: kind, kid: keys.publicJwk.kid, typ: 'JWT', ...header };
  const text = `${encodeText(JSON.stringify(head))}.${encodeText(JSON.stringify({ ...goodClaims, ...claims }))}`;
  return `${text}.${base64url(await signText(keys.pair.privateKey, kind, text))}`;
}

let es: Keys;
let otherEs: Keys;
let rs: Keys;
let setNumber = 0;

before(async () => {
  [es, otherEs, rs] = await Promise.all([
    makeKeys('ES256', 'es-1'),
    makeKeys('ES256', 'es-2'),
    makeKeys('RS256', 'rs-1'),
  ]);
});

/** Each test has a key set of its own, since a page keeps the sets that it has fetched. */
const newSetAddress = () => `https://market.example/${++setNumber}/jwks.json`;

interface Outcome {
  code: string;
  world: FakeWorld;
  jwksRequests: number;
}

/** Starts with a token and a service that says yes to everything. @returns 'ACCEPTED', or the code. */
async function start(
  token: string,
  keys: unknown[] = [es.publicJwk, rs.publicJwk],
  { jwksUri = newSetAddress(), applicationId = 'app-1', world = new FakeWorld() } = {},
): Promise<Outcome> {
  world.backend.keys = keys;
  const { controller } = setUp({ sessionToken: token, jwksUri, applicationId }, world);
  const before = world.requests.length;
  let code = '';
  controller.start().then(
    () => (code = 'ACCEPTED'),
    (error: { code: string }) => (code = error.code),
  );
  await until(() => code !== '');
  const asked = world.requests.slice(before);
  // A token that is about to end is renewed at once.
  for (const { url } of asked.filter(({ url }) => !url.endsWith('/heartbeat'))) {
    expect(url === jwksUri || url === `${endpoint}/sessions/validate`, `asked ${url}`).to.equal(true);
  }
  controller.destroy();
  return { code, world, jwksRequests: asked.filter(({ url }) => url === jwksUri).length };
}

const codeOfStart = async (...args: Parameters<typeof start>) => (await start(...args)).code;

describe('the page verifies the session token itself, where a service says yes to everything', () => {
  it('accepts one that was signed with ES256', async () => {
    expect(await codeOfStart(await sign(es))).to.equal('ACCEPTED');
  });

  it('accepts one that was signed with RS256', async () => {
    expect(await codeOfStart(await sign(rs))).to.equal('ACCEPTED');
  });

  it('asks for the key set without token and cookies, and follows no redirect', async () => {
    const { world } = await start(await sign(es));
    const { headers, init } = world.requests.find(({ url }) => url.endsWith('jwks.json'))!;
    expect(headers.has('Authorization')).to.equal(false);
    expect([init.credentials, init.redirect]).to.deep.equal(['omit', 'error']);
  });

  for (const [shape, [token, code]] of Object.entries(malformedTokens).filter(([, [token]]) => token)) {
    it(`refuses ${shape}: ${code}, and asks nobody`, async () => {
      const { code: told, world } = await start(token);
      expect(told).to.equal(code);
      expect(world.requests).to.have.length(0);
    });
  }
});

describe('an algorithm or key that the token picks', () => {
  it('HS256 with the public key as the secret is refused: PEM, DER, JWK text, raw point', async () => {
    const spki = await crypto.subtle.exportKey('spki', es.pair.publicKey);
    const raw = await crypto.subtle.exportKey('raw', es.pair.publicKey);
    const der = bytesToText(spki);
    const secrets = [
      `-----BEGIN PUBLIC KEY-----\n${btoa(der)}\n-----END PUBLIC KEY-----\n`,
      der,
      JSON.stringify(es.publicJwk),
      bytesToText(raw),
    ];
    for (const secret of secrets) {
      const key = await crypto.subtle.importKey(
        'raw',
        textToBytes(secret),
        { name: 'HMAC', hash: 'SHA-256' },
        false,
        ['sign'],
      );
      const text = `${encodeText(JSON.stringify({ alg: 'HS256', kid: 'es-1' }))}.${encodeText(JSON.stringify(goodClaims))}`;
      const signature = bytesToText(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text)));
      expect(await codeOfStart(`${text}.${base64url(signature)}`)).to.equal('TOKEN_ALGORITHM_REFUSED');
    }
  });

  it('RS256 with the kid of an ES256 key, and the other way round, is refused', async () => {
    expect(await codeOfStart(await sign(rs, { kid: 'es-1' }))).to.equal('TOKEN_ALGORITHM_REFUSED');
    expect(await codeOfStart(await sign(es, { kid: 'rs-1' }))).to.equal('TOKEN_ALGORITHM_REFUSED');
    expect(await codeOfStart(await sign(es, { alg: 'RS256' }))).to.equal('TOKEN_ALGORITHM_REFUSED');
  });

  it("a token signed by the attacker's own key, offered in the header, is refused", async () => {
    for (const header of [
      { jwk: otherEs.publicJwk },
      { jku: 'https://evil.example/jwks.json' },
      { x5u: 'https://evil.example' },
    ]) {
      const { code, world } = await start(await sign(otherEs, { kid: 'es-1', ...header }));
      expect(code).to.equal('TOKEN_HEADER_REFUSED');
      expect(world.requests).to.have.length(0);
    }
  });

  for (const kid of [
    '../../dev/null',
    "' OR 1=1 --",
    'a\0b',
    '__proto__',
    'constructor',
    'length',
    '',
    'ES-1',
    'es-1 ',
    'unknown',
  ]) {
    it(`kid ${JSON.stringify(kid)} names no key: TOKEN_KEY_UNKNOWN`, async () => {
      expect(await codeOfStart(await sign(es, { kid }))).to.equal('TOKEN_KEY_UNKNOWN');
    });
  }

  it('no kid among several keys: TOKEN_KEY_UNKNOWN', async () => {
    expect(await codeOfStart(await sign(es, { kid: undefined }))).to.equal('TOKEN_KEY_UNKNOWN');
  });

  it('a flood of unknown kids asks for the key set once in a while, not each time; a new key is found then', async () => {
    const world = new FakeWorld();
    const jwksUri = newSetAddress();
    const begun = await start(await sign(es), [es.publicJwk], { jwksUri, world });
    expect(begun).to.include({ code: 'ACCEPTED', jwksRequests: 1 });
    let asked = 0;
    for (let round = 0; round < 10; round++) {
      const { code, jwksRequests } = await start(await sign(es, { kid: `flood-${round}` }), [es.publicJwk], {
        jwksUri,
        world,
      });
      expect(code).to.equal('TOKEN_KEY_UNKNOWN');
      asked += jwksRequests;
    }
    expect(asked).to.equal(0);
    // The next key, published meanwhile.
    const rotated = [es.publicJwk, otherEs.publicJwk];
    expect(await codeOfStart(await sign(otherEs), rotated, { jwksUri, world })).to.equal('TOKEN_KEY_UNKNOWN');
    world.serverNow += 30_000;
    expect(await start(await sign(otherEs), rotated, { jwksUri, world })).to.include({
      code: 'ACCEPTED',
      jwksRequests: 1,
    });
  });

  it('a key that was taken back is refused ten minutes later', async () => {
    const world = new FakeWorld();
    const jwksUri = newSetAddress();
    await start(await sign(es), [es.publicJwk], { jwksUri, world });
    expect(await codeOfStart(await sign(es), [rs.publicJwk], { jwksUri, world })).to.equal('ACCEPTED');
    world.serverNow += 600_000;
    expect(await codeOfStart(await sign(es), [rs.publicJwk], { jwksUri, world })).to.equal(
      'TOKEN_KEY_UNKNOWN',
    );
  });
});

describe('a signature that does not match', () => {
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
  const number = (value: bigint) =>
    textToBytes(
      value
        .toString(16)
        .padStart(64, '0')
        .replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16))),
    );
  const withSignature = async (change: (bytes: Uint8Array) => number[] | Uint8Array) => {
    const token = await sign(es);
    const [header, claims, signature] = token.split('.') as [string, string, string];
    const bytes = textToBytes(atob(signature.replaceAll('-', '+').replaceAll('_', '/')));
    return `${header}.${claims}.${base64url(bytesToText(Uint8Array.from(change(bytes)).buffer))}`;
  };
  const shapes: Record<string, (bytes: Uint8Array) => number[] | Uint8Array> = {
    'one bit flipped': (bytes) => bytes.map((byte, index) => (index === 40 ? byte ^ 1 : byte)),
    '63 bytes': (bytes) => bytes.slice(0, 63),
    '65 bytes': (bytes) => [...bytes, 0],
    'one byte': () => [0],
    DER: (bytes) => [0x30, 68, 2, 32, ...bytes.slice(0, 32), 2, 32, ...bytes.slice(32)],
    'r is 0': (bytes) => [...number(0n), ...bytes.slice(32)],
    's is 0': (bytes) => [...bytes.slice(0, 32), ...number(0n)],
    'both are 0': () => [...number(0n), ...number(0n)],
    'r is n': (bytes) => [...number(order), ...bytes.slice(32)],
    's is n': (bytes) => [...bytes.slice(0, 32), ...number(order)],
    'above n': () => [...number(2n ** 256n - 1n), ...number(2n ** 256n - 1n)],
    overlong: (bytes) => [...bytes, ...bytes],
  };
  for (const [shape, change] of Object.entries(shapes)) {
    it(`${shape}: TOKEN_SIGNATURE_INVALID`, async () => {
      expect(await codeOfStart(await withSignature(change))).to.equal('TOKEN_SIGNATURE_INVALID');
    });
  }

  it('unchanged is accepted', async () => {
    expect(await codeOfStart(await withSignature((bytes) => bytes))).to.equal('ACCEPTED');
  });

  it('of another key with the same kid: TOKEN_SIGNATURE_INVALID', async () => {
    expect(await codeOfStart(await sign(otherEs, { kid: 'es-1' }))).to.equal('TOKEN_SIGNATURE_INVALID');
  });

  it('of other claims: TOKEN_SIGNATURE_INVALID', async () => {
    for (const keys of [es, rs]) {
      const [header, , signature] = (await sign(keys)).split('.');
      const claims = encodeText(JSON.stringify({ ...goodClaims, tokens_allocated: 1_000_000 }));
      expect(await codeOfStart(`${header}.${claims}.${signature}`)).to.equal('TOKEN_SIGNATURE_INVALID');
    }
  });
});

describe('claims that are signed, and wrong', () => {
  const now = startsAt / 1000;
  for (const [shape, claims, code] of [
    ['expired', { iat: now - 7200, exp: now - 61 }, 'TOKEN_EXPIRED'],
    ['expired this second, tolerance included', { iat: now - 7200, exp: now - 60 }, 'TOKEN_EXPIRED'],
    ['within the tolerance', { iat: now - 7200, exp: now - 59 }, 'ACCEPTED'],
    ['issued in the future', { iat: now + 61, exp: now + 7200 }, 'TOKEN_NOT_YET_VALID'],
    ['issued within the tolerance', { iat: now + 60 }, 'ACCEPTED'],
    ['not valid before', { nbf: now + 61 }, 'TOKEN_NOT_YET_VALID'],
    ['too long a life', { exp: now + 172_801 }, 'TOKEN_CLAIM_INVALID'],
    ['no life', { exp: now }, 'TOKEN_CLAIM_INVALID'],
    ['another application', { aud: 'app-2' }, 'TOKEN_AUDIENCE_MISMATCH'],
    ['a prefix of the application', { aud: 'app-' }, 'TOKEN_AUDIENCE_MISMATCH'],
    ['another case of the application', { aud: 'APP-1' }, 'TOKEN_AUDIENCE_MISMATCH'],
    ['a trailing slash', { aud: 'app-1/' }, 'TOKEN_AUDIENCE_MISMATCH'],
    ['another session', { jti: 'session-2' }, 'TOKEN_SESSION_MISMATCH'],
  ] as const) {
    it(`${shape}: ${code}`, async () => expect(await codeOfStart(await sign(es, {}, claims))).to.equal(code));
  }

  it("are judged by the service's clock, however wrong the device's is", async () => {
    for (const deviceErrorMs of [-86_400_000, 86_400_000]) {
      const world = new FakeWorld();
      world.deviceErrorMs = deviceErrorMs;
      expect(await codeOfStart(await sign(es), [es.publicJwk], { world })).to.equal('ACCEPTED');
    }
  });

  it('for tokens of another kind: TOKEN_TYPE_REFUSED', async () => {
    for (const typ of ['dpop+jwt', 'at+jwt', 'webhook+jwt', 'handoff+jwt', 'logout+jwt']) {
      expect(await codeOfStart(await sign(es, { typ }))).to.equal('TOKEN_TYPE_REFUSED');
    }
  });
});

describe('a key set that cannot be used', () => {
  const faults: Record<string, [(keys: Keys['publicJwk']) => unknown[], string]> = {
    'as it should be': [(key) => [key], 'ACCEPTED'],
    'with keys of other kinds beside': [
      (key) => [
        key,
        { kty: 'OKP', crv: 'Ed25519', x: 'AA', kid: 'ed' },
        { kty: 'EC', crv: 'P-384', kid: 'p384' },
      ],
      'ACCEPTED',
    ],
    'with several keys that have no kid': [(key) => [key, { kty: 'EC' }, { kty: 'RSA' }], 'ACCEPTED'],
    'with key_ops that hold verify': [(key) => [{ ...key, key_ops: ['verify'] }], 'ACCEPTED'],
    'without use and alg': [(key) => [{ ...key, use: undefined, alg: undefined }], 'ACCEPTED'],
    'of a wrong curve': [(key) => [{ ...key, crv: 'P-384' }], 'KEYS_INVALID'],
    'of no known curve': [(key) => [{ ...key, crv: 'secp256k1' }], 'KEYS_INVALID'],
    'with half a point': [(key) => [{ ...key, y: undefined }], 'KEYS_INVALID'],
    'with a short coordinate': [(key) => [{ ...key, x: 'AA' }], 'KEYS_INVALID'],
    'for encryption': [(key) => [{ ...key, use: 'enc' }], 'KEYS_INVALID'],
    'with key_ops without verify': [(key) => [{ ...key, key_ops: ['sign'] }], 'KEYS_INVALID'],
    'with an algorithm that does not match': [(key) => [{ ...key, alg: 'ES384' }], 'KEYS_INVALID'],
    'with the algorithm of another kind': [(key) => [{ ...key, alg: 'RS256' }], 'KEYS_INVALID'],
    'with one kid twice': [(key) => [key, { ...key, x: key.y, y: key.x }], 'KEYS_INVALID'],
    'with one kid twice, the same key': [(key) => [key, key], 'KEYS_INVALID'],
    'with a private member': [(key) => [{ ...key, d: 'AA' }], 'KEYS_INVALID'],
    'with a private member in another key': [
      (key) => [key, { kty: 'RSA', kid: 'x', d: 'AA' }],
      'KEYS_INVALID',
    ],
    'with a shared secret': [(key) => [key, { kty: 'oct', kid: 'x', k: 'AA' }], 'KEYS_INVALID'],
    'as a shared secret': [() => [{ kty: 'oct', kid: 'es-1', alg: 'HS256', k: 'AA' }], 'KEYS_INVALID'],
    'with null in it': [(key) => [null, key], 'KEYS_INVALID'],
    'with a text in it': [(key) => ['key', key], 'KEYS_INVALID'],
    'with a thousand keys': [
      (key) => [key, ...Array.from({ length: 1000 }, (_, kid) => ({ kty: 'EC', kid: `${kid}` }))],
      'KEYS_INVALID',
    ],
    empty: [() => [], 'TOKEN_KEY_UNKNOWN'],
  };
  for (const [shape, [publish, code]] of Object.entries(faults)) {
    it(`${shape}: ${code}`, async () => {
      expect(await codeOfStart(await sign(es), publish(es.publicJwk))).to.equal(code);
    });
  }

  it('with a point off the curve: refused, by some browsers when the key is read and by others when it is used', async () => {
    const publish = (key: JsonWebKey) => [{ ...key, y: key.x }];
    expect(await codeOfStart(await sign(es), publish(es.publicJwk))).to.be.oneOf([
      'KEYS_INVALID',
      'TOKEN_SIGNATURE_INVALID',
    ]);
  });

  it('of RSA for ES256, and the other way round: refused', async () => {
    expect(await codeOfStart(await sign(es), [{ ...rs.publicJwk, kid: 'es-1' }])).to.equal(
      'TOKEN_ALGORITHM_REFUSED',
    );
    expect(await codeOfStart(await sign(rs), [{ ...es.publicJwk, kid: 'rs-1' }])).to.equal(
      'TOKEN_ALGORITHM_REFUSED',
    );
  });

  const answers: Record<string, [Answer, string]> = {
    'that is not there': [json({}, 404), 'KEYS_UNAVAILABLE'],
    'behind a broken line': [brokenLine(), 'KEYS_UNAVAILABLE'],
    'that is a web page': [new Response('<!doctype html>'), 'KEYS_INVALID'],
    'that is null': [json(null), 'KEYS_INVALID'],
    'that is a list': [json([]), 'KEYS_INVALID'],
    'whose keys are no list': [json({ keys: {} }), 'KEYS_INVALID'],
  };
  for (const [shape, [answer, code]] of Object.entries(answers)) {
    it(`${shape}: ${code}, and the next try asks again`, async () => {
      const jwksUri = newSetAddress();
      const world = new FakeWorld();
      world.answer(jwksUri, answer);
      expect(await codeOfStart(await sign(es), [es.publicJwk], { jwksUri, world })).to.equal(code);
      expect(await codeOfStart(await sign(es), [es.publicJwk], { jwksUri, world })).to.equal('ACCEPTED');
    });
  }

  it('that never comes: KEYS_UNAVAILABLE after ten seconds', async () => {
    const jwksUri = newSetAddress();
    const world = new FakeWorld();
    world.answer(jwksUri, 'never');
    const outcome = codeOfStart(await sign(es), [es.publicJwk], { jwksUri, world });
    await until(() => world.sent('jwks.json').length > 0);
    await world.pass(11);
    expect(await outcome).to.equal('KEYS_UNAVAILABLE');
  });
});
