// How soon every helper has a request for help, of whom there are many, each at a desk of the own.
import type { DeskRequest } from '../../../src/protocol/help-request.js';
import { deskChannel, readAnnouncement } from '../../../src/service/features/helpers/index.js';
import { openDatabase, type Database } from '../../../src/service/index.js';
import { expectOk, type Json } from '../../service/fixtures.js';
import { startBenchService, type BenchService } from '../harness/bench-service.js';
import { startChild, type Child } from '../harness/child.js';
import { requestText } from '../harness/http-text.js';
import type { Benchmark } from '../harness/measurement.js';
import { median, percentile } from '../harness/statistics.js';
import { until } from '../harness/until.js';
import type { Heard } from '../processes/readers.js';

const wholeHelpers = 1_000;
const rounds = 20;
const warmUpRounds = 3;
const burst = 20;
const burstRounds = 3;
const claims = 200;
const patienceMs = 30_000;
/** From the commit to the last of them, ms. */
const longestMs = 1_000;

export const helpDispatch: Benchmark = {
  name: 'help-dispatch',
  async measure({ sized, note }) {
    const count = sized(wholeHelpers);
    const service = await startBenchService();
    const [bare, ofService, ofBare] = await Promise.all(
      ['bare-streams', 'readers', 'readers'].map((name) => startChild(name)),
    );
    const peer = new Peer(bare!, ofBare!);
    let desks: Desks | undefined;
    try {
      note(`${count} helpers sit down`);
      desks = await Desks.open(service, ofService!, count);
      await peer.open(count);
      const [alone, bareAlone]: [number[], number[]] = [[], []];
      for (let round = -warmUpRounds; round < rounds; round += 1) {
        const { withinMs, missing } = await desks.ask(1);
        const bareMs = await peer.write(desks.frames);
        if (missing > 0) throw new Error(`${missing} helpers have not heard of it`);
        if (round < 0) continue;
        alone.push(withinMs);
        bareAlone.push(bareMs);
      }
      note(`one request: ${alone.join(' ')}; bare: ${bareAlone.join(' ')}`);
      const [many, bareMany]: [number[], number[]] = [[], []];
      let missing = 0;
      for (let round = 0; round < burstRounds; round += 1) {
        const heard = await desks.ask(burst);
        missing += heard.missing;
        many.push(heard.withinMs);
        bareMany.push(await peer.write(desks.frames));
      }
      note(`${burst} at once: ${many.join(' ')}; bare: ${bareMany.join(' ')}`);
      const claimMs = await desks.claim(Math.min(claims, count));
      const row = (
        figure: string,
        value: number,
        of?: number,
        target: number | null = null,
        unit = 'ms',
      ) => ({
        ...{ name: `help dispatch: ${figure}`, value, unit, target },
        ...(of !== undefined && { peer: of }),
      });
      return [
        row('commit to the last of 1000 desks, median', median(alone), median(bareAlone)),
        row('the same, 95th percentile', percentile(alone, 0.95), percentile(bareAlone, 0.95), longestMs),
        row(`${burst} at once, to the last of them`, median(many), median(bareMany)),
        row('offers of those that were lost', missing, undefined, 0, ''),
        row(`${claims} claim one at once, all answered`, claimMs),
      ];
    } finally {
      await desks?.close();
      await Promise.all([bare, ofService, ofBare].map((child) => child!.stop()));
      await service.stop();
    }
  },
};

interface Asked {
  /** From the last commit to the last of the desks. */
  withinMs: number;
  missing: number;
}

/** Helpers who all can help, each with a stream. */
class Desks {
  /** What each desk was told in the last round. */
  frames: string[] = [];
  readonly #service: BenchService;
  readonly #readers: Child;
  readonly #ask: { as: string; body: Json };
  readonly #tokens: string[];
  readonly #database: Database;
  /** When each request was first announced: the database does that with its commit. */
  readonly #committedAt = new Map<string, number>();

