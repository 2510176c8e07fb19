/** base64url of the bytes that a string stands for, one character a byte. */
export const base64url = (bytes: string): string =>
  btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** base64url of a text as UTF-8. */
export const encodeText = (text: string): string =>
  base64url(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));

/** A signature of the right length that signs nothing. */
export const someSignature = base64url('s'.repeat(64));

export const goodHeader = { alg: 'ES256', kid: 'key-1', typ: 'JWT' };

/** Instants are seconds since the epoch: a session of one hour. */
export const goodClaims = {
  jti: 'session-1',
  sub: 'customer-1',
  provider_id: 'provider-1',
  aud: 'app-1',
  iat: 1_900_000_000,
  exp: 1_900_003_600,
  tokens_allocated: 100,
};

/** A session token of the parts given; an object is written as JSON, a string stands as it is. */
export function makeToken(
  header: object | string = goodHeader,
  claims: object | string = goodClaims,
  signature = someSignature,
): string {
  const part = (value: object | string) =>
    encodeText(typeof value === 'string' ? value : JSON.stringify(value));
  return `${part(header)}.${part(claims)}.${signature}`;
}

/** Session tokens that no check may let pass, each with the code that says why (RFC 7515, 7519, 8725). */
export const malformedTokens: Record<string, [token: string, code: string]> = (() => {
  const header = encodeText(JSON.stringify(goodHeader));
  const claims = encodeText(JSON.stringify(goodClaims));
  const good = makeToken();
  const withHeader = (members: object) => makeToken({ ...goodHeader, ...members });
  const withClaims = (members: object) => makeToken(goodHeader, { ...goodClaims, ...members });
  const claimsText = JSON.stringify(goodClaims);
  const headerText = JSON.stringify(goodHeader);
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  /** The same bytes with one unused bit of the last character set. */
  const withUnusedBit = (part: string) => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    return part.slice(0, -1) + alphabet[alphabet.indexOf(part.at(-1)!) + 1];
  };
  const table: Record<string, [string, string]> = {
    // Algorithm
    ...Object.fromEntries(
      [
        'none',
        'None',
        'NONE',
        'nOnE',
        '',
        'HS256',
        'HS512',
        'RS384',
        'RS512',
        'PS256',
        'ES384',
        'ES512',
        'EdDSA',
        'es256',
        'ES256 ',
      ].map((alg) => [`alg "${alg}"`, [withHeader({ alg }), 'TOKEN_ALGORITHM_REFUSED']]),
    ),
    'alg missing': [makeToken({ kid: 'key-1' }), 'TOKEN_ALGORITHM_REFUSED'],
    'alg null': [withHeader({ alg: null }), 'TOKEN_ALGORITHM_REFUSED'],
    'alg a list': [withHeader({ alg: ['ES256'] }), 'TOKEN_ALGORITHM_REFUSED'],
    'alg a number': [withHeader({ alg: 256 }), 'TOKEN_ALGORITHM_REFUSED'],
    // Keys that the token offers, and members that change how it is read
    ...Object.fromEntries(
      Object.entries({
        jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' },
        jku: 'https://evil.example/jwks.json',
        x5u: 'https://evil.example/cert.pem',
        x5c: ['MIIB'],
        x5t: 'AAAA',
        crit: ['exp'],
        b64: false,
        zip: 'DEF',
        cty: 'JWT',
        enc: 'A256GCM',
      }).map(([name, value]) => [
        `header member ${name}`,
        [withHeader({ [name]: value }), 'TOKEN_HEADER_REFUSED'],
      ]),
    ),
    'crit empty': [withHeader({ crit: [] }), 'TOKEN_HEADER_REFUSED'],
    'crit no list': [withHeader({ crit: 'exp' }), 'TOKEN_HEADER_REFUSED'],
    'crit doubled': [withHeader({ crit: ['exp', 'exp'] }), 'TOKEN_HEADER_REFUSED'],
    'kid a number': [withHeader({ kid: 1 }), 'TOKEN_HEADER_REFUSED'],
    'kid null': [withHeader({ kid: null }), 'TOKEN_HEADER_REFUSED'],
    'kid of 257 characters': [withHeader({ kid: 'k'.repeat(257) }), 'TOKEN_HEADER_REFUSED'],
    'kid of 10 kB': [withHeader({ kid: 'k'.repeat(10_000) }), 'TOKEN_TOO_LARGE'],
    'typ of a DPoP proof': [withHeader({ typ: 'dpop+jwt' }), 'TOKEN_TYPE_REFUSED'],
    'typ of an access token': [withHeader({ typ: 'at+jwt' }), 'TOKEN_TYPE_REFUSED'],
    'typ in another case': [withHeader({ typ: 'jwt' }), 'TOKEN_TYPE_REFUSED'],
    'typ a number': [withHeader({ typ: 1 }), 'TOKEN_TYPE_REFUSED'],
    // Structure
    empty: ['', 'TOKEN_MALFORMED'],
    'one part': [header, 'TOKEN_MALFORMED'],
    'two parts': [`${header}.${claims}`, 'TOKEN_MALFORMED'],
    'four parts': [`${good}.AAAA`, 'TOKEN_MALFORMED'],
    'five parts (JWE)': [`${good}.AAAA.AAAA`, 'TOKEN_MALFORMED'],
    'a leading dot': [`.${claims}.${someSignature}`, 'TOKEN_MALFORMED'],
    'a trailing dot': [`${good}.`, 'TOKEN_MALFORMED'],
    'an empty signature': [`${header}.${claims}.`, 'TOKEN_MALFORMED'],
    'only dots': ['..', 'TOKEN_MALFORMED'],
    'a sentence': ['not a token at all', 'TOKEN_MALFORMED'],
    'Bearer inside': [`Bearer ${good}`, 'TOKEN_ENCODING_INVALID'],
    'JSON serialisation': [
      JSON.stringify({ protected: header, payload: claims, signature: someSignature }),
      'TOKEN_MALFORMED',
    ],
    'more than 8192 characters': [makeToken(goodHeader, goodClaims, 'A'.repeat(8192)), 'TOKEN_TOO_LARGE'],
    // Text that is not canonical
    padding: [`${good}==`, 'TOKEN_ENCODING_INVALID'],
    'a blank before': [` ${good}`, 'TOKEN_ENCODING_INVALID'],
    'a blank after': [`${good} `, 'TOKEN_ENCODING_INVALID'],
    'a tab in the signature': [`${good.slice(0, -4)}\t${good.slice(-4)}`, 'TOKEN_ENCODING_INVALID'],
    'a line end': [`${good}\n`, 'TOKEN_ENCODING_INVALID'],
    'a BOM before': [`\uFEFF${good}`, 'TOKEN_ENCODING_INVALID'],
    'the alphabet of base64 (+)': [makeToken(goodHeader, goodClaims, '+AAA'), 'TOKEN_ENCODING_INVALID'],
    'the alphabet of base64 (/)': [makeToken(goodHeader, goodClaims, '/AAA'), 'TOKEN_ENCODING_INVALID'],
    'unused bits in the signature': [
      makeToken(goodHeader, goodClaims, withUnusedBit(someSignature)),
      'TOKEN_ENCODING_INVALID',
    ],
    'a length that no bytes have': [makeToken(goodHeader, goodClaims, 'AAAAA'), 'TOKEN_ENCODING_INVALID'],
    'letters beyond ASCII': [makeToken(goodHeader, goodClaims, 'ÄÄÄÄ'), 'TOKEN_ENCODING_INVALID'],
    // Text
    'claims not UTF-8': [`${header}.${base64url('{"jti":"\xff\xfe"}')}.${someSignature}`, 'TOKEN_NOT_UTF8'],
    'header not UTF-8': [`${base64url('{"alg":"\xc3\x28"}')}.${claims}.${someSignature}`, 'TOKEN_NOT_UTF8'],
    'overlong UTF-8': [`${header}.${base64url('{"jti":"\xc0\xaf"}')}.${someSignature}`, 'TOKEN_NOT_UTF8'],
    // JSON
    'claims not JSON': [makeToken(goodHeader, 'hello'), 'TOKEN_JSON_INVALID'],
    'a nested JWT': [makeToken(goodHeader, good), 'TOKEN_JSON_INVALID'],
    'claims a list': [makeToken(goodHeader, '[]'), 'TOKEN_JSON_INVALID'],
    'claims null': [makeToken(goodHeader, 'null'), 'TOKEN_JSON_INVALID'],
    'claims a text': [makeToken(goodHeader, '"claims"'), 'TOKEN_JSON_INVALID'],
    'claims a number': [makeToken(goodHeader, '1'), 'TOKEN_JSON_INVALID'],
    'a BOM in the claims': [makeToken(goodHeader, `\uFEFF${claimsText}`), 'TOKEN_JSON_INVALID'],
    'alg twice': [makeToken(`{"alg":"none",${headerText.slice(1)}`), 'TOKEN_JSON_INVALID'],
    'exp twice': [
      makeToken(goodHeader, `${claimsText.slice(0, -1)},"exp":1999999999}`),
      'TOKEN_JSON_INVALID',
    ],
    'sub twice, once escaped': [
      makeToken(goodHeader, `${claimsText.slice(0, -1)},"\\u0073ub":"other"}`),
      'TOKEN_JSON_INVALID',
    ],
    'a member twice in an inner object': [
      makeToken(goodHeader, `${claimsText.slice(0, -1)},"metadata":{"a":1,"a" :2}}`),
      'TOKEN_JSON_INVALID',
    ],
    '__proto__ in the claims': [
      makeToken(goodHeader, `${claimsText.slice(0, -1)},"__proto__":{"jti":"x"}}`),
      'TOKEN_JSON_INVALID',
    ],
    'a depth bomb': [
      makeToken(goodHeader, `${claimsText.slice(0, -1)},"metadata":${deep(1000)}}`),
      'TOKEN_JSON_INVALID',
    ],
    'nine levels': [
      makeToken(goodHeader, `${claimsText.slice(0, -1)},"metadata":${deep(8)}}`),
      'TOKEN_JSON_INVALID',
    ],
    // Claims: times
    ...Object.fromEntries(
      ['exp', 'iat', 'nbf'].flatMap((name) =>
        Object.entries({
          'a string': '1900003600',
          negative: -1,
          zero: 0,
          'a fraction': 1_900_003_600.5,
          'milliseconds for seconds': 1_900_003_600_000,
          null: null,
          'a list': [1_900_003_600],
          true: true,
        }).map(([shape, value]) => [
          `${name} ${shape}`,
          [withClaims({ [name]: value }), 'TOKEN_CLAIM_INVALID'],
        ]),
      ),
    ),
    'exp 1e400': [makeToken(goodHeader, claimsText.replace('1900003600', '1e400')), 'TOKEN_CLAIM_INVALID'],
    'exp NaN': [makeToken(goodHeader, claimsText.replace('1900003600', 'NaN')), 'TOKEN_JSON_INVALID'],
    // Claims: the rest
    ...Object.fromEntries(
      ['jti', 'sub', 'provider_id', 'aud'].flatMap((name) =>
        Object.entries({
          empty: '',
          'a number': 1,
          null: null,
          'a list': ['app-1'],
          'an empty list': [],
        }).map(([shape, value]) => [
          `${name} ${shape}`,
          [withClaims({ [name]: value }), 'TOKEN_CLAIM_INVALID'],
        ]),
      ),
    ),
    ...Object.fromEntries(
      Object.keys(goodClaims).map((name) => [
        `${name} missing`,
        [withClaims({ [name]: undefined }), 'TOKEN_CLAIM_MISSING'],
      ]),
    ),
    'tokens_allocated negative': [withClaims({ tokens_allocated: -1 }), 'TOKEN_CLAIM_INVALID'],
    'tokens_allocated a fraction': [withClaims({ tokens_allocated: 1.5 }), 'TOKEN_CLAIM_INVALID'],
    'tokens_allocated a string': [withClaims({ tokens_allocated: '100' }), 'TOKEN_CLAIM_INVALID'],
    'return_url a number': [withClaims({ return_url: 1 }), 'TOKEN_CLAIM_INVALID'],
    'return_url twice, as a list': [withClaims({ return_url: ['https://a.example'] }), 'TOKEN_CLAIM_INVALID'],
    'iss empty': [withClaims({ iss: '' }), 'TOKEN_CLAIM_INVALID'],
  };
  return table;
})();

