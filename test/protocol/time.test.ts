import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatRemaining } from '../../src/protocol/time.js';

describe('the time left as text', () => {
  for (const [seconds, text] of [
    [0, '0:00'],
    [-1, '0:00'],
    [-3600, '0:00'],
    [1, '0:01'],
    [9, '0:09'],
    [59, '0:59'],
    [60, '1:00'],
    [61, '1:01'],
    [600, '10:00'],
    [3599, '59:59'],
    [3600, '1:00:00'],
    [3661, '1:01:01'],
    [35_999, '9:59:59'],
    [36_000, '10:00:00'],
    [86_400, '24:00:00'],
    [360_000, '100:00:00'],
  ] as const) {
    it(`${seconds} seconds read ${text}`, () => assert.equal(formatRemaining(seconds), text));
  }

  it('can be read back, whatever the length', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (seconds) => {
        const text = formatRemaining(seconds);
        assert.match(text, seconds < 3600 ? /^\d{1,2}:\d\d$/ : /^\d+:\d\d:\d\d$/);
        assert.equal(
          text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0),
          seconds,
        );
      }),
    );
  });
});
