// The service is killed at each step of an upload and of a deletion: afterwards nothing is left over, neither an object without a row
// nor a row without an object, and whoever sends the file again has it once.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { openDatabase, type Database } from '../../src/service/index.js';
import { nodeFlags, programOf } from '../programs.js';
import { callerOf, expectOk, operatorKey, seeding, until } from './fixtures.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';
import { addressOf, endWith, spawnServe, type ServedProcess } from './served-process.js';

/** Where the files are. It hangs where a file named after the step lies in a folder (`hangWhenArmed`). */
export interface CrashablePlace {
  /** By which `serve`, or the instance that scans, keeps its files there. */
  options: string[];
  variables: Record<string, string>;
  preload?: string;
  /** Names of what is kept. */
  objects(): Promise<string[]>;
  /** Whether a part of a file has come. */
  isStreaming(): Promise<boolean>;
  /** What is there of a file whose sender was killed half way. */
  leftOfHalf: RegExp[];
  close(): Promise<void>;
}

const content = 'a photo of the leak'.repeat(10_000);
const leaseMs = 60_000;
const hourMs = 3_600_000;

/** @param openPlace gets a folder of the test's own, and the one whose files make it hang. */
export function describeCrashes(
  name: string,
  openPlace: (folder: string, armed: string) => Promise<CrashablePlace>,
): void {
  describe(name, () => {
    let folder: string;
    let place: CrashablePlace;
    let armed: string;
    let postgres: RealPostgres;
    let database: Database;
    let variables: Record<string, string>;
    let served: ServedProcess;
    let url: string;
    let sold: { id: string; as: string };
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'marketplace-session-crash-'));
      armed = join(folder, 'armed');
      await mkdir(armed);
      place = await openPlace(folder, armed);
      postgres = await startRealPostgres();
      const { databaseUrl } = await postgres.createDatabase();
      database = await openDatabase({ databaseUrl });
      const own = { MARKETPLACE_OPERATOR_KEY: operatorKey, HANG_AT: armed, DATABASE_URL: databaseUrl };
      variables = { ...own, ...place.variables };
      await start();
      const { createApplication, createCustomer, createSession } = seeding(callerOf(url));
      const made = await createSession(await createApplication(), await createCustomer(10_000));
      sold = { id: made.session.id, as: made.session_token };
    });
    after(async () => {
      served?.child.kill('SIGKILL');
      await database?.close();
      await postgres?.stop();
      await place?.close();
      await rm(folder, { recursive: true, force: true });
    });

    async function start(): Promise<void> {
      const options = [...place.options, '--public-url', 'http://session.test'];
      const { preload } = place;
      served = spawnServe(folder, { options, variables, ...(preload && { preload }) });
      url = await addressOf(served);
    }

    /** The same, with a scanner; `serve` has none. */
    async function startScanning(): Promise<void> {
      const command = [...nodeFlags, programOf('test/service/scanning-instance.ts')];
      const child = spawn(process.execPath, command, { env: { ...process.env, ...variables } });
      let text = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => (text += String(chunk)));
      served = { child, output: () => text };
      url = await addressOf(served);
    }

    const arm = (step: string) => writeFile(join(armed, step), '');
    const reached = (step: string) => until(() => existsSync(join(armed, `${step}.reached`)));
    /** As a power cut: nothing is finished, nothing is said. Then it is started again. */
    async function crash(): Promise<void> {
      await endWith(served, 'SIGKILL');
      await rm(armed, { recursive: true });
      await mkdir(armed);
      await start();
    }

    async function send(key: string) {
      const response = await fetch(`${url}/sessions/${sold.id}/files`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${sold.as}`, 'X-File-Name': 'leak.txt', 'Idempotency-Key': key },
        body: content,
      });
      const body = (await response.json()) as { id: string; code: string };
      return { status: response.status, headers: response.headers, body };
    }
    /** Half of a file, and then nothing. */
    function sendHalf(key: string): void {
      const request = httpRequest(`${url}/sessions/${sold.id}/files`, {
        method: 'POST',
        headers: {
          ...{ Authorization: `Bearer ${sold.as}`, 'X-File-Name': 'leak.txt', 'Idempotency-Key': key },
          'Content-Length': content.length,
        },
      });
      request.on('error', () => {});
      request.write(content.slice(0, content.length / 2));
    }
    const listed = async () =>
      expectOk(
        await callerOf(url)<{ files: { id: string }[] }>('GET', `/sessions/${sold.id}/files`, {
          as: sold.as,
        }),
      ).files.map(({ id }) => id);
    const rows = () => database.kysely.selectFrom('file_objects').selectAll().execute();

    /** What is due is due sooner; whoever serves hears of it. */
    async function pass(ms: number): Promise<void> {
      await sql`update file_objects set due_at = due_at - ${ms}::bigint where due_at is not null`.execute(
        database.kysely,
      );
      await sql`select pg_notify('file_due', '0')`.execute(database.kysely);
    }
    const untilOnlyKept = (ids: string[]) =>
      until(
        async () =>
          JSON.stringify((await rows()).map(({ id }) => id).sort()) === JSON.stringify(ids) &&
          JSON.stringify(await place.objects()) === JSON.stringify(ids),
      ).catch(async () =>
        assert.deepEqual([(await rows()).map(({ id }) => id), await place.objects()], [ids, ids]),
      );

    /** @param left the objects that a crash has left, beside a row, and no file that anybody finds. */
    async function retried(step: string, key: string, left: RegExp[]): Promise<void> {
      const kept = await listed();
      await crash();
      assert.deepEqual(await listed(), kept, `${step}: nobody finds it`);
      const remains = (await rows()).filter(({ state }) => state !== 'kept');
      assert.deepEqual(
        remains.map(({ state }) => state),
        ['uploading'],
        step,
      );
      const others = (await place.objects()).filter((name) => !kept.includes(name));
      assert.equal(others.length, left.length, `${step}: ${others.join()}`);
      left.forEach((form, index) => assert.match(others[index]!, form, step));
      // Whoever took it may still be at work, for all that is known.
      const early = await send(key);
      assert.deepEqual([early.status, early.body.code], [409, 'IDEMPOTENCY_KEY_IN_USE'], step);
      assert.equal(early.headers.get('retry-after'), '1');
      await pass(leaseMs + 1_000);
      await until(
        async () =>
          (await rows()).every(({ state }) => state !== 'uploading') &&
          (await place.objects()).join() === [...kept].sort().join(),
      );
      const again = await send(key);
      assert.equal(again.status, 201, step);
      const twice = await send(key);
      assert.deepEqual([twice.status, twice.body.id], [201, again.body.id], 'the same upload is one file');
      const now = [...kept, again.body.id].sort();
      assert.deepEqual((await listed()).sort(), now, step);
      await pass(hourMs);
      await untilOnlyKept(now);
    }

    test('killed before an object is there, while it streams, and once it is there: nothing is left, and a retry gives one file', async () => {
      await arm('before-object');
      send('before').catch(() => {});
      await reached('before-object');
      await retried('before an object', 'before', []);

      sendHalf('streaming');
      await until(() => place.isStreaming());
      await retried('while it streams', 'streaming', place.leftOfHalf);

      await arm('after-object');
      send('after').catch(() => {});
      await reached('after-object');
      await retried('once it is there', 'after', [/^[\da-f-]{36}$/]);
    });

    test('killed while it is scanned: nobody ever gets it, nothing is left, and a retry gives one file', async () => {
      await endWith(served, 'SIGKILL');
      await startScanning();
      await arm('scan');
      send('scanned').catch(() => {});
      await reached('scan');
      await retried('while it is scanned', 'scanned', [/^[\da-f-]{36}$/]);
    });

    test('killed while a deleted one is removed: before and after its object is gone', async () => {
      for (const step of ['before-removal', 'after-removal'] as const) {
        const kept = await listed();
        const id = kept[0]!;
        await arm(step);
        const as = sold.as;
        const { status } = await callerOf(url)('DELETE', `/sessions/${sold.id}/files/${id}`, { as });
        assert.equal(status, 204);
        await reached(step);
        assert.equal((await place.objects()).includes(id), step === 'before-removal');
        await crash();
        assert.deepEqual(await listed(), kept.slice(1), 'nobody finds it');
        assert.equal((await rows()).filter(({ state }) => state === 'gone').length, 1);
        await pass(leaseMs + 1_000);
        await untilOnlyKept(kept.slice(1).sort());
      }
    });
  });
}