/** Session tokens that are unusual, and right. */
export const unusualGoodTokens: Record<string, string> = {
  'as usual': makeToken(),
  'without kid and typ': makeToken({ alg: 'ES256' }),
  'signed with RS256': makeToken({ alg: 'RS256', kid: 'key-1' }, goodClaims, base64url('s'.repeat(256))),
  'of the explicit type': makeToken({ ...goodHeader, typ: 'session+jwt' }),
  'written with blanks': makeToken(goodHeader, JSON.stringify(goodClaims, null, 2)),
  'with letters beyond ASCII': makeToken(goodHeader, { ...goodClaims, sub: 'Zoë 😀 客' }),
  'with escapes': makeToken(goodHeader, { ...goodClaims, sub: 'a "quoted" \\ name {[' }),
  'with claims of its own': makeToken(goodHeader, {
    ...goodClaims,
    metadata: { plan: ['a', { b: 1 }], jti: 'x' },
  }),
  'with all optional claims': makeToken(goodHeader, {
    ...goodClaims,
    nbf: 1_900_000_000,
    iss: 'https://market.example',
    return_url: 'https://market.example/back',
  }),
  'that costs nothing': makeToken(goodHeader, { ...goodClaims, tokens_allocated: 0 }),
  'eight levels deep': makeToken(
    goodHeader,
    `${JSON.stringify(goodClaims).slice(0, -1)},"metadata":${'['.repeat(7)}${']'.repeat(7)}}`,
  ),
};
