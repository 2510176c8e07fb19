import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Gatherer } from '../../src/service/foundation/gatherer.js';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, startTestService } from './fixtures.js';

describe('Questions that are answered in batches', () => {
  /** A gatherer whose batches wait until they are let go, and those batches. */
  function held() {
    const batches: { questions: readonly string[]; letGo(error?: Error): void }[] = [];
    const gatherer = new Gatherer<string, string>(
      (questions) =>
        new Promise((resolve, reject) => {
          const letGo = (error?: Error) =>
            error ? reject(error) : resolve(questions.map((question) => `${question}!`));
          batches.push({ questions, letGo });
        }),
    );
    return { gatherer, batches };
  }

  /** Whatever is asked in one go is on its way by then. */
  const onItsWay = () => Promise.resolve();

  test('are one batch where they are asked in one go', async () => {
    const { gatherer, batches } = held();
    const all = ['a', 'b', 'c'].map((question) => gatherer.ask(question));
    await onItsWay();
    assert.deepEqual(
      batches.map(({ questions }) => questions),
      [['a', 'b', 'c']],
    );
    batches[0]!.letGo();
    assert.deepEqual(await Promise.all(all), ['a!', 'b!', 'c!']);
  });

  test('are never in one that was sent before they were asked', async () => {
    const { gatherer, batches } = held();
    const first = gatherer.ask('a');
    await onItsWay();
    const later = [gatherer.ask('b'), gatherer.ask('a')];
    assert.deepEqual(
      batches.map(({ questions }) => questions),
      [['a']],
    );
    batches[0]!.letGo();
    assert.equal(await first, 'a!');
    assert.deepEqual(batches[1]?.questions, ['b', 'a'], 'the same question is asked again');
    batches[1].letGo();
    assert.deepEqual(await Promise.all(later), ['b!', 'a!']);
  });

  test('fail with their own batch, and with no other', async () => {
    const { gatherer, batches } = held();
    const first = gatherer.ask('a');
    await onItsWay();
    const second = gatherer.ask('b');
    batches[0]!.letGo(new Error('away'));
    await assert.rejects(first, /away/);
    batches[1]!.letGo();
    assert.equal(await second, 'b!');
  });

  test('are answered beside one that fails, and all fail at once where the database is away', async () => {
    let asked = 0;
    const gatherer = new Gatherer<string, string>(async (questions) => {
      asked += 1;
      if (questions.includes('poison')) throw new Error('no such question');
      if (questions.includes('away')) throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
      return questions.map((question) => `${question}!`);
    });
    const all = ['first', 'a', 'b', 'poison', 'c', 'd'].map((question) => gatherer.ask(question));
    const answers = await Promise.allSettled(all);
    assert.deepEqual(
      answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'failed')),
      ['first!', 'a!', 'b!', 'failed', 'c!', 'd!'],
    );
    // The loop that has answered those ends in this turn.
    await new Promise(setImmediate);
    asked = 0;
    const first = gatherer.ask('first');
    await onItsWay();
    const away = [first, ...['away', 'a', 'b', 'c'].map((question) => gatherer.ask(question))];
    const failed = (await Promise.allSettled(away)).filter(({ status }) => status === 'rejected');
    assert.deepEqual([failed.length, asked], [4, 2], 'nothing is asked again');
  });
});

describeOnOneDatabase('Sessions that many read at once', (source) => {
  test('are shown to each as they are, and a change to whoever asks after it', async () => {
    const service = await startTestService({ database: await source.create() });
    let isOver = false;
    const readers: Promise<void>[] = [];
    try {
      const application = await service.createApplication();
      const userId = await service.createCustomer(10_000);
      const sold = await Promise.all(
        Array.from({ length: 4 }, () => service.createSession(application, userId)),
      );
      const read = async (id: string) =>
        expectOk(
          await service.call<{ session: { id: string; status: string } }>('GET', `/api/v1/sessions/${id}`),
        ).session;
      const readOnAndOn = async ({ session }: (typeof sold)[number]) => {
        while (!isOver) assert.equal((await read(session.id)).id, session.id);
      };
      readers.push(...[...sold, ...sold].map(readOnAndOn));
      const { id } = sold[0]!.session;
      for (let round = 0; round < 10; round += 1)
        for (const [change, status] of [
          ['pause', 'paused'],
          ['resume', 'active'],
        ] as const) {
          expectOk(await service.call('POST', `/api/v1/sessions/${id}/${change}`));
          assert.equal((await read(id)).status, status);
        }
      const unknown = await service.call('GET', `/api/v1/sessions/${crypto.randomUUID()}`);
      assert.equal(unknown.body.code, 'SESSION_NOT_FOUND');
    } finally {
      isOver = true;
      await Promise.all(readers);
      await service.close();
    }
  });
});
