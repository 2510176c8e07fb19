import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SessionError } from '../../src/protocol/errors.js';
import { parseReturnUrl } from '../../src/protocol/return-url.js';
import { goodReturnUrls, refusedReturnUrls } from './return-urls.js';

const allowed = ['https://good.example', 'http://localhost:3000'];

function follow(address: string): string | undefined {
  try {
    return parseReturnUrl(address, allowed).href;
  } catch (error) {
    assert(error instanceof SessionError, `threw ${String(error)}`);
    assert.equal(error.code, 'RETURN_URL_REFUSED');
    return undefined;
  }
}

describe('a return address', () => {
  for (const address of goodReturnUrls) {
    it(`${address} is followed`, () => assert.equal(follow(address), new URL(address).href));
  }
  for (const [shape, address] of Object.entries(refusedReturnUrls)) {
    it(`${shape} is refused: ${JSON.stringify(address)}`, () => assert.equal(follow(address), undefined));
  }

  it('is refused where nothing is allowed', () => {
    assert.throws(() => parseReturnUrl('https://good.example/', []), SessionError);
  });

  it('always leads to an allowed origin, whatever the text', () => {
    const pieces = fc.constantFrom(
      ...['https:', 'http:', '//', '/', '\\', 'good.example', 'evil.example', '@', ':', '.', '\t', '\n', ' '],
      ...['javascript:', '%2F', '%67', '?', '#', 'localhost:3000', ':443', '\u200B', 'ｇ'],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const followed = follow(parts.join(''));
        assert(followed === undefined || allowed.includes(new URL(followed).origin));
      }),
      { numRuns: 5000 },
    );
  });
});
