import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { errorCodes } from '../../src/protocol/error-codes.js';
import { SessionError } from '../../src/protocol/errors.js';
import { parseSessionToken } from '../../src/protocol/session-token.js';
import {
  encodeText,
  goodClaims,
  goodHeader,
  makeToken,
  malformedTokens,
  unusualGoodTokens,
} from './tokens.js';

function refusalOf(token: string): SessionError | undefined {
  try {
    parseSessionToken(token);
  } catch (error) {
    assert(error instanceof SessionError, `threw ${String(error)}`);
    return error;
  }
  return undefined;
}

describe('a session token that is right', () => {
  for (const [shape, token] of Object.entries(unusualGoodTokens)) {
    it(`${shape} is read`, () => assert.equal(refusalOf(token)?.code, undefined));
  }

  it('gives its header and claims, letters beyond ASCII included', () => {
    const claims = { ...goodClaims, sub: 'Zoë 😀 客' };
    assert.deepEqual(parseSessionToken(makeToken(goodHeader, claims)), { header: goodHeader, claims });
  });

  it('may have exactly 8192 characters', () => {
    const token = makeToken();
    const longest = token + 'A'.repeat(8192 - token.length);
    assert.equal(longest.length, 8192);
    assert.notEqual(refusalOf(longest)?.code, 'TOKEN_TOO_LARGE');
    assert.equal(refusalOf(`${longest}A`)?.code, 'TOKEN_TOO_LARGE');
  });
});

describe('a session token that is malformed', () => {
  for (const [shape, [token, code]] of Object.entries(malformedTokens)) {
    it(`${shape}: ${code}`, () => {
      const error = refusalOf(token);
      assert.equal(error?.code, code);
      // The error tells the code, and nothing of the token.
      for (const part of token.split('.').filter((part) => part.length > 8)) {
        assert(!`${error.message} ${error.stack}`.includes(part));
      }
    });
  }

  it('unused bits in header or claims are refused, however many characters they have', () => {
    for (const padding of ['', 'a', 'ab']) {
      const claims = { ...goodClaims, sub: `c${padding}` };
      const [head, body, signature] = makeToken(goodHeader, claims).split('.') as [string, string, string];
      if (body.length % 4 === 0) continue;
      const last = String.fromCharCode(body.charCodeAt(body.length - 1) + 1);
      assert.equal(
        refusalOf(`${head}.${body.slice(0, -1)}${last}.${signature}`)?.code,
        'TOKEN_ENCODING_INVALID',
      );
    }
  });

  it('100 MB are refused before they are looked at', () => {
    const huge = 'a.'.repeat(50_000_000);
    const startedAt = performance.now();
    assert.equal(refusalOf(huge)?.code, 'TOKEN_TOO_LARGE');
    assert(performance.now() - startedAt < 100);
  });

  it('what is no text at all is refused too', () => {
    for (const value of [undefined, null, 1, {}, ['a.b.c']]) {
      assert.equal(refusalOf(value as unknown as string)?.code, 'TOKEN_MALFORMED');
    }
  });
});

describe('any text as a session token', () => {
  const anyJson = fc.json({ maxDepth: 3 });
  const mutated = fc
    .tuple(fc.nat(), fc.string({ unit: 'binary', maxLength: 3 }), fc.nat(3))
    .map(([position, insert, cut]) => {
      const token = makeToken();
      const at = position % token.length;
      return token.slice(0, at) + insert + token.slice(at + cut);
    });
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.tuple(anyJson, anyJson).map(([header, claims]) => `${encodeText(header)}.${encodeText(claims)}.AAAA`),
    anyJson.map((claims) => makeToken(goodHeader, claims)),
    fc
      .dictionary(fc.constantFrom('alg', 'kid', 'typ', 'crit'), fc.jsonValue())
      .map((header) => makeToken(header)),
    fc
      .dictionary(fc.constantFrom(...Object.keys(goodClaims), 'nbf', 'iss'), fc.jsonValue())
      .map((claims) => makeToken(goodHeader, { ...goodClaims, ...claims })),
    mutated,
  );

  it('is read or refused with a code of the table, and nothing else happens', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const code = refusalOf(text)?.code;
        assert(code === undefined || code in errorCodes);
      }),
      { numRuns: 2000 },
    );
  });

  it('is canonical where it is read: decoded and encoded again it is the same text', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(mutated, fc.constantFrom(...Object.values(unusualGoodTokens))), (text) => {
        if (refusalOf(text)) return;
        read += 1;
        assert.equal(
          text
            .split('.')
            .map((part) => Buffer.from(part, 'base64url').toString('base64url'))
            .join('.'),
          text,
        );
      }),
      { numRuns: 1000 },
    );
    assert(read > 100);
  });
});
