// Files of a session: sent by either side, found by those who may, opened by a link, and gone without a trace.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { localFiles, type FileStorage, type ScanFile } from '../../src/service/index.js';
import { describeOnEachDatabase, describeOnOneDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import {
  expectOk,
  operatorKey,
  startTestService,
  until,
  type Json,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { startRealPostgres } from './real-postgres.js';
import { TestClock } from './test-clock.js';
import { WebhookReceiver } from './webhook-receiver.js';

interface SessionFile {
  id: string;
  name: string;
  size: number;
  content_type: string;
  sha256: string;
  sent_by: string;
  role: string | null;
  participant_id: string | null;
  url: string;
  url_expires_at: number;
  code: string;
}
interface Page {
  files: SessionFile[];
  limits: Json;
  next_cursor: string | null;
}
interface Sold {
  id: string;
  as: string;
  userId: string;
}
type Content = string | Uint8Array<ArrayBuffer> | Blob;

const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), randomBytes(200)]);
/** Bytes of no type: by chance two may begin as a program does. */
const noise = (size: number) => Buffer.concat([Buffer.alloc(1), randomBytes(size - 1)]);
const publicUrl = 'http://session.test';
const hourSeconds = 3_600;

/** What the tests here do with files of one service. */
function filesOf(service: TestService) {
  const send = async (
    { id, as }: Pick<Sold, 'id' | 'as'>,
    content: Content,
    { name = 'a file.txt', key }: { name?: string; key?: string } = {},
  ) => {
    const response = await fetch(`${service.url}/sessions/${id}/files`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${as}`,
        'X-File-Name': encodeURIComponent(name),
        ...(key !== undefined && { 'Idempotency-Key': key }),
      },
      body: content,
    });
    const body = (await response.json()) as SessionFile;
    return { status: response.status, headers: response.headers, body };
  };
  return {
    send,
    keep: async (...args: Parameters<typeof send>) => expectOk(await send(...args)),
    list: async (id: string, as = operatorKey, query = '') =>
      expectOk(await service.call<Page>('GET', `/sessions/${id}/files${query}`, { as })),
    open: (url: string, init: RequestInit = {}) => fetch(url.replace(publicUrl, service.url), init),
    objects: () => service.database.kysely.selectFrom('file_objects').selectAll().execute(),
    async buy(application: TestApplication, fields: Json = {}): Promise<Sold> {
      const userId = await service.createCustomer(100_000);
      const { session, session_token: as } = await service.createSession(application, userId, fields);
      return { id: session.id, as, userId };
    },
  };
}

describeOnEachDatabase('Files of a session', (source) => {
  const clock = new TestClock(Date.now());
  const lines: string[] = [];
  let folder: string;
  let receiver: WebhookReceiver;
  let service: TestService;
  let files: ReturnType<typeof filesOf>;
  let application: TestApplication;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'marketplace-session-files-'));
    receiver = await WebhookReceiver.start();
    const log = (message: string, fields?: object) => void lines.push(message + JSON.stringify(fields));
    service = await startTestService({
      database: await source.create(),
      now: clock.now,
      timer: clock.timer,
      webhooks: { allowedHosts: [receiver.host] },
      logger: { info: log, error: log },
      files: {
        storage: localFiles(folder),
        limits: { maxFileBytes: 100_000, maxFiles: 5, maxBytes: 250_000 },
      },
      retention: { files: 1 },
    });
    files = filesOf(service);
    application = await service.createApplication();
    const body = { url: receiver.url, events: ['file.created', 'file.deleted'] };
    expectOk(await service.call('POST', '/webhook-endpoints', { as: application.secretKey, body }));
  });
  after(async () => {
    await service.close();
    await receiver.stop();
    await rm(folder, { recursive: true });
  });

  const person = async (kind: string, id: string, scope: string[]) =>
    expectOk(
      await service.call<{ access_token: string }>('POST', '/access-tokens', {
        as: application.secretKey,
        body: { subject: { kind, id }, scope },
      }),
    ).access_token;
  const remove = (sold: Pick<Sold, 'id' | 'as'>, fileId: string) =>
    service.call('DELETE', `/sessions/${sold.id}/files/${fileId}`, { as: sold.as });
  const end = ({ id }: Sold) => service.call('POST', `/sessions/${id}/end`).then(expectOk);
  const stored = async () => (await readdir(folder)).sort();
  const untilStored = async (...ids: string[]) =>
    until(async () => JSON.stringify(await stored()) === JSON.stringify(ids.sort()));

  test('are sent by either side, listed for both, and opened by a link as they were sent', async () => {
    const sold = await files.buy(application);
    const helper = await person('helper', 'ada', ['files.read', 'files.upload']);
    const sent = await files.keep(sold, png, { name: 'C:\\photos\\Leck „unten“ \u202e.png' });
    assert.equal(sent.name, 'Leck „unten“ .png');
    assert.deepEqual([sent.size, sent.content_type], [png.length, 'image/png']);
    assert.equal(sent.sha256, createHash('sha256').update(png).digest('hex'));
    await files.keep({ ...sold, as: helper }, 'Turn it off.', { name: 'how.txt' });
    await files.keep({ ...sold, as: operatorKey }, 'We look on.');
    const page = await files.list(sold.id, sold.as);
    assert.deepEqual(
      page.files.map(({ sent_by, role, participant_id }) => [sent_by, role, participant_id]).sort(),
      [
        ['customer', 'customer', sold.userId],
        ['marketplace', null, null],
        ['provider', 'helper', 'ada'],
      ],
    );
    assert.deepEqual(page.limits, {
      max_file_bytes: 100_000,
      max_files: 5,
      max_bytes: 250_000,
      accepted_types: null,
    });
    const ids = new Set(page.files.map(({ id }) => id));
    for (const as of [application.secretKey, helper])
      assert.deepEqual(new Set((await files.list(sold.id, as)).files.map(({ id }) => id)), ids);

    const { url } = page.files.find(({ id }) => id === sent.id)!;
    const answer = await files.open(url, { headers: { Origin: 'https://app.example' } });
    assert.equal(answer.status, 200);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), png);
    const expected = {
      'content-type': 'image/png',
      'content-length': String(png.length),
      'content-disposition': `attachment; filename="Leck _unten_ .png"; filename*=UTF-8''Leck%20%E2%80%9Eunten%E2%80%9C%20.png`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      'access-control-allow-origin': '*',
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(answer.headers.get(name), value, name);
    const head = await files.open(url, { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers.get('content-length')], [200, String(png.length)]);
    // A part is nothing that has to be given (RFC 9110, 14.2), and whoever asks for one gets all.
    const part = await files.open(url, { headers: { Range: 'bytes=10-19' } });
    assert.deepEqual([part.status, (await part.arrayBuffer()).byteLength], [200, png.length]);
  });

  test('are opened by nobody without a good link, nor after its hour', async () => {
    const sold = await files.buy(application);
    const [one, two] = [await files.keep(sold, 'one'), await files.keep(sold, 'two')];
    const expired = async (url: string) => {
      const answer = await files.open(url);
      assert.equal(answer.status, 410);
      assert.equal(((await answer.json()) as { code: string }).code, 'FILE_LINK_EXPIRED');
    };
    await expired(one.url.replace(one.id, two.id));
    await expired(one.url.replace(/expires=\d+/, `expires=${one.url_expires_at + 1}`));
    await expired(one.url.replace(/signature=./, 'signature=~'));
    await expired(one.url.replace(/signature=.*/, 'signature='));
    assert.equal((await files.open(one.url.replace(/[?].*/, ''))).status, 422);
    clock.advance(hourSeconds - 1);
    assert.equal((await files.open(one.url)).status, 200);
    clock.advance(1);
    await expired(one.url);
    const fresh = (await files.list(sold.id)).files.find(({ id }) => id === one.id)!;
    assert.equal((await files.open(fresh.url)).status, 200);
  });

  test('are told by their ids alone, and their names stand in their own table alone', async () => {
    const sold = await files.buy(application);
    receiver.received.length = 0;
    const stream = await EventReader.open(`${service.url}/sessions/${sold.id}/events`, {
      Authorization: `Bearer ${sold.as}`,
    });
    await stream.atLeast(1);
    const { id } = await files.keep(sold, 'Hush.', { name: 'xylophone.txt' });
    assert.equal((await remove(sold, id)).status, 204);
    const kept = await files.keep(sold, 'Hush.', { name: 'xylophone.txt' });
    const frames = await stream.atLeast(4);
    const told = frames.slice(1).map(({ event, data }) => [event, (data as unknown as Json).file_id]);
    assert.deepEqual(told, [
      ['file.created', id],
      ['file.deleted', id],
      ['file.created', kept.id],
    ]);
    stream.leave();
    const deliveries = await receiver.atLeast(3);
    const { rows: tables } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(service.database.kysely);
    for (const { name } of tables) {
      const { rows } = await sql`select to_jsonb(t)::text as row from ${sql.table(name)} t`.execute(
        service.database.kysely,
      );
      assert.equal(JSON.stringify(rows).includes('xylophone'), name === 'files', name);
    }
    await files.open(kept.url);
    const metrics = await fetch(`${service.url}/metrics`, {
      headers: { Authorization: `Bearer ${operatorKey}` },
    });
    const { signature } = Object.fromEntries(new URL(kept.url).searchParams) as { signature: string };
    const all = [await metrics.text(), ...lines, JSON.stringify(frames), JSON.stringify(deliveries)].join();
    for (const secret of ['xylophone', signature]) assert.ok(!all.includes(secret), secret);
  });

  test('have a name and a type that harm nobody', async () => {
    const typed = async (content: Content) =>
      (await files.keep(await files.buy(application), content)).content_type;
    assert.equal(await typed('<svg onload="x()"></svg>'), 'text/plain');
    assert.equal(await typed('<!doctype html><script>x()</script>'), 'text/plain');
    assert.equal(await typed(new Uint8Array([0, 1, 2, 255])), 'application/octet-stream');
    assert.equal(await typed('%PDF-1.7'), 'application/pdf');
    const photos = {
      heic: 'image/heic',
      hevc: 'image/heic',
      avif: 'image/avif',
      'M4A ': 'audio/mp4',
      'qt  ': 'video/quicktime',
    };
    for (const [brand, type] of Object.entries({ ...photos, isom: 'video/mp4' }))
      assert.equal(await typed(`\0\0\0\x1cftyp${brand}`), type, brand);
    assert.equal(await typed('x'), 'text/plain');
    const sold = await files.buy(application);
    for (const program of ['MZ\x90\0', '\x7fELF', '#!/bin/sh', '\xcf\xfa\xed\xfe']) {
      const { status, body } = await files.send(sold, Uint8Array.from(Buffer.from(program, 'latin1')));
      assert.deepEqual([status, body.code], [415, 'FILE_TYPE_REFUSED'], program);
    }
    for (const name of ['..', 'a/', '\u202e', '\u200b', '\u2060.', '\u3164 ', 'x'.repeat(256)])
      assert.equal((await files.send(sold, 'x', { name })).status, 422, name);
    const other = await files.buy(application);
    const nameOf = async (name: string) => (await files.keep(other, 'x', { name })).name;
    assert.equal(await nameOf('cod.\u2028exe\u2066\r\nSet-Cookie: a=b'), 'cod.exeSet-Cookie: a=b');
    assert.equal(await nameOf('می\u200cخواهم.txt'), 'می\u200cخواهم.txt', 'its letters need not be joined');
    assert.equal((await files.keep(sold, 'x', { name: '../../etc/passwd' })).name, 'passwd');
    assert.equal((await files.send(sold, '')).body.code, 'REQUEST_INVALID');
    await until(async () => (await files.objects()).every(({ state }) => state === 'kept'));
  });

  test('are so many a session, so large each and so large together', async () => {
    const sold = await files.buy(application);
    const refused = async (content: Content, status: number, code: string) => {
      const answer = await files.send(sold, content);
      assert.deepEqual([answer.status, answer.body.code], [status, code]);
    };
    await refused(noise(100_001), 413, 'FILE_TOO_LARGE');
    const first = await files.keep(sold, noise(100_000));
    await files.keep(sold, noise(100_000));
    await refused(noise(50_001), 409, 'FILE_QUOTA_REACHED');
    for (let n = 0; n < 3; n += 1) await files.keep(sold, 'small');
    await refused('one more', 409, 'FILE_QUOTA_REACHED');
    await refused(Uint8Array.from(Buffer.from('MZ\x90\0', 'latin1')), 409, 'FILE_QUOTA_REACHED');
    assert.equal((await remove(sold, first.id)).status, 204);
    await refused(Uint8Array.from(Buffer.from('MZ\x90\0', 'latin1')), 415, 'FILE_TYPE_REFUSED');
    await files.keep(sold, noise(100_000));
    // What was refused has changed nothing.
    const { entries } = expectOk(
      await service.call<{ entries: { action: string; subject: string }[] }>(
        'GET',
        '/audit-entries?limit=100',
      ),
    );
    const changes = entries.filter(({ subject }) => subject.startsWith(`/sessions/${sold.id}/files`));
    assert.deepEqual(changes.map(({ action }) => action.split(' ')[0]).sort(), [
      'DELETE',
      ...Array.from({ length: 6 }, () => 'POST'),
    ]);
  });

  test('are as many as may be, and no larger together, however many are sent at once', async () => {
    const sold = await files.buy(application);
    for (let n = 0; n < 3; n += 1) await files.keep(sold, 'small');
    const sent = await Promise.all([1, 2, 3].map(() => files.send(sold, noise(90_000))));
    assert.deepEqual(sent.map(({ status }) => status).sort(), [201, 201, 409]);
    const other = await files.buy(application);
    await Promise.all([1, 2, 3].map(() => files.send(other, noise(90_000))));
    const page = await files.list(other.id);
    assert.ok(page.files.reduce((sum, { size }) => sum + size, 0) <= 250_000);
  });

  test('are kept once by one key, however often they are sent', async () => {
    const sold = await files.buy(application);
    const sent = await Promise.all([1, 2, 3].map(() => files.send(sold, 'once', { key: 'k' })));
    const kept = sent.filter(({ status }) => status === 201);
    assert.ok(
      kept.length >= 1 && sent.every(({ body }) => !body.code || body.code === 'IDEMPOTENCY_KEY_IN_USE'),
    );
    const again = await files.send(sold, 'once', { key: 'k' });
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    assert.deepEqual(new Set([...kept, again].map(({ body }) => body.id)).size, 1);
    assert.equal((await files.send(sold, 'other', { key: 'k' })).body.code, 'IDEMPOTENCY_KEY_REUSED');
    assert.equal((await files.list(sold.id)).files.length, 1);
  });

  test('are deleted by their sender, or by the provider’s server; nobody else learns of them', async () => {
    const [sold, other] = [await files.buy(application), await files.buy(application)];
    const mine = await files.keep(sold, 'mine');
    const theirs = await files.keep({ ...sold, as: application.secretKey }, 'theirs');
    assert.equal((await remove(sold, theirs.id)).body.code, 'FILE_NOT_FOUND');
    assert.equal((await remove(other, mine.id)).body.code, 'FILE_NOT_FOUND');
    assert.equal((await remove({ id: sold.id, as: other.as }, mine.id)).body.code, 'TOKEN_SESSION_MISMATCH');
    const helper = await person('helper', 'ada', ['files.read', 'files.upload']);
    const shown = await files.keep({ ...sold, as: helper }, 'shown');
    for (const { id } of [shown, mine]) {
      const { status, body } = await remove({ ...sold, as: helper }, id);
      assert.deepEqual([status, body.code], [403, 'CREDENTIAL_INSUFFICIENT']);
    }
    assert.equal((await remove({ ...sold, as: application.secretKey }, shown.id)).status, 204);
    const beyond = { subject: { kind: 'helper', id: 'ada' }, scope: ['files.delete'] };
    const refused = await service.call('POST', '/access-tokens', { as: application.secretKey, body: beyond });
    assert.equal(refused.status, 422);
    const before = await stored();
    for (const id of [mine.id, theirs.id])
      assert.equal((await remove({ ...sold, as: application.secretKey }, id)).status, 204);
    assert.equal((await remove(sold, mine.id)).body.code, 'FILE_NOT_FOUND');
    const gone = await files.open(mine.url);
    assert.deepEqual([gone.status, ((await gone.json()) as Json).code], [404, 'FILE_NOT_FOUND']);
    const deleted = [shown, mine, theirs].map(({ id }) => id);
    await untilStored(...before.filter((id) => !deleted.includes(id)));
  });

  test('may be sent by a page of another origin', async () => {
    const preflight = await fetch(`${service.url}/sessions/x/files`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://app.example', 'Access-Control-Request-Method': 'POST' },
    });
    const allowed = preflight.headers;
    assert.match(allowed.get('access-control-allow-headers')!, /\bX-File-Name\b/);
    assert.match(allowed.get('access-control-allow-methods')!, /\bDELETE\b/);
  });

  test('end with the session’s time for new ones, and go with their customer', async () => {
    const sold = await files.buy(application);
    const { id } = await files.keep(sold, 'Heliotrope', { name: 'heliotrope.txt' });
    await end(sold);
    const late = await files.send({ ...sold, as: application.secretKey }, 'late');
    assert.deepEqual([late.status, late.body.code], [410, 'SESSION_ENDED']);
    const exported = await fetch(`${service.url}/customers/${sold.userId}/export`, {
      headers: { Authorization: `Bearer ${operatorKey}` },
    });
    assert.match(await exported.text(), /"record":"file","id":"[^"]+",.*heliotrope\.txt/);
    assert.equal((await service.call('DELETE', `/customers/${sold.userId}`)).status, 204);
    assert.deepEqual((await files.list(sold.id)).files, []);
    await until(async () => !(await stored()).includes(id));
    await until(async () => (await files.objects()).every((object) => object.id !== id));
  });

  test('go a day after they were sent, once the session is over', async () => {
    const sold = await files.buy(application);
    const { id } = await files.keep(sold, 'Remember?');
    await end(sold);
    clock.advance(23 * hourSeconds);
    assert.equal((await files.list(sold.id)).files.length, 1);
    clock.advance(hourSeconds);
    await until(async () => {
      // It looks once an hour.
      clock.advance(300);
      return (await files.list(sold.id)).files.length === 0;
    });
    await until(async () => !(await stored()).includes(id));
  });
});

/** A storage in a folder that stops where a test wants it to. */
class StoppableStorage implements FileStorage {
  readonly #files: FileStorage;
  /** Called in the middle of a file, and behind it: what it throws is what the storage throws. */
  midway: () => Promise<void> | void = () => {};
  behind: () => Promise<void> | void = () => {};
  /** Called once all of a file was taken, before anything of it is there: as a bucket does it. */
  landing: (() => Promise<void>) | undefined;
  /** Called before something is deleted. */
  deleting: () => Promise<void> | void = () => {};
  /** What was opened, and neither read to its end nor let go. */
  open = 0;

  constructor(folder: string) {
    this.#files = localFiles(folder);
  }

  async put(...[key, content, about]: Parameters<FileStorage['put']>): Promise<void> {
    const { midway, landing } = this;
    const taken = landing && (await takeAll(content));
    await landing?.();
    await this.#files.put(
      key,
      (async function* () {
        for await (const chunk of taken ?? content) {
          yield chunk.subarray(0, chunk.length / 2);
          await midway();
          yield chunk.subarray(chunk.length / 2);
        }
      })(),
      // Nothing stops what a bucket has already.
      taken ? { ...about, signal: new AbortController().signal } : about,
    );
    await this.behind();
  }

  async get(key: string): Promise<ReadableStream<Uint8Array> | undefined> {
    const reader = (await this.#files.get(key))?.getReader();
    if (!reader) return undefined;
    this.open += 1;
    void reader.closed.finally(() => (this.open -= 1));
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    });
  }

  async delete(key: string): Promise<void> {
    await this.deleting();
    await this.#files.delete(key);
  }
}

async function takeAll(content: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const chunks = [];
  for await (const chunk of content) chunks.push(chunk);
  return chunks;
}

/** Something that is waited at until it is opened. */
function gate() {
  let open!: () => void;
  let reach!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  return { open, reached, pass: () => (reach(), opened) };
}

describeOnOneDatabase('A file that does not come whole', (source) => {
  const clock = new TestClock(Date.now());
  const errors: string[] = [];
  let folder: string;
  let storage: StoppableStorage;
  let service: TestService;
  let files: ReturnType<typeof filesOf>;
  let application: TestApplication;
  let scanned: Json | undefined;
  let scan: ScanFile;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'marketplace-session-files-'));
    storage = new StoppableStorage(folder);
    service = await startTestService({
      database: await source.create(),
      now: clock.now,
      timer: clock.timer,
      logger: { info() {}, error: (message, fields) => errors.push(message + JSON.stringify(fields)) },
      files: {
        storage,
        scan: (content, file) => scan(content, file),
        limits: { maxUploads: 2, maxFileBytes: 32 * 1024 * 1024 },
      },
    });
    files = filesOf(service);
    application = await service.createApplication({ max_duration_seconds: 86_400 });
    scan = async () => 'clean';
  });
  after(async () => {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  });
  /** A storage that had all of a file may keep it later than it is removed: after an hour that is over. */
  const hourLater = async () => {
    await until(async () => (await files.objects()).every(({ due_at }) => due_at! > clock.now()));
    clock.advance(hourSeconds);
  };
  /** Time goes on for whoever says that he is still at work. */
  const goOn = async (seconds: number) => {
    for (let passed = 0; passed < seconds; passed += 20) {
      clock.advance(20);
      await until(async () =>
        (await files.objects()).every(
          ({ state, due_at }) => state !== 'uploading' || due_at! > clock.now() + 50_000,
        ),
      );
    }
  };
  const nothingLeft = async (what: string) => {
    await until(async () => (await readdir(folder)).length === 0).catch(() =>
      assert.fail(`${what}: a file is left`),
    );
    await hourLater();
    await until(async () => (await files.objects()).length === 0).catch(() =>
      assert.fail(`${what}: a row is left`),
    );
    assert.deepEqual(await readdir(folder), [], what);
    assert.deepEqual(await service.database.kysely.selectFrom('files').selectAll().execute(), [], what);
  };
  const buy = () => files.buy(application, { duration_seconds: 86_400 });
  /** The head of an upload, and as much of its body as a test wants to send. */
  const begin = (sold: Sold, length: number) => {
    const request = httpRequest(`${service.url}/sessions/${sold.id}/files`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${sold.as}`, 'X-File-Name': 'slow', 'Content-Length': length },
    });
    const answer = new Promise<{ status: number; code: string }>((resolve, reject) => {
      request.on('error', reject);
      request.on('response', (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode!, code: (JSON.parse(text) as { code: string }).code }),
        );
      });
    });
    answer.catch(() => {});
    return { request, answer };
  };
  const uploading = () =>
    until(async () => (await files.objects()).some(({ state }) => state === 'uploading'));

  test('leaves nothing where its sender goes', async () => {
    const { request } = begin(await buy(), 1_000_000);
    request.write(noise(500_000));
    await uploading();
    await until(async () => (await readdir(folder)).length > 0);
    request.destroy();
    await nothingLeft('gone');
  });

  test('is not waited for: neither where nothing comes, nor where it drips', async () => {
    const stalled = begin(await buy(), 1_000);
    stalled.request.write('x');
    await uploading();
    clock.advance(31);
    assert.deepEqual(await stalled.answer, { status: 408, code: 'REQUEST_TIMED_OUT' });
    await nothingLeft('stalled');

    const dripping = begin(await buy(), 1_000_000);
    dripping.request.write(noise(1_000));
    await uploading();
    for (let n = 0; n < 5; n += 1) {
      clock.advance(25);
      dripping.request.write('x');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.deepEqual(await dripping.answer, { status: 408, code: 'REQUEST_TIMED_OUT' });
    await nothingLeft('dripping');
  });

  test('is refused where too many come at a time', async () => {
    const sold = await buy();
    const slow = [begin(sold, 10), begin(sold, 10)];
    for (const { request } of slow) request.write('12345');
    await until(async () => (await files.objects()).length === 2);
    const { status, headers, body } = await files.send(sold, 'third');
    assert.deepEqual([status, body.code, headers.get('retry-after')], [429, 'UPLOADS_TOO_MANY', '5']);
    for (const { request } of slow) request.end('67890');
    for (const { answer } of slow) assert.equal((await answer).status, 201);
    for (const { id } of (await files.list(sold.id)).files)
      await service.call('DELETE', `/sessions/${sold.id}/files/${id}`);
    await nothingLeft('deleted');
  });

  test('leaves nothing on a disk that is full, and says so', async () => {
    const full = () => {
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    };
    for (const step of ['midway', 'behind'] as const) {
      errors.length = 0;
      storage[step] = full;
      const { status, body } = await files.send(await buy(), 'no room');
      storage[step] = () => {};
      assert.deepEqual([status, body.code], [503, 'STORAGE_UNAVAILABLE'], step);
      assert.match(errors.join(), /ENOSPC/);
      await nothingLeft(step);
    }
  });

  test('is kept only once it was looked at, and found clean', async () => {
    scan = async (content, file) => {
      scanned = { ...file, text: await new Response(content).text() };
      return 'infected';
    };
    const infected = await files.send(await buy(), 'EICAR', { name: 'virus.txt' });
    assert.deepEqual([infected.status, infected.body.code], [422, 'FILE_INFECTED']);
    assert.deepEqual([scanned!.text, scanned!.name, scanned!.size], ['EICAR', 'virus.txt', 5]);
    scan = async () => Promise.reject(new Error('the scanner is away'));
    assert.equal((await files.send(await buy(), 'x')).body.code, 'STORAGE_UNAVAILABLE');
    scan = async () => 'clean';
    await nothingLeft('not clean');
  });

  test('leaves nothing after a crash at any step; who only seemed to be dead keeps nothing either', async () => {
    for (const step of ['midway', 'behind', 'scan'] as const) {
      const dead = gate();
      if (step === 'scan') scan = async () => (await dead.pass(), 'clean');
      else storage[step] = dead.pass;
      const sent = files.send(await buy(), 'never kept');
      await dead.reached;
      scan = async () => 'clean';
      storage.midway = storage.behind = () => {};
      assert.equal((await files.objects()).length, 1, step);
      clock.advance(50);
      await until(async () => (await files.objects())[0]!.due_at! > clock.now() + 50_000);
      assert.equal((await files.objects())[0]!.state, 'uploading', 'whoever says so is waited for');
      // A machine that stood still longer than it said.
      clock.advance(61);
      await until(async () => (await files.objects()).every(({ state }) => state === 'gone'));
      await until(async () => (await readdir(folder)).length === 0);
      dead.open();
      const { status } = await sent;
      assert.ok(status >= 400, step);
      await hourLater();
      await nothingLeft(step);
    }
  });

  test('is not waited for where the storage takes nothing, or never says that it has it; what it keeps later is removed', async () => {
    for (const step of ['midway', 'landing'] as const) {
      const late = gate();
      storage[step] = late.pass;
      const sent = files.send(await buy(), 'too late');
      await late.reached;
      [storage.midway, storage.landing] = [() => {}, undefined];
      await goOn(60);
      const { status, body } = await sent;
      assert.deepEqual([status, body.code], [503, 'STORAGE_UNAVAILABLE'], step);
      await until(async () => (await files.objects()).every(({ state }) => state === 'gone'));
      late.open();
      if (step === 'landing') {
        await until(async () => (await readdir(folder)).some((name) => !name.endsWith('.part')));
        await hourLater();
      }
      await nothingLeft(step);
    }
  });

  test('is not waited for where whoever looks at it never comes to an end; what he has not read is let go', async () => {
    let reading: ReadableStreamDefaultReader<Uint8Array> | undefined;
    scan = async (content) => {
      reading = content.getReader();
      await reading.read();
      return new Promise(() => {});
    };
    const sent = files.send(await buy(), noise(2 * 1024 * 1024));
    await until(() => reading !== undefined);
    await goOn(180);
    const { status, body } = await sent;
    assert.deepEqual([status, body.code], [503, 'STORAGE_UNAVAILABLE']);
    await until(() => storage.open === 0);
    await assert.rejects(reading!.read());
    for (const finding of ['infected', 'clean'] as const) {
      scan = async () => finding;
      const sold = await buy();
      const { body } = await files.send(sold, noise(2 * 1024 * 1024));
      assert.equal(body.code, finding === 'clean' ? undefined : 'FILE_INFECTED');
      await until(() => storage.open === 0);
      if (finding === 'clean') await service.call('DELETE', `/sessions/${sold.id}/files/${body.id}`);
    }
    scan = async () => 'clean';
    await nothingLeft('never looked at');
  });

  test('of a customer who is erased meanwhile is removed, whenever the storage has it', async () => {
    const late = gate();
    storage.landing = late.pass;
    const sold = await buy();
    const sent = files.send(sold, 'about a person');
    await late.reached;
    storage.landing = undefined;
    expectOk(await service.call('POST', `/sessions/${sold.id}/end`));
    const { status } = await service.call('DELETE', `/customers/${sold.userId}`);
    assert.ok(status < 300);
    await until(async () => (await files.objects()).every(({ state }) => state === 'gone'));
    late.open();
    assert.ok((await sent).status >= 400);
    await until(async () => (await readdir(folder)).length > 0);
    await hourLater();
    await nothingLeft('erased');
  });

  test('once kept is let go by the storage where whoever opens it goes half way', async () => {
    const sold = await buy();
    const { id, url } = await files.keep(sold, noise(16 * 1024 * 1024));
    const over = new AbortController();
    const answer = await files.open(url, { signal: over.signal });
    await answer.body!.getReader().read();
    assert.equal(storage.open, 1);
    over.abort();
    await until(() => storage.open === 0);
    await service.call('DELETE', `/sessions/${sold.id}/files/${id}`);
    await nothingLeft('opened half way');
  });

  test('is removed as soon as the storage is there again', async () => {
    const sold = await buy();
    const { id } = await files.keep(sold, 'away with it');
    storage.deleting = () => {
      throw new Error('the storage is away');
    };
    assert.equal((await service.call('DELETE', `/sessions/${sold.id}/files/${id}`)).status, 204);
    await until(() => errors.some((line) => line.includes('the storage is away')));
    assert.equal((await files.list(sold.id)).files.length, 0);
    storage.deleting = () => {};
    clock.advance(120);
    await nothingLeft('late');
  });
});

describe('Files by two instances on one PostgreSQL', () => {
  test('are sent to one, opened and removed by the other', async () => {
    const postgres = await startRealPostgres();
    const database = await postgres.createDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'marketplace-session-files-'));
    const settings = { database, files: { storage: localFiles(folder) } };
    const one = await startTestService(settings);
    const two = await startTestService(settings);
    try {
      const application = await one.createApplication();
      const [here, there] = [filesOf(one), filesOf(two)];
      const sold = await here.buy(application);
      const kept = await here.keep(sold, 'shared');
      assert.equal(await (await there.open(kept.url)).text(), 'shared');
      const [listed] = (await there.list(sold.id)).files;
      assert.equal(await (await here.open(listed!.url)).text(), 'shared');
      const deleted = await Promise.all(
        [one, two].map((each) => each.call('DELETE', `/sessions/${sold.id}/files/${kept.id}`)),
      );
      assert.deepEqual(deleted.map(({ status }) => status).sort(), [204, 404]);
      await until(async () => (await readdir(folder)).length === 0);
    } finally {
      await one.close();
      await two.close();
      await postgres.stop();
      await rm(folder, { recursive: true });
    }
  });
});
