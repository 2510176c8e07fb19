import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { serve } from '../../src/service/index.js';
import { callerOf, operatorKey, startTestService, until } from './fixtures.js';
import { assertProblem } from './openapi/answers.js';

const authorization = `Authorization: Bearer ${operatorKey}`;

/** Sends bytes as they are. @returns everything that comes back until the connection closes. */
function exchange(url: string, text: string, { leaveOpen = false } = {}): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      if (leaveOpen) socket.write(text, 'latin1');
      else socket.end(text, 'latin1');
    });
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

/** The code of the one problem that was answered. */
function problemIn(answer: string): string {
  const [head, text] = answer.split('\r\n\r\n') as [string, string];
  const [statusLine, ...lines] = head.split('\r\n');
  const headers = new Headers();
  for (const line of lines) headers.append(...(line.split(': ', 2) as [string, string]));
  assert.equal(Number(headers.get('content-length')), Buffer.byteLength(text), 'one answer and no more');
  return assertProblem({ status: Number(statusLine!.split(' ')[1]), headers, text });
}

test('Bytes that are hardly HTTP', async (t) => {
  const errors: string[] = [];
  const service = await startTestService({
    logger: { info() {}, error: (message, fields) => errors.push(message + JSON.stringify(fields)) },
  });
  t.after(() => service.close());

  const refused = (code: string, ...lines: string[]) =>
    t.test(`${lines[0]!.slice(0, 60)} | ${lines[1]?.slice(0, 60)}: ${code}`, async () => {
      const answer = await exchange(service.url, `${lines.join('\r\n')}\r\n\r\n`);
      assert.equal(problemIn(answer), code);
    });
  await refused('REQUEST_MALFORMED', 'hello');
  await refused('REQUEST_MALFORMED', 'GET / HTTP/9.9', 'Host: a');
  await refused(
    'REQUEST_MALFORMED',
    'GET /sessions HTTP/1.1',
    'Host: a',
    'Content-Length: 1',
    'Content-Length: 2',
  );
  await refused(
    'REQUEST_MALFORMED',
    'POST /sessions HTTP/1.1',
    'Host: a',
    'Content-Length: 1',
    'Transfer-Encoding: chunked',
  );
  await refused('REQUEST_MALFORMED', 'GET /sessions HTTP/1.1', 'Host: a', 'X : y');
  await refused('REQUEST_MALFORMED', 'GET /sessions HTTP/1.1', 'Host: a', 'X: a\0b');
  await refused('REQUEST_MALFORMED', 'GET /sessions HTTP/1.1', 'Host: a@evil.example', 'Connection: close');
  await refused('REQUEST_MALFORMED', 'GET /sessions HTTP/1.1', 'Host: a b', 'Connection: close');
  await refused('REQUEST_MALFORMED', 'GET /sessions HTTP/1.1', 'Host: a/../b', 'Connection: close');
  await refused('ROUTE_NOT_FOUND', 'GET http:///x HTTP/1.1', 'Host: a', 'Connection: close');
  await refused('REQUEST_MALFORMED', 'GET \\\\evil HTTP/1.1', 'Host: a', 'Connection: close');
  await refused('HEADERS_TOO_LARGE', 'GET /sessions HTTP/1.1', 'Host: a', `X: ${'x'.repeat(20_000)}`);
  await refused('HEADERS_TOO_LARGE', `GET /${'x'.repeat(20_000)} HTTP/1.1`, 'Host: a');
  await refused('METHOD_NOT_ALLOWED', 'TRACE /sessions HTTP/1.1', 'Host: a', 'Connection: close');
  await refused('METHOD_NOT_ALLOWED', 'DELETE /healthz HTTP/1.1', 'Host: a', 'Connection: close');
  await refused('REQUEST_MALFORMED', 'OPTIONS * HTTP/1.1', 'Host: a', 'Connection: close');
  await refused(
    'CREDENTIAL_MISSING',
    'GET http://evil.example/sessions HTTP/1.1',
    'Host: a',
    'Connection: close',
  );
  await refused(
    'BODY_MALFORMED',
    'POST /customers HTTP/1.1',
    'Host: a',
    authorization,
    'Content-Type: application/json',
    'Content-Length: 2',
    'Connection: close',
    '',
    '{',
  );
  await refused(
    'REQUEST_MALFORMED',
    'POST /customers HTTP/1.1',
    'Host: a',
    authorization,
    'Content-Type: application/json',
    'Transfer-Encoding: chunked',
    '',
    'zz',
  );

  await t.test('nothing of it failed inside, and the next request is answered', async () => {
    assert.deepEqual(errors, []);
    assert.equal((await service.call('GET', '/healthz')).status, 200);
  });
});

