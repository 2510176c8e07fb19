import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { serve } from '../../src/service/index.js';
import { operatorKey, startTestService } from './fixtures.js';
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
  await t.test('are no failure of the service', () => assert.deepEqual(errors, []));
});