  private constructor(
    service: BenchService,
    readers: Child,
    ask: { as: string; body: Json },
    { tokens, database }: { tokens: string[]; database: Database },
  ) {
    this.#service = service;
    this.#readers = readers;
    this.#ask = ask;
    this.#tokens = tokens;
    this.#database = database;
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  static async open(service: BenchService, readers: Child, count: number): Promise<Desks> {
    const { id: application_id, secretKey: as } = await service.createApplication();
    const post = async <T>(path: string, body: Json) =>
      expectOk(await service.call<T>('POST', `/api/v1${path}`, { as, body }));
    const category = await post<{ id: string }>('/help-categories', {
      ...{ name: 'A leak', tokens: 0, duration_seconds: 600, skills: [], search_seconds: 600 },
    });
    const tokens: string[] = [];
    const requests: string[] = [];
    const seat = async () => {
      const { id } = await post<{ id: string }>('/helpers', { display_name: 'Helper', skills: [] });
      const { access_token } = await post<{ access_token: string }>('/access-tokens', {
        subject: { kind: 'helper', id },
        scope: ['helpers.attend', 'help-requests.answer'],
      });
      tokens.push(access_token);
      requests.push(requestText('GET', `/api/v1/helpers/${id}/events`, access_token));
    };
    for (let seated = 0; seated < count; seated += 10)
      await Promise.all(Array.from({ length: Math.min(10, count - seated) }, seat));
    const database = await openDatabase({ databaseUrl: service.databaseUrl });
    const { kysely } = database;
    await kysely.updateTable('helpers').set({ availability: 'available' }).execute();
    await readers.ask('open', { url: service.url, requests });
    const seen = async () => (await kysely.selectFrom('helper_desks').select('helper_id').execute()).length;
    await until(async () => (await seen()) === count, patienceMs, `${count} open desks`);
    const body = { application_id, user_id: await service.createCustomer(0), category_id: category.id };
    const desks = new Desks(service, readers, { as, body }, { tokens, database });
    await database.listen(deskChannel, (payload) => desks.#hear(payload));
    return desks;
  }

  #hear(payload: string | null): void {
    const news = readAnnouncement(payload);
    if (news?.kind === 'request' && !this.#committedAt.has(news.id))
      this.#committedAt.set(news.id, Date.now());
  }

  /** So many ask at once, and have given it up again at the end. */
  async ask(many: number): Promise<Asked> {
    await this.#readers.ask('listen');
    const ids = await this.#post(many);
    const { missing, lastAt } = await this.#readers.ask<Heard>('heard', { words: ids, withinMs: patienceMs });
    this.frames = await Promise.all(ids.map((id) => this.#readers.ask<string>('frameWith', id)));
    for (const id of ids) await this.#cancel(id);
    const committedAt = Math.max(...ids.map((id) => this.#committedAt.get(id) ?? NaN));
    return { withinMs: lastAt - committedAt, missing };
  }

  /** @returns ms until all of them are answered, of whom one has it. */
  async claim(many: number): Promise<number> {
    const [id] = await this.#post(1);
    const startedAt = Date.now();
    const path = `/api/v1/help-requests/${id}/claim`;
    const answers = await Promise.all(
      this.#tokens.slice(0, many).map((as) => this.#service.call<Json>('POST', path, { as })),
    );
    const withinMs = Date.now() - startedAt;
    const won = answers.filter(({ status }) => status === 200).length;
    if (won !== 1) throw new Error(`${won} have it: ${JSON.stringify(answers[0]!.body)}`);
    return withinMs;
  }

  async #post(many: number): Promise<string[]> {
    const made = Array.from({ length: many }, () =>
      this.#service.call<DeskRequest>('POST', '/api/v1/help-requests', {
        ...this.#ask,
        headers: { 'Idempotency-Key': crypto.randomUUID() },
      }),
    );
    return (await Promise.all(made)).map((answer) => expectOk(answer).id);
  }

  async #cancel(id: string): Promise<void> {
    expectOk(await this.#service.call('POST', `/api/v1/help-requests/${id}/cancel`, { as: this.#ask.as }));
  }
}

/** A bare server that writes the same to as many streams. */
class Peer {
  readonly #server: Child;
  readonly #readers: Child;
  #round = 0;
  constructor(server: Child, readers: Child) {
    this.#server = server;
    this.#readers = readers;
  }

  async open(count: number): Promise<void> {
    const requests = Array.from({ length: count }, () => requestText('GET', '/', ''));
    await this.#readers.ask('open', { url: await this.#server.ask('url'), requests });
  }

  /** @returns ms until all have it. */
  async write(frames: string[]): Promise<number> {
    this.#round += 1;
    const words = frames.map((_, number) => `round ${this.#round}, ${number}.`);
    await this.#readers.ask('listen');
    const startedAt = Date.now();
    await this.#server.ask(
      'write',
      frames.map((frame, number) => `: ${words[number]}\n${frame}\n\n`),
    );
    const { missing, lastAt } = await this.#readers.ask<Heard>('heard', { words, withinMs: patienceMs });
    if (missing > 0) throw new Error(`${missing} frames have not come`);
    return lastAt - startedAt;
  }
}
