// Each framework mounted right hands on the bytes that were signed; mounted wrong it says what to change. NestJS and both routers
// of Next.js are built, started and asked by `npm run test:examples`.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import express, { type ErrorRequestHandler, type Express } from 'express';
import fastify, { type FastifyInstance } from 'fastify';
import { Hono } from 'hono';
import { createWebhookRoute, toNodeHandler, type WebhookEvent } from '../../src/sdk/index.js';
import { newSecret, signedHeaders } from '../../src/service/features/webhooks/signature.js';

const secret = newSecret();
// Spelled as no serializer would: parsed and written again it is another text.
const body =
  '{ "type":"session.ended", "timestamp":"2026-01-01T00:00:00.000Z","data":{"final_cost":1.0,"note":"\\u00e9 \u{1f600}"} }';

const heard: WebhookEvent[] = [];
const route = createWebhookRoute({ secret, onEvent: (event) => heard.push(event) });
const handler = toNodeHandler(route);

async function deliver(url: string) {
  heard.length = 0;
  const headers = signedHeaders([secret], 'msg_1', body, Date.now());
  const sent = { ...headers, 'Content-Type': 'application/json' };
  const response = await fetch(url, { method: 'POST', body, headers: sent });
  return { status: response.status, text: await response.text(), heard: heard.length };
}

async function serving<T>(server: Server, use: (url: string) => Promise<T>): Promise<T> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const sayError: ErrorRequestHandler = (error: Error, _request, response, next) => {
  if (response.headersSent) next(error);
  else response.status(500).send(error.message);
};

const rightExpress: Record<string, (app: Express) => void> = {
  'before any parser': (app) => app.post('/hooks', handler).use(express.json()),
  'with express.raw()': (app) => app.post('/hooks', express.raw({ type: '*/*' }), handler),
  'with express.text()': (app) => app.post('/hooks', express.text({ type: '*/*' }), handler),
  'in a router of its own': (app) => app.use('/', express.Router().post('/hooks', handler)),
  'behind a parser that keeps rawBody': (app) => {
    const verify = (request: object, _: unknown, rawBody: Buffer) => void Object.assign(request, { rawBody });
    app.use(express.json({ verify })).post('/hooks', handler);
  },
};

test('a body that is longer than any webhook is not read to its end, whatever it says of its length', async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(65_536));
      // A receiver that reads on would be told so much only.
      if ((sent += 65_536) > 64 * 1_048_576) controller.close();
    },
  });
  const send = async (url: string) => {
    const request = new Request(url, { method: 'POST', body: endless, duplex: 'half' } as RequestInit);
    return (await fetch(request)).status;
  };
  assert.equal(await serving(createServer(handler), send), 413);
  assert.ok(sent < 32 * 1_048_576, `${sent} bytes were taken`);
});

describe('Express hands on what was signed', () => {
  for (const [name, mount] of Object.entries(rightExpress))
    test(name, async () => {
      const app = express();
      mount(app);
      assert.deepEqual(await serving(createServer(app), (url) => deliver(`${url}/hooks`)), {
        status: 204,
        text: '',
        heard: 1,
      });
    });

  test('or, behind express.json(), says what to change', async () => {
    const app = express().use(express.json()).post('/hooks', handler).use(sayError);
    const { status, text, heard: count } = await serving(createServer(app), (url) => deliver(`${url}/hooks`));
    assert.deepEqual([status, count], [500, 0]);
    assert.match(text, /Express: mount the route before express\.json\(\)/);
  });
});

describe('Fastify', () => {
  const answers = async (app: FastifyInstance) => {
    await app.listen({ port: 0, host: '127.0.0.1' });
    try {
      const { port } = app.server.address() as AddressInfo;
      return await deliver(`http://127.0.0.1:${port}/hooks`);
    } finally {
      await app.close();
    }
  };
  const mount = (app: FastifyInstance) =>
    app.post('/hooks', async (request, reply) => {
      await handler(request.raw, reply.raw);
      return reply.hijack();
    });

  test('hands on what was signed, in a scope without parsers', async () => {
    const app = fastify();
    await app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
      mount(scope);
    });
    assert.deepEqual(await answers(app), { status: 204, text: '', heard: 1 });
  });

  test('or, with its own parser, says what to change', async () => {
    const app = fastify();
    mount(app);
    const { status, text } = await answers(app);
    assert.equal(status, 500);
    assert.match(text, /Fastify: register it in a scope of its own with removeAllContentTypeParsers\(\)/);
  });
});

describe('Hono', () => {
  const sent = () => ({
    method: 'POST',
    body,
    headers: signedHeaders([secret], 'msg_1', body, Date.now()),
  });

  test('hands on what was signed', async () => {
    const app = new Hono().post('/hooks', (c) => route(c.req.raw));
    assert.equal((await app.request('/hooks', sent())).status, 204);
  });

  test('or, behind a middleware that has parsed the body, says what to change', async () => {
    const app = new Hono()
      .use(async (c, next) => {
        await c.req.json();
        await next();
      })
      .post('/hooks', (c) => route(c.req.raw))
      .onError((error, c) => c.text(error.message, 500));
    const response = await app.request('/hooks', sent());
    assert.match(await response.text(), /Hono: in no middleware call c\.req\.json\(\)/);
    // As that says.
    const mended = new Hono()
      .use(async (c, next) => {
        await c.req.json();
        await next();
      })
      .post('/hooks', async (c) => {
        const { headers } = c.req.raw;
        return route(new Request(c.req.url, { method: 'POST', headers, body: await c.req.arrayBuffer() }));
      });
    assert.equal((await mended.request('/hooks', sent())).status, 204);
  });
});

test('A Node server sees the address, each header and each cookie', async () => {
  const app = express().use(
    '/mounted',
    toNodeHandler(async (request) => {
      const headers = new Headers([
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['X-Url', new URL(request.url).pathname + new URL(request.url).search],
      ]);
      return new Response(request.method, { headers, status: 202 });
    }),
  );
  await serving(createServer(app), async (url) => {
    const response = await fetch(`${url}/mounted/here?a=b`);
    assert.equal(response.status, 202);
    assert.deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2']);
    assert.equal(response.headers.get('x-url'), '/mounted/here?a=b');
    assert.equal(await response.text(), 'GET');
  });
});
