// Where files are kept: a folder, or a bucket that speaks S3. What is stored is whole or not there.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { localFiles, s3Files, type FileStorage, type S3Options } from '../../src/service/index.js';
import { describeOnOneDatabase } from './databases.js';
import { sendFile, startTestService, until, type TestService } from './fixtures.js';
import { S3Store } from './s3-store.js';

const key = () => crypto.randomUUID();
const about = (size: number) => ({ size, contentType: 'text/plain', signal: new AbortController().signal });
async function* pieces(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}
const textOf = async (storage: FileStorage, id: string) => {
  const content = await storage.get(id);
  return content && new Response(content).text();
};

/** What every storage does. */
async function assertKeeps(storage: FileStorage): Promise<void> {
  const [one, other, broken] = [key(), key(), key()];
  assert.equal(await storage.get(one), undefined);
  await storage.put(one, pieces('be', 'ginning'), about(9));
  await storage.put(other, pieces('other'), about(5));
  assert.equal(await textOf(storage, one), 'beginning');
  const breaking = (async function* () {
    yield* pieces('half');
    throw new Error('it broke off');
  })();
  await assert.rejects(storage.put(broken, breaking, about(100)));
  assert.equal(await storage.get(broken), undefined);
  await storage.delete(broken);
  await storage.delete(one);
  await storage.delete(one);
  assert.equal(await storage.get(one), undefined);
  assert.equal(await textOf(storage, other), 'other');
}

describe('A folder', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'marketplace-session-files-'));
  });
  after(() => rm(folder, { recursive: true }));

  test('keeps what is whole', () => assertKeeps(localFiles(join(folder, 'deeper', 'still'))));

  test('is rid of what a crash has left, by the same key', async () => {
    const storage = localFiles(folder);
    const id = key();
    await writeFile(join(folder, `${id}.part`), 'half');
    assert.equal(await storage.get(id), undefined);
    await storage.delete(id);
    assert.ok(!(await readdir(folder)).includes(`${id}.part`));
  });

  test('gives what was opened whole, also where it is deleted meanwhile', async () => {
    const storage = localFiles(folder);
    const id = key();
    await storage.put(id, pieces('still here'), about(10));
    const content = await storage.get(id);
    await storage.delete(id);
    assert.equal(await new Response(content).text(), 'still here');
  });

  test('takes nothing that would fill its disk, and no key that leads out of it', async () => {
    const storage = localFiles(folder);
    await assert.rejects(storage.put(key(), pieces('x'), about(2 ** 52)), { code: 'ENOSPC' });
    for (const id of ['../x', '.', '', 'a/b']) await assert.rejects(storage.get(id), TypeError);
  });
});