test('Requests that take their time', async (t) => {
  const errors: string[] = [];
  const service = await startTestService({
    logger: { info() {}, error: (message, fields) => errors.push(message + JSON.stringify(fields)) },
  });
  const server = await serve(service.service, { port: 0, headersTimeoutMs: 100, requestTimeoutMs: 200 });
  t.after(async () => {
    await server.close();
    await service.close();
  });
  const slow = async (text: string) => problemIn(await exchange(server.url, text, { leaveOpen: true }));
  const head = `POST /customers HTTP/1.1\r\nHost: a\r\n${authorization}\r\nContent-Type: application/json\r\n`;

  await t.test('to say what they want', async () => {
    assert.equal(await slow('GET /healthz HTTP/1.1\r\nHost: a\r\nX-'), 'REQUEST_TIMED_OUT');
  });
  await t.test('with their body', async () => {
    assert.equal(await slow(`${head}Content-Length: 15\r\n\r\n{"id": "slow`), 'REQUEST_TIMED_OUT');
    assert.equal(await slow(`${head}Transfer-Encoding: chunked\r\n\r\n3\r\n{"i`), 'REQUEST_TIMED_OUT');
    assert.equal((await service.call('GET', '/customers/slow')).status, 404);
  });
  await t.test('have more of it for a file that is wanted, and only for that', async () => {
    const application = await service.createApplication();
    const { session } = await service.createSession(application, await service.createCustomer(10_000));
    const upload = (as: string, length = 10) =>
      `POST /sessions/${session.id}/files HTTP/1.1\r\nHost: a\r\nX-File-Name: slow\r\nAuthorization: Bearer ${as}\r\nContent-Length: ${length}\r\n\r\n12345`;
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.write(upload(operatorKey));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.equal(text, '');
    socket.write('67890');
    await until(() => text.includes('\r\n\r\n{'));
    assert.match(text, /^HTTP\/1\.1 201 /);
    // The next request on the connection has no more time than others.
    text = '';
    socket.write(`${head}Content-Length: 15\r\n\r\n{"id": "slow`);
    await once(socket, 'close');
    assert.equal(problemIn(text), 'REQUEST_TIMED_OUT');
    // One that nobody wants is refused, and its connection ends with it.
    assert.match(await exchange(server.url, upload('wrong'), { leaveOpen: true }), /^HTTP\/1\.1 401 /);
    // What is refused by its head alone is not read, however long it says it is.
    const large = await exchange(server.url, upload(operatorKey, 1e12), { leaveOpen: true });
    assert.match(large, /^HTTP\/1\.1 413 /);
  });
  await t.test('are no failure of the service', () => assert.deepEqual(errors, []));
});

/** The answers that came one after the other on a connection: their status, and the code of a problem. */
function answersIn(text: string): (string | number)[] {
  return text
    .split(/HTTP\/1\.1 (?=\d)/)
    .slice(1)
    .map((answer) => /"code":"(\w+)"/.exec(answer)?.[1] ?? Number(answer.slice(0, 3)));
}

const keepAlive = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n';

