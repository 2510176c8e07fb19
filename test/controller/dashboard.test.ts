import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { readFigures, readSessions, readTimeline } from '../../src/controller/dashboard/answers.js';
import {
  intervals,
  listQuery,
  periods,
  readFilters,
  spanBefore,
  spanOf,
  statuses,
  usualFilters,
  writeFilters,
  type DashboardFilters,
} from '../../src/controller/dashboard/filters.js';
import { Reading } from '../../src/controller/dashboard/reading.js';
import { browserWorld } from '../../src/controller/browser-world.js';
import { addDays } from '../../src/protocol/calendar-days.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const day = fc.integer({ min: 0, max: 30_000 }).map((days) => addDays('2000-01-01', days));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const id = fc.string({ minLength: 1, maxLength: 40 });
const filters: fc.Arbitrary<DashboardFilters> = fc.record({
  period: fc.constantFrom(...periods),
  from: maybe(day),
  to: maybe(day),
  interval: maybe(fc.constantFrom(...intervals)),
  timeZone: maybe(fc.constantFrom('UTC', 'Asia/Kathmandu', 'America/Sao_Paulo')),
  applicationId: maybe(id),
  status: maybe(fc.constantFrom(...statuses)),
  userId: maybe(id),
  sessionId: maybe(id),
});

describe('what a dashboard shows', () => {
  it('is in the address as it is, beside what others keep there', () => {
    fc.assert(
      fc.property(filters, id, (wanted, other) => {
        const query = new URLSearchParams({ 'other.period': other, board: other });
        writeFilters(query, 'board', usualFilters);
        expect(query.toString()).to.equal(
          new URLSearchParams({ 'other.period': other, board: other }).toString(),
        );
        writeFilters(query, 'board', wanted);
        expect(readFilters(new URLSearchParams(query.toString()), 'board')).to.deep.equal(wanted);
        expect([query.get('other.period'), query.get('board')]).to.deep.equal([other, other]);
      }),
    );
  });

  it('is something that the service takes, whatever stands in an address', () => {
    const name = fc.constantFrom('period', 'from', 'to', 'by', 'zone', 'app', 'status', 'user', 'session');
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('2026-02-30', '2026-99-99', '__proto__', '+02:00', 'custom', 'hour'),
    );
    const now = Date.UTC(2026, 10, 28, 23, 30);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, text)), (pairs) => {
        const query = new URLSearchParams(pairs.map(([key, value]) => [`b.${key}`, value]));
        const read = readFilters(query, 'b');
        const timeZone = read.timeZone ?? 'Pacific/Kiritimati';
        const span = spanOf(read, timeZone, now);
        expect(span.days).to.be.within(1, span.interval === 'hour' ? 31 : 366);
        expect(addDays(span.from, span.days - 1)).to.equal(span.to);
        expect(addDays(spanBefore(span).to, 1)).to.equal(span.from);
        const list = listQuery(read, span, timeZone);
        for (const edge of ['from', 'to']) expect(list.get(edge) ?? '0').to.match(/^\d+$/);
      }),
    );
  });

  it('is what an answer holds, whatever else is in it', () => {
    fc.assert(
      fc.property(fc.anything(), fc.array(fc.anything()), (answer, rows) => {
        for (const read of [readFigures, readSessions, readTimeline]) {
          try {
            read(answer);
          } catch (error) {
            expect(error).to.have.property('code', 'ANSWER_INVALID');
          }
        }
        expect(readSessions({ sessions: rows }).sessions).to.have.length.at.most(rows.length);
        readTimeline({ timeline: rows });
        const { slots } = readFigures({ days: rows });
        for (const { sessions } of slots) expect(Number.isSafeInteger(sessions)).to.equal(true);
      }),
    );
  });

  it('is asked for once at a time, and what was asked before a change of it counts no more', async () => {
    const answers: ((value: string) => void)[] = [];
    const asked: AbortSignal[] = [];
    const reading = new Reading<string>(
      browserWorld(),
      () => 7,
      (signal) => {
        asked.push(signal);
        return new Promise((resolve) => answers.push(resolve));
      },
      () => {},
    );
    reading.restart();
    for (let n = 0; n < 20; n += 1) reading.again();
    expect(asked).to.have.length(1);
    reading.restart();
    expect(asked.map(({ aborted }) => aborted)).to.deep.equal([true, false]);
    answers[1]!('new');
    answers[0]!('old');
    await pause(0);
    expect(reading.read).to.deep.equal({ state: 'ready', value: 'new', at: 7, code: undefined });
    reading.again();
    expect(asked, 'not at once').to.have.length(2);
    reading.retry();
    expect(asked, 'somebody asks').to.have.length(3);
    reading.stop();
    answers[2]!('late');
    await pause(0);
    expect(reading.read.value).to.equal('new');
  });
});
