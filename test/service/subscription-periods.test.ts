// Periods of a subscription: counted from the anchor in UTC, one after the other, without a gap.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { intervals } from '../../src/protocol/subscription.js';
import { periodStart, shareOfRest, type Cadence } from '../../src/service/features/subscriptions/periods.js';

const day = 86_400_000;
const starts = (anchor: string, cadence: Cadence, count: number) =>
  Array.from({ length: count }, (_, n) =>
    new Date(periodStart(Date.parse(anchor), cadence, n)).toISOString().replace(':00.000Z', 'Z'),
  );

describe('Periods', () => {
  test('from the end of January are those of the ends of months', () => {
    assert.deepEqual(starts('2026-01-31T23:30:00Z', { interval: 'month', interval_count: 1 }, 6), [
      '2026-01-31T23:30Z',
      '2026-02-28T23:30Z',
      '2026-03-31T23:30Z',
      '2026-04-30T23:30Z',
      '2026-05-31T23:30Z',
      '2026-06-30T23:30Z',
    ]);
  });

  test('from 29 February come back to it in the next leap year', () => {
    assert.deepEqual(starts('2096-02-29T00:00:00Z', { interval: 'year', interval_count: 4 }, 3), [
      '2096-02-29T00:00Z',
      '2100-02-28T00:00Z',
      '2104-02-29T00:00Z',
    ]);
    assert.deepEqual(starts('2024-02-29T12:00:00Z', { interval: 'month', interval_count: 3 }, 3), [
      '2024-02-29T12:00Z',
      '2024-05-29T12:00Z',
      '2024-08-29T12:00Z',
    ]);
  });

  test('of days and weeks are of one length, whatever clocks do in summer', () => {
    assert.deepEqual(starts('2026-03-27T10:00:00Z', { interval: 'day', interval_count: 2 }, 3), [
      '2026-03-27T10:00Z',
      '2026-03-29T10:00Z',
      '2026-03-31T10:00Z',
    ]);
    assert.deepEqual(starts('2026-12-28T10:00:00Z', { interval: 'week', interval_count: 1 }, 2), [
      '2026-12-28T10:00Z',
      '2027-01-04T10:00Z',
    ]);
  });

  const anchor = fc.integer({ min: Date.UTC(1970, 0), max: Date.UTC(2200, 0) });
  const cadence: fc.Arbitrary<Cadence> = fc.record({
    interval: fc.constantFrom(...intervals),
    interval_count: fc.integer({ min: 1, max: 100 }),
  });
  const bounds = { day: [1, 1], week: [7, 7], month: [28, 31], year: [365, 366] } as const;

  test('grow, are as long as their interval, and keep the time of day; months keep the day or have none such', () => {
    const property = fc.property(anchor, cadence, fc.nat(500), (at, { interval, interval_count }, n) => {
      const of = (number: number) => periodStart(at, { interval, interval_count }, number);
      assert.equal(of(0), at);
      const [start, end] = [of(n), of(n + 1)];
      const [least, most] = bounds[interval];
      // Months and years of one subscription are cut to what their calendar has, by three days at most.
      const slack = interval === 'month' || interval === 'year' ? 3 : 0;
      assert.ok(end - start >= (least * interval_count - slack) * day, `${(end - start) / day} days`);
      assert.ok(end - start <= (most * interval_count + slack) * day, `${(end - start) / day} days`);
      assert.equal((end - at) % day, 0);
      if (slack === 0) return;
      const [anchored, dated] = [new Date(at), new Date(end)];
      const months = (dated.getUTCFullYear() - anchored.getUTCFullYear()) * 12 + dated.getUTCMonth();
      const each = interval === 'year' ? 12 * interval_count : interval_count;
      assert.equal(months - anchored.getUTCMonth(), each * (n + 1));
      const isLastDay = new Date(end + day).getUTCDate() === 1;
      const isSameDay = dated.getUTCDate() === anchored.getUTCDate();
      assert.ok(isSameDay || (isLastDay && dated.getUTCDate() < anchored.getUTCDate()));
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  test('that go on after so many do not depend on those before', () => {
    const property = fc.property(anchor, fc.nat(300), (at, n) => {
      const monthly = { interval: 'month', interval_count: 1 } as const;
      const yearly = { interval: 'year', interval_count: 1 } as const;
      assert.equal(periodStart(at, monthly, 12 * n), periodStart(at, yearly, n));
    });
    fc.assert(property);
  });
});

test('The share of the rest is whole, exact, and never more than all of it', () => {
  const property = fc.property(
    fc.integer({ min: 0, max: 1_000_000_000 }),
    fc.integer({ min: 1, max: 100 * 366 * day }),
    fc.double({ min: 0, max: 1.2, noNaN: true }),
    (tokens, length, part) => {
      const now = Math.floor(length * part);
      const share = shareOfRest(tokens, { startedAt: 0, endsAt: length, now });
      assert.ok(Number.isInteger(share) && share >= 0 && share <= tokens);
      const rest = BigInt(Math.max(0, length - now)) * BigInt(tokens);
      assert.ok(BigInt(share) * BigInt(length) <= rest && rest < BigInt(share + 1) * BigInt(length));
    },
  );
  fc.assert(property);
  assert.equal(shareOfRest(300, { startedAt: 0, endsAt: 30, now: 20 }), 100);
  assert.equal(shareOfRest(300, { startedAt: 10, endsAt: 40, now: 5 }), 300);
});