test('A connection is trusted no more after its first good request than before', async (t) => {
  const faults: string[] = [];
  const logger = { info() {}, error: (message: string) => faults.push(message) };
  const service = await startTestService({ logger });
  const server = await serve(service.service, { port: 0, logger });
  t.after(async () => {
    await server.close();
    await service.close();
  });
  const unreadable: Record<string, [bytes: string, code: string]> = {
    'one NUL byte': ['\0', 'REQUEST_MALFORMED'],
    'a TLS hello': ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'REQUEST_MALFORMED'],
    'both Content-Length and Transfer-Encoding': [
      'POST /customers HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n',
      'REQUEST_MALFORMED',
    ],
    'more than 16 kB of headers': [
      `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`,
      'HEADERS_TOO_LARGE',
    ],
    'two headers of 9 kB, as a proxy forwards them': [
      `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(9_000)}\r\nY: ${'y'.repeat(9_000)}\r\n\r\n`,
      'HEADERS_TOO_LARGE',
    ],
  };
  for (const [name, [bytes, code]] of Object.entries(unreadable)) {
    await t.test(`${name}, after an answer`, async () => {
      const { hostname, port } = new URL(server.url);
      const socket = connect(Number(port), hostname);
      let text = '';
      socket.on('data', (chunk) => (text += String(chunk)));
      socket.write(keepAlive);
      await until(() => text.includes('"ok"'));
      socket.write(bytes, 'latin1');
      await once(socket, 'close');
      assert.deepEqual(answersIn(text), [200, code]);
    });
    await t.test(`${name}, in the same breath as a good request, which has its own answer`, async () => {
      const text = await exchange(server.url, keepAlive + keepAlive + bytes, { leaveOpen: true });
      assert.deepEqual(answersIn(text), [200, 200, code]);
    });
  }

  await t.test('a sender that closes after it was refused', async () => {
    const path = '/sessions/validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    const head = `POST ${path}Content-Length: 5000000\r\n\r\n`;
    const text = await exchange(server.url, head + 'x'.repeat(100_000));
    assert.deepEqual(answersIn(text), ['BODY_TOO_LARGE']);
    const { status } = await fetch(`${server.url}/sessions/validate`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: 'x'.repeat(5_000_000),
    });
    assert.equal(status, 413);
  });

  await t.test('upgrades that nobody offers are requests like others', async () => {
    const upgrade = 'Connection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n';
    const text = await exchange(server.url, `GET /healthz HTTP/1.1\r\nHost: a\r\n${upgrade}`);
    assert.deepEqual(answersIn(text), [200]);
    assert.equal(await exchange(server.url, `${keepAlive}CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n`), '');
  });

  await t.test('nothing failed inside, and the next request is answered', async () => {
    assert.deepEqual(faults, []);
    assert.equal((await callerOf(server.url)('GET', '/healthz')).status, 200);
  });
});

test('The head of a request', async (t) => {
  const service = await startTestService();
  t.after(() => service.close());
  const ask = async (...lines: string[]) =>
    answersIn(await exchange(service.url, `${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`));

  await t.test('names one host, which HTTP/1.0 may leave out', async () => {
    assert.deepEqual(await ask('GET /healthz HTTP/1.0'), [200]);
    assert.deepEqual(await ask('GET /healthz HTTP/1.0', 'Host: a'), [200]);
    assert.deepEqual(await ask('GET /healthz HTTP/1.1', 'Host:'), [200]);
    assert.deepEqual(await ask('GET /healthz HTTP/1.1', 'Host: [::1]:8080'), [200]);
    assert.deepEqual(await ask('GET /healthz HTTP/1.1'), ['REQUEST_MALFORMED']);
    assert.deepEqual(await ask('GET /healthz HTTP/1.1', 'Host: a', 'Host: a'), ['REQUEST_MALFORMED']);
    assert.deepEqual(await ask('GET /healthz HTTP/1.1', 'Host: a', 'host: b'), ['REQUEST_MALFORMED']);
    assert.deepEqual(await ask('GET http://a/healthz HTTP/1.1', 'Host: a/b'), ['REQUEST_MALFORMED']);
  });

  await t.test('is of a version of HTTP/1', async () => {
    for (const version of ['0.9', '1.2', '2.0', '3.0'])
      assert.deepEqual(await ask(`GET /healthz HTTP/${version}`, 'Host: a'), ['REQUEST_MALFORMED'], version);
  });

  await t.test('may expect what nobody knows', async () => {
    assert.deepEqual(await ask('GET /healthz HTTP/1.1', 'Host: a', 'Expect: a-miracle'), [200]);
  });
});

test('A connection that never asks for anything does not hold up a server that closes', async () => {
  const service = await startTestService();
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  await callerOf(service.url)('GET', '/healthz');
  const closed = once(socket, 'close');
  await service.close();
  await closed;
});

test('A connection is kept longer than any balancer in front keeps it', async (t) => {
  const service = await startTestService();
  t.after(() => service.close());
  const answer = await exchange(service.url, keepAlive, { leaveOpen: false });
  assert.match(answer, /\r\nKeep-Alive: timeout=620\r\n/i);
});