describe('A bucket', () => {
  let store: S3Store;
  before(async () => {
    store = await S3Store.start();
  });
  after(() => store.stop());

  test('keeps what is whole, signed as it wants it', async () => {
    await assertKeeps(s3Files(store.options));
    assert.deepEqual([...new Set(store.answers)].sort(), [
      'DELETE 204',
      'GET 200',
      'GET 404',
      'PUT 200',
      'PUT 500',
    ]);
  });

  test('refuses another secret, another region, a clock that is off; the refusal names its code alone', async () => {
    const wrong: [Partial<S3Options>, RegExp][] = [
      [{ secretAccessKey: 'wrong' }, /answered 403 SignatureDoesNotMatch to PUT$/],
      [{ accessKeyId: 'AKOTHER' }, /answered 403 InvalidAccessKeyId to PUT$/],
      [{ region: 'elsewhere' }, /answered 403 InvalidAccessKeyId to PUT$/],
      [{ bucket: 'other' }, /answered 404 NoSuchBucket to PUT$/],
    ];
    for (const [option, message] of wrong) {
      const storage = s3Files({ ...store.options, ...option });
      await assert.rejects(storage.put(key(), pieces('x'), about(1)), { message });
    }
    store.now = () => Date.now() + 1_000_000;
    await assert.rejects(s3Files(store.options).get(key()), /403 RequestTimeTooSkewed to GET$/);
    store.now = Date.now;
  });

  test('may take longer for a file than for an answer; one that does not answer is not waited for', async () => {
    const storage = s3Files({ ...store.options, answerWithinMs: 300 });
    const id = key();
    await storage.put(id, pieces('slowly'), about(6));
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 900));
    store.onStep = async (step) => (step === 'within-object' ? pause() : undefined);
    assert.equal(await textOf(storage, id), 'slowly');
    store.onStep = async () => {};
    for (const ask of [() => storage.get(id), () => storage.delete(id)]) {
      let late: ServerResponse | undefined;
      store.inItsPlace = (response) => (late = response);
      await assert.rejects(ask(), /does not answer/);
      late!.destroy();
    }
    // Who is given up by whoever sends is not waited for either.
    const over = new AbortController();
    let late: ServerResponse | undefined;
    store.inItsPlace = (response) => {
      late = response;
      over.abort(new Error('nobody waits'));
    };
    await assert.rejects(
      storage.put(key(), pieces('x'), { ...about(1), signal: over.signal }),
      /nobody waits/,
    );
    late!.destroy();
  });

  test('is none where something else answers: a page, a redirect, a bucket that is missing, an error without end', async () => {
    const storage = s3Files(store.options);
    const id = key();
    const html = { 'Content-Type': 'text/html' };
    const page = (status: number) => (response: ServerResponse) =>
      void response.writeHead(status, html).end('<title>Sign in</title>');
    const endless = (response: ServerResponse) => {
      response.writeHead(502, html);
      const more = () => response.destroyed || response.write('x'.repeat(65_536), () => setImmediate(more));
      more();
    };
    const away = (response: ServerResponse) =>
      void response.writeHead(307, { Location: `${store.url}/elsewhere` }).end();
    const missing = (response: ServerResponse) =>
      void response.writeHead(404).end('<Error><Code>NoSuchBucket</Code></Error>');
    const asks = [
      () => storage.put(id, pieces('x'), about(1)),
      () => storage.get(id),
      () => storage.delete(id),
    ];
    for (const answer of [page(200), page(404), page(503), endless, away, missing])
      for (const ask of asks) {
        store.inItsPlace = answer;
        await assert.rejects(ask(), (error: Error) => !error.message.includes('Sign in'));
      }
  });

  test('gives a file to whoever has its link, under its name, until it is late', async () => {
    const storage = s3Files({ ...store.options, linkEndpoint: store.url });
    const id = key();
    await storage.put(id, pieces('“Hello”'), about(11));
    const link = { fileName: "“it's” (1).txt", contentType: 'text/plain', expiresInSeconds: 60 };
    const url = await storage.link!(id, link);
    const answer = await fetch(url);
    assert.equal(await answer.text(), '“Hello”');
    assert.equal(
      answer.headers.get('content-disposition'),
      `attachment; filename="_it's_ (1).txt"; filename*=UTF-8''%E2%80%9Cit%27s%E2%80%9D%20%281%29.txt`,
    );
    for (const other of [
      url.replace(id, key()),
      url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'),
      url.replace('attachment', 'inline'),
      url.replace(/X-Amz-Signature=./, 'X-Amz-Signature=g'),
    ])
      assert.equal((await fetch(other)).status, 403);
    store.now = () => Date.now() + 61_000;
    assert.equal((await fetch(url)).status, 403);
    store.now = Date.now;
  });
});

