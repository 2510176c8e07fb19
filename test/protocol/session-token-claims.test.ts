import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SessionError } from '../../src/protocol/errors.js';
import {
  checkClaims,
  maxTokenLifeSeconds,
  type ClaimExpectations,
} from '../../src/protocol/session-token-claims.js';
import type { SessionTokenClaims } from '../../src/protocol/session-token.js';
import { goodClaims } from './tokens.js';

const { iat, exp } = goodClaims;
const issuer = 'https://market.example';

function codeOf(
  claims: Partial<SessionTokenClaims>,
  expected: Partial<ClaimExpectations> = {},
): string | undefined {
  try {
    checkClaims(
      { ...goodClaims, iss: issuer, ...claims },
      { now: iat * 1000, toleranceSeconds: 60, audience: 'app-1', issuer, ...expected },
    );
  } catch (error) {
    assert(error instanceof SessionError, `threw ${String(error)}`);
    return error.code;
  }
  return undefined;
}

describe('claims of a session token', () => {
  it('that fit are accepted', () => assert.equal(codeOf({}), undefined));

  it('are accepted whoever issued them and for whom, where nothing is expected', () => {
    assert.equal(
      codeOf({ aud: 'other', iss: 'other' }, { audience: undefined, issuer: undefined }),
      undefined,
    );
  });

  for (const [shape, value] of Object.entries({
    other: 'app-2',
    'a prefix': 'app-',
    'a suffix': 'pp-1',
    'something longer': 'app-10',
    'a trailing slash': 'app-1/',
    'another case': 'APP-1',
    'a blank': 'app-1 ',
  })) {
    it(`aud: ${shape} is TOKEN_AUDIENCE_MISMATCH`, () => {
      assert.equal(codeOf({ aud: value }), 'TOKEN_AUDIENCE_MISMATCH');
    });
  }

  for (const [shape, value] of Object.entries({
    other: 'https://evil.example',
    'a prefix': 'https://market.exampl',
    'something longer': 'https://market.example.evil',
    'a trailing slash': `${issuer}/`,
    'another case': 'https://Market.example',
    missing: undefined,
  })) {
    it(`iss: ${shape} is TOKEN_ISSUER_MISMATCH`, () => {
      const claims = { iss: value } as Partial<SessionTokenClaims>;
      assert.equal(codeOf(claims), 'TOKEN_ISSUER_MISMATCH');
    });
  }

  describe('time', () => {
    const strict = (now: number) => codeOf({}, { now, toleranceSeconds: 0 });
    it('exp equal to now is expired', () => assert.equal(strict(exp * 1000), 'TOKEN_EXPIRED'));
    it('a millisecond before exp is not', () => assert.equal(strict(exp * 1000 - 1), undefined));
    it('within the tolerance is not', () => {
      assert.equal(codeOf({}, { now: (exp + 60) * 1000 - 1 }), undefined);
      assert.equal(codeOf({}, { now: (exp + 60) * 1000 }), 'TOKEN_EXPIRED');
    });
    it('iat ahead has a tolerance of its own where it is given, and exp keeps its own', () => {
      const expected = { toleranceSeconds: 0, aheadToleranceSeconds: 5 };
      assert.equal(codeOf({}, { ...expected, now: (iat - 5) * 1000 }), undefined);
      assert.equal(codeOf({}, { ...expected, now: (iat - 5) * 1000 - 1 }), 'TOKEN_NOT_YET_VALID');
      assert.equal(codeOf({}, { ...expected, now: exp * 1000 }), 'TOKEN_EXPIRED');
    });
    it('iat ahead is not valid yet, but for the tolerance', () => {
      assert.equal(strict(iat * 1000 - 1), 'TOKEN_NOT_YET_VALID');
      assert.equal(codeOf({}, { now: (iat - 60) * 1000 }), undefined);
      assert.equal(codeOf({}, { now: (iat - 60) * 1000 - 1 }), 'TOKEN_NOT_YET_VALID');
    });
    it('nbf ahead is not valid yet, but for the tolerance', () => {
      assert.equal(codeOf({ nbf: iat + 60 }), undefined);
      assert.equal(codeOf({ nbf: iat + 61 }), 'TOKEN_NOT_YET_VALID');
    });
    it('a life beyond the maximum is refused', () => {
      assert.equal(codeOf({ exp: iat + maxTokenLifeSeconds }), undefined);
      assert.equal(codeOf({ exp: iat + maxTokenLifeSeconds + 1 }), 'TOKEN_CLAIM_INVALID');
    });
    it('a life that ends before it begins is refused', () => {
      assert.equal(codeOf({ exp: iat }), 'TOKEN_CLAIM_INVALID');
      assert.equal(codeOf({ exp: iat - 1 }), 'TOKEN_CLAIM_INVALID');
    });
    it('a tolerance that is none is a mistake of the program', () => {
      for (const toleranceSeconds of [Infinity, -Infinity, NaN, -1, 301]) {
        assert.throws(() => checkClaims(goodClaims, { now: iat * 1000, toleranceSeconds }), TypeError);
      }
      for (const toleranceSeconds of [0, 300]) assert.equal(codeOf({}, { toleranceSeconds }), undefined);
    });
  });
});
