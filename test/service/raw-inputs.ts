// What reaches a port that anybody can reach: bytes that are HTTP, nearly HTTP, or nothing of the kind.

export interface RawInput {
  /** Sent one after the other; before all but the first one an answer is waited for. */
  parts: string[];
  /** How its sender goes: in order, without waiting for anything, or by a reset in the middle. */
  leaves: 'after the answer' | 'at once' | 'by a reset';
}

const keepAlive = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n';
const post = (path: string, fields: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${fields}\r\n\r\n${body}`;

const good = [
  keepAlive,
  'HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /healthz HTTP/1.0\r\n\r\n',
  'OPTIONS /sessions HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n',
  post('/sessions/validate', 'Content-Length: 14', '{"jti":"a.b.c"}'.slice(0, 14)),
  post('/sessions/validate', 'Content-Length: 13', '{"jti":"a.b"}'),
  post('/sessions/validate', 'Transfer-Encoding: chunked', 'd\r\n{"jti":"a.b"}\r\n0\r\n\r\n'),
  post('/customers', 'Content-Length: 2', '{}'),
];

/** @param random from 0 to below 1 */
const bad: ((random: () => number) => string)[] = [
  () => '\0',
  () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + 'h'.repeat(32),
  () => post('/customers', 'Content-Length: 2\r\nTransfer-Encoding: chunked', '{}'),
  () => post('/customers', 'Content-Length: 2\r\nContent-Length: 3', '{}'),
  () => post('/customers', 'Content-Length: -1', '{}'),
  () => post('/customers', 'Content-Length: 5000000', 'x'.repeat(2000)),
  () => post('/sessions/validate', 'Transfer-Encoding: chunked', 'zz\r\n'),
  () => post('/sessions/validate', 'Transfer-Encoding: chunked', 'ffffffffffffffff\r\nx'),
  () => post('/sessions/validate', 'Transfer-Encoding: gzip, chunked', '0\r\n\r\n'),
  () => post('/customers', 'Content-Length: 100', '{"id":'),
  () => post('/customers', 'Expect: 100-continue\r\nContent-Length: 2', ''),
  (random) =>
    `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(8_000 + Math.floor(random() * 16_000))}\r\n\r\n`,
  () => `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(9_000)}\r\nY: ${'y'.repeat(9_000)}\r\n\r\n`,
  () => `GET /${'x'.repeat(17_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  () => 'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  () => 'GET /healthz HTTP/1.1\r\n\r\n',
  () => 'GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n',
  () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  () => 'GET /healthz HTTP/1.1\nHost: a\n\n',
  () => 'GET /healthz HTTP/1.1\rHost: a\r\r',
  () => 'GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n',
  () => 'GET /healthz HTTP/1.1\r\nHost: a\r\nX : a\r\n\r\n',
  () => 'GET /healthz HTTP/1.1\r\nHost: a\r\nX: \x01\x02\r\n\r\n',
  () => 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n',
  () => 'TRACE /healthz HTTP/1.1\r\nHost: a\r\n\r\n',
  () => 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  () =>
    'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n',
  () => 'GET http://[::1 HTTP/1.1\r\nHost: a\r\n\r\n',
  () => 'GET * HTTP/1.1\r\nHost: a\r\n\r\n',
  () => 'GET /%00%ff%zz?a=%00 HTTP/1.1\r\nHost: a\r\n\r\n',
  () => 'GET \\healthz HTTP/1.1\r\nHost: a\r\n\r\n',
  () => 'GET /sessions/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \xff\xfe\r\n\r\n',
  () => '\r\n\r\n\r\n',
  (random) => {
    const length = 1 + Math.floor(random() * 200);
    return Array.from({ length }, () => String.fromCharCode(Math.floor(random() * 256))).join('');
  },
  // A good one with one byte changed, or cut off.
  (random) => {
    const text = good[Math.floor(random() * good.length)]!;
    const at = Math.floor(random() * text.length);
    return text.slice(0, at) + String.fromCharCode(Math.floor(random() * 256)) + text.slice(at + 1);
  },
  (random) => {
    const text = good[Math.floor(random() * good.length)]!;
    return text.slice(0, Math.floor(random() * text.length));
  },
];

/** Another one at each call, the same ones for the same numbers. */
export function rawInput(random: () => number): RawInput {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const rubbish = pick(bad)(random);
  const parts = pick<() => string[]>([
    () => [rubbish],
    () => [pick(good), rubbish],
    () => [pick(good) + rubbish],
    () => [pick(good) + pick(good) + rubbish + pick(good)],
    () => [pick(good) + pick(good)],
    () => [rubbish + pick(bad)(random)],
  ])();
  return { parts, leaves: pick(['after the answer', 'after the answer', 'at once', 'by a reset']) };
}
