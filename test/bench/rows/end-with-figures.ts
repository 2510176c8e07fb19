// What counting costs where a session ends: ends with the figures' triggers, to the same ends without them.
import { sql } from 'kysely';
import { openDatabase, type Database } from '../../../src/service/index.js';
import { expectOk } from '../../service/fixtures.js';
import { startBenchService, type BenchService } from '../harness/bench-service.js';
import type { Benchmark } from '../harness/measurement.js';
import { median } from '../harness/statistics.js';

const wholeRounds = 60;
const warmUpRounds = 4;
const endsPerTurn = 64;
const workers = 8;
/** A tenth more at most. */
const target = 1.1;
const countTriggers = ['count_ended', 'count_returned_tokens'];

export const endWithFigures: Benchmark = {
  name: 'end-with-figures',
  async measure({ note, sized }) {
    const rounds = sized(wholeRounds);
    const service = await startBenchService();
    const database = await openDatabase({ databaseUrl: service.databaseUrl });
    try {
      const application = await service.createApplication();
      const customer = await service.createCustomer(100_000_000);
      note(`${rounds} turns of ${endsPerTurn} ends, with figures and without`);
      const turn = async (isCounted: boolean) => {
        await setCounting(database, isCounted);
        const sold: string[] = [];
        await inParallel(async () => {
          while (sold.length < endsPerTurn)
            sold.push((await service.createSession(application, customer)).session.id);
        });
        const startedAt = performance.now();
        await inParallel(() => endEach(service, sold));
        return (performance.now() - startedAt) / endsPerTurn;
      };
      const counted: number[] = [];
      const plain: number[] = [];
      for (let round = -warmUpRounds; round < rounds; round += 1) {
        const isCountedFirst = round % 2 === 0;
        const [first, second] = [await turn(isCountedFirst), await turn(!isCountedFirst)];
        if (round < 0) continue;
        counted.push(isCountedFirst ? first : second);
        plain.push(isCountedFirst ? second : first);
      }
      return [
        {
          name: 'end of a session: with figures to without',
          value: median(counted) / median(plain),
          unit: '×',
          target,
        },
        {
          name: 'end of a session: with figures',
          value: median(counted),
          unit: 'ms',
          target: null,
          peer: median(plain),
        },
      ];
    } finally {
      await database.close();
      await service.stop();
    }
  },
};

async function setCounting({ kysely }: Database, isCounted: boolean): Promise<void> {
  for (const trigger of countTriggers)
    await sql`alter table sessions ${sql.raw(isCounted ? 'enable' : 'disable')} trigger ${sql.id(trigger)}`.execute(
      kysely,
    );
}

async function endEach(service: BenchService, sold: string[]): Promise<void> {
  for (let id = sold.pop(); id; id = sold.pop())
    expectOk(await service.call('POST', `/api/v1/sessions/${id}/end`));
}

const inParallel = (work: () => Promise<void>) => Promise.all(Array.from({ length: workers }, work));
