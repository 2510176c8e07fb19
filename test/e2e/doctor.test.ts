// What doctor says of a page, held against what a browser does with it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { runChecks } from '../../src/inspection/run-checks.js';
import { useBrowser } from './set-up.js';

interface Outcome {
  runs: boolean;
  asks: boolean;
}

describe('doctor and a browser are of one mind', () => {
  let browser: Browser;
  let page: Server;
  /** The script's and the service's origin. */
  let other: Server;
  let headers: Record<string, string> = {};
  let scriptHeaders: Record<string, string> = {};
  let attributes = '';
  useBrowser((opened) => (browser = opened));

  const portOf = (server: Server) => (server.address() as AddressInfo).port;
  const script = 'globalThis.runs = true;';
  before(async () => {
    other = createServer(({ url, method }, response) => {
      if (url!.endsWith('.js'))
        return void response
          .writeHead(200, {
            'Content-Type': 'text/javascript',
            'Access-Control-Allow-Origin': '*',
            ...scriptHeaders,
          })
          .end(script);
      response.writeHead(method === 'OPTIONS' ? 204 : 400, {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Headers': 'Authorization, Content-Type, DPoP, Idempotency-Key',
        'Content-Type': 'application/problem+json',
      });
      response.end(method === 'OPTIONS' ? undefined : '{"code":"TOKEN_MALFORMED"}');
    });
    page = createServer((_, response) => {
      const address = `http://localhost:${portOf(other)}`;
      response.writeHead(200, { 'Content-Type': 'text/html', ...headers }).end(
        `<!doctype html><title>Page</title><link rel="icon" href="data:,">
        <script type="module" src="${address}/marketplace-session.js" ${attributes}></script>
        <marketplace-session api-endpoint="${address}/api/v1"></marketplace-session>`,
      );
    });
    for (const server of [page, other]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
  });
  after(() => {
    for (const server of [page, other]) server.close().closeAllConnections();
  });

  async function inBrowser(): Promise<Outcome> {
    const context = await browser.newContext();
    try {
      const tab = await context.newPage();
      await tab.goto(`http://localhost:${portOf(page)}/`, { waitUntil: 'load' });
      const runs = await tab.evaluate(() => 'runs' in globalThis);
      const api = `http://localhost:${portOf(other)}/api/v1/sessions`;
      const asks = await tab.evaluate(
        (urls) =>
          Promise.all(urls.map((url) => fetch(url, { method: 'POST' }))).then(
            () => true,
            () => false,
          ),
        [`${api}/validate`, `${api}/17/heartbeat`],
      );
      return { runs, asks };
    } finally {
      await context.close();
    }
  }

  async function byDoctor(): Promise<Outcome & { causes: string[] }> {
    const setting = { pageUrl: new URL(`http://localhost:${portOf(page)}/`), version: '0.0.0' };
    const world = { fetch, now: Date.now, wait: () => Promise.resolve() };
    const causes: string[] = [];
    for await (const { findings } of runChecks(setting, world))
      causes.push(...findings.map(({ cause }) => cause));
    const keepsFromRunning = [
      'policy-refuses-script',
      'script-without-cors',
      'script-wrong-type',
      'script-changed',
    ];
    return {
      runs: !causes.some((cause) => keepsFromRunning.includes(cause)),
      asks: !causes.includes('policy-refuses-service'),
      causes,
    };
  }

  /** `{other}` stands for the origin of script and service, `{port}` for its port. */
  const policies = [
    "default-src 'none'",
    'default-src *',
    "default-src 'self'",
    'default-src {other}',
    'script-src {other}; connect-src http:',
    'script-src http://localhost:*; connect-src localhost:{port}',
    'script-src localhost; connect-src http://localhost:1',
    'script-src *:{port}; connect-src http://*.localhost:{port}',
    'script-src https://localhost:{port}; connect-src HTTP://LOCALHOST:{port}',
    'script-src {other}/marketplace-session.js; connect-src {other}/api/',
    'script-src {other}/marketplace; connect-src {other}/api/v1/sessions/validate',
    "script-src 'nonce-abc'; connect-src 'none'",
    "script-src 'nonce-xyz'; connect-src ws: http:",
    "script-src 'nonce-abc' 'strict-dynamic'; connect-src {other}",
    "script-src 'strict-dynamic' {other}; connect-src {other}",
    "script-src 'none'; script-src-elem {other}; connect-src 'self' {other}",
    "script-src {other}; script-src 'none'; connect-src {other};;  ",
    "script-src {other}, script-src 'self'",
    "img-src 'none'",
  ];

  for (const policy of policies)
    test(`under ${policy}`, async () => {
      const origin = `http://localhost:${portOf(other)}`;
      const text = policy.replaceAll('{other}', origin).replaceAll('{port}', String(portOf(other)));
      headers = { 'Content-Security-Policy': text };
      attributes = 'nonce="abc"';
      scriptHeaders = {};
      const [real, told] = [await inBrowser(), await byDoctor()];
      assert.deepEqual({ runs: told.runs, asks: told.asks }, real, told.causes.join(', '));
    });

  test('of a script that comes otherwise than it should', async () => {
    headers = {};
    const ways: [attributes: string, headers: Record<string, string>][] = [
      ['', { 'Access-Control-Allow-Origin': 'https://else.example' }],
      ['', { 'Content-Type': 'text/html' }],
      ['', { 'Content-Type': 'application/x-javascript; charset=utf-8' }],
      ['', { 'Content-Type': 'application/json' }],
      ['integrity="sha256-AAAA"', {}],
      ['integrity="sha1-AAAA"', {}],
    ];
    for (const [written, sent] of ways) {
      [attributes, scriptHeaders] = [written, sent];
      const [real, told] = [await inBrowser(), await byDoctor()];
      assert.equal(told.runs, real.runs, `${written} ${JSON.stringify(sent)}: ${told.causes.join(', ')}`);
    }
  });
});
