import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { priceOf, settle } from '../../src/protocol/rules/cost.js';

const first = { seconds: 600, tokens: 100 };
const more = { seconds: 900, tokens: 150 };

for (const [usedSeconds, finalCost, tokensRefunded] of [
  [0, 0, 250],
  [1, 1, 249],
  [6, 1, 249],
  [7, 2, 248],
  [599, 100, 150],
  [600, 100, 150],
  [601, 101, 149],
  [1499, 250, 0],
  [1500, 250, 0],
] as const) {
  test(`${usedSeconds} of 600 s for 100 and 900 s for 150 cost ${finalCost}`, () => {
    assert.deepEqual(settle([first, more], usedSeconds), { usedSeconds, finalCost, tokensRefunded });
  });
}

test('more than was bought costs what was bought', () => {
  assert.deepEqual(settle([first], 700), { usedSeconds: 600, finalCost: 100, tokensRefunded: 0 });
});

test('cost and refund always add up, and more use never costs less', () => {
  const block = fc.record({
    seconds: fc.integer({ min: 1, max: 86_400 }),
    tokens: fc.integer({ min: 0, max: 1e9 }),
  });
  fc.assert(
    fc.property(
      fc.array(block, { minLength: 1, maxLength: 10 }),
      fc.nat(900_000),
      fc.nat(1000),
      (blocks, used, step) => {
        const bill = settle(blocks, used);
        const sum = blocks.reduce((total, { tokens }) => total + tokens, 0);
        assert.equal(bill.finalCost + bill.tokensRefunded, sum);
        assert.ok(Number.isSafeInteger(bill.finalCost) && bill.finalCost >= 0 && bill.tokensRefunded >= 0);
        assert.ok(settle(blocks, used + step).finalCost >= bill.finalCost);
      },
    ),
  );
});

test('prices are rounded up to whole tokens', () => {
  assert.equal(priceOf(10, 600), 100);
  assert.equal(priceOf(10, 61), 11);
  assert.equal(priceOf(0, 600), 0);
  assert.equal(priceOf(1, 1), 1);
});
