import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { readPlainToken } from '../../src/controller/token/plain-token.js';
import { parseSessionToken } from '../../src/protocol/session-token.js';
import {
  encodeText,
  goodClaims,
  goodHeader,
  makeToken,
  malformedTokens,
  someSignature,
  unusualGoodTokens,
} from '../protocol/tokens.js';

const isPlain = (token: string) => {
  try {
    return readPlainToken(token);
  } catch {
    return undefined;
  }
};

describe('a plain token', () => {
  it('is read at once: the tokens that services write', () => {
    for (const token of [
      makeToken(),
      makeToken({ alg: 'ES256', typ: 'session+jwt', kid: crypto.randomUUID() }),
      makeToken({ typ: 'JWT', alg: 'RS256', kid: 'key.1' }),
      makeToken({ alg: 'ES256' }),
      unusualGoodTokens['with all optional claims']!,
    ]) {
      expect(isPlain(token)).to.deep.equal(parseSessionToken(token).claims);
    }
  });

  for (const [shape, [token]] of Object.entries(malformedTokens)) {
    it(`is none with ${shape}`, () => expect(isPlain(token)).to.equal(undefined));
  }

  it('is read in the same way by the thorough reader, whatever the text', () => {
    let plain = 0;
    const anyValue = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom('app-1', 1_900_000_000, 1e12, '', -1),
    );
    const members = (names: string[]) => fc.dictionary(fc.constantFrom(...names), anyValue, { maxKeys: 2 });
    const texts = (names: string[], good: object) =>
      fc.oneof(
        members(names).map((more) => JSON.stringify({ ...good, ...more })),
        fc
          .tuple(fc.nat(), fc.string({ unit: 'binary', maxLength: 2 }), fc.nat(2))
          .map(([at, insert, cut]) => {
            const text = JSON.stringify(good);
            const index = at % text.length;
            return text.slice(0, index) + insert + text.slice(index + cut);
          }),
        fc.constant(JSON.stringify(good)),
      );
    const headers = texts(['alg', 'kid', 'typ', 'crit', 'jwk'], goodHeader);
    const optional = ['nbf', 'iss', 'return_url', 'dpop_bound', 'launch_count', 'scope', 'token_id'];
    const claims = texts([...Object.keys(goodClaims), ...optional, '__proto__'], goodClaims);
    const signatures = fc.oneof(
      fc.constant(someSignature),
      fc.base64String({ maxLength: 8 }),
      fc.constant(''),
    );
    fc.assert(
      fc.property(headers, claims, signatures, (header, text, signature) => {
        const token = `${encodeText(header)}.${encodeText(text)}.${signature}`;
        const read = isPlain(token);
        if (!read) return;
        plain += 1;
        expect(parseSessionToken(token).claims).to.deep.equal(read);
      }),
      { numRuns: 5000 },
    );
    expect(plain).to.be.above(300);
  });
});