describeOnOneDatabase('Files of a session in a bucket', (source) => {
  let store: S3Store;
  let service: TestService;
  let session: { id: string; as: string };
  before(async () => {
    store = await S3Store.start();
    service = await startTestService({
      database: await source.create(),
      files: { storage: s3Files(store.options), limits: { maxFileBytes: 32 * 1024 * 1024 } },
    });
    const application = await service.createApplication();
    const sold = await service.createSession(application, await service.createCustomer(100_000));
    session = { id: sold.session.id, as: sold.session_token };
  });
  after(async () => {
    await service.close();
    await store.stop();
  });

  test('go through the service to it and back, and are gone from it when they are deleted', async () => {
    const { as } = session;
    const sent = await sendFile(service, session.id, { as, name: 'hello.txt', content: 'Hello, bucket' });
    assert.deepEqual([...store.objects.keys()], [sent.id]);
    assert.equal(store.objects.get(sent.id)!.contentType, 'text/plain');
    const answer = await fetch(sent.url.replace('http://session.test', service.url));
    assert.equal(await answer.text(), 'Hello, bucket');
    const { status } = await service.call('DELETE', `/sessions/${session.id}/files/${sent.id}`, { as });
    assert.equal(status, 204);
    await until(() => store.objects.size === 0);
  });

  test('that cannot be kept are refused, and leave nothing that anybody finds', async () => {
    store.failures = [503];
    const { status, body } = await service.call('POST', `/sessions/${session.id}/files`, {
      as: session.as,
      body: 'x',
      headers: { 'X-File-Name': 'x', 'Content-Type': 'text/plain' },
    });
    assert.deepEqual([status, body.code], [503, 'STORAGE_UNAVAILABLE']);
    assert.deepEqual(
      (await service.call<{ files: [] }>('GET', `/sessions/${session.id}/files`)).body.files,
      [],
    );
    // It is removed, and once more in an hour, in case the bucket keeps what it had already.
    await until(async () => {
      const rows = await service.database.kysely.selectFrom('file_objects').selectAll().execute();
      return rows.every(({ state, due_at }) => state === 'gone' && due_at! > Date.now() + 3_000_000);
    });
  });
});

/** A number, once it has not changed for a while. */
async function whenStill(read: () => number): Promise<number> {
  for (let before = -1; before !== read();) {
    before = read();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return read();
}

describe('A large file', () => {
  const size = 64 * 1024 * 1024;

  /** @param storage takes nothing until `stands` has told how much of it is on its way. */
  async function assertPasses(storage: FileStorage, stands: (read: () => number) => void): Promise<void> {
    const files = { storage, limits: { maxFileBytes: size } };
    const service = await startTestService({ files });
    try {
      const application = await service.createApplication();
      const sold = await service.createSession(application, await service.createCustomer(100_000));
      const piece = randomBytes(64 * 1024);
      let sent = 0;
      stands(() => sent);
      const sending = (async function* () {
        for (; sent < size; sent += piece.length) yield piece;
      })();
      const response = await fetch(`${service.url}/sessions/${sold.session.id}/files`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${sold.session_token}`,
          'X-File-Name': 'large',
          'Content-Length': String(size),
        },
        body: sending,
        duplex: 'half',
      } as unknown as RequestInit);
      assert.equal(response.status, 201);
    } finally {
      await service.close();
    }
  }
  // Most of it are the buffers of both ends of each connection.
  const assertLittle = (held: number) =>
    assert.ok(held < size / 3, `${held} bytes were on their way while the storage took none`);

  test('passes through: what the storage has not taken yet does not pile up', async () => {
    let [taken, held] = [0, Infinity];
    let read = () => 0;
    const storage: FileStorage = {
      async put(_, content) {
        for await (const chunk of content) {
          if (taken === 0) held = await whenStill(read);
          taken += chunk.length;
        }
      },
      get: async () => undefined,
      delete: async () => {},
    };
    await assertPasses(storage, (sent) => (read = sent));
    assert.equal(taken, size);
    assertLittle(held);
  });

  test('passes through to a bucket, which takes it when it likes', async () => {
    const store = await S3Store.start();
    let held = Infinity;
    try {
      await assertPasses(s3Files(store.options), (sent) => {
        store.onStep = async (step) => {
          if (step === 'before-object') held = await whenStill(sent);
        };
      });
      const [object] = store.objects.values();
      assert.equal(object!.content.length, size);
      assertLittle(held);
    } finally {
      await store.stop();
    }
  });
});
