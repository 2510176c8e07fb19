import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { version } from '../../src/elements/shared/version.js';
import { checks } from '../../src/inspection/checks.js';
import { runChecks, type CheckResult } from '../../src/inspection/run-checks.js';
import type { Setting } from '../../src/inspection/scene.js';
import { nodeFlags, programOf } from '../programs.js';
import { startTestService, type Json, type TestApplication, type TestService } from '../service/fixtures.js';
import { passTo, Stage, type Handler, type Reply } from './stage.js';

const app = 'https://app.example';
const cdn = 'https://cdn.example';
const market = 'https://market.example';
const endpoint = `${market}/api/v1`;
const scriptText = 'export const late = () => import("./late-1.2.3.js");';
const anyOrigin = { 'Access-Control-Allow-Origin': '*' };

/** A page on which everything is right, but for what a row changes. */
interface Page extends Reply {
  head?: string;
  tag?: string;
}

const goodTag = `<marketplace-session api-endpoint="${endpoint}" application-id="sketch" jwks-uri="${endpoint}/.well-known/jwks.json"></marketplace-session>`;
const scriptTag = (attributes = '') =>
  `<script type="module" src="${cdn}/marketplace-session.js" ${attributes}></script>`;

const pageOf =
  ({ head = scriptTag(), tag = goodTag, status, headers, body }: Page = {}): Handler =>
  () => ({
    status: status ?? 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Strict-Transport-Security': 'max-age=31536000',
      ...headers,
    },
    body:
      body ??
      `<!doctype html><html lang="en"><head><title>App</title>${head}</head><body>${tag}</body></html>`,
  });

const files =
  (changes: Record<string, Reply> = {}): Handler =>
  ({ pathname }) => {
    const good = { headers: { 'Content-Type': 'text/javascript', ...anyOrigin }, body: scriptText };
    const known = /^\/(marketplace-session|late-1\.2\.3)\.js$/.test(pathname) ? good : { status: 404 };
    return changes[pathname] ?? known;
  };

/** Headers of a policy that lets everything through which the tag needs. */
const policy = (changes: Record<string, string> = {}) => {
  const directives = {
    'default-src': "'none'",
    'script-src': cdn,
    'connect-src': market,
    'require-trusted-types-for': "'script'",
    'trusted-types': 'lit-html',
    ...changes,
  };
  const text = Object.entries(directives).map(([name, value]) => `${name} ${value}`);
  return { 'Content-Security-Policy': text.join('; ') };
};

interface World {
  origins?: Record<string, Handler>;
  page?: Page;
  setting?: Partial<Setting>;
}

describe('marketplace-session doctor', () => {
  let stage: Stage;
  let service: TestService;
  let application: TestApplication;
  let tested: TestApplication;
  /** Where webhooks are taken, as it is told to. */
  let hookStatus = 204 as number | 'reset';
  const hooks = createServer((request, response) => {
    if (hookStatus === 'reset') return void request.socket.destroy();
    response.writeHead(hookStatus).end();
  });
  let hooksUrl: string;
  before(async () => {
    hooks.listen(0, '127.0.0.1');
    await once(hooks, 'listening');
    const host = `127.0.0.1:${(hooks.address() as AddressInfo).port}`;
    hooksUrl = `http://${host}/hooks`;
    [stage, service] = await Promise.all([
      Stage.open(),
      startTestService({
        webhooks: { allowedHosts: [host, '127.0.0.1:1'], lookup: async () => ['127.0.0.1'] },
      }),
    ]);
    const addresses = { launch_url: `${app}/`, allowed_origins: [app] };
    application = await service.createApplication({ id: 'sketch', ...addresses });
    tested = await service.createApplication({ id: 'tested', environment: 'test', ...addresses });
  });
  after(async () => {
    hooks.closeAllConnections();
    hooks.close();
    await Promise.all([stage.close(), service.close()]);
  });

  async function examine({ origins = {}, page, setting = {} }: World = {}): Promise<CheckResult[]> {
    stage.origins.clear();
    const all = { [app]: pageOf(page), [cdn]: files(), [market]: passTo(service.url), ...origins };
    for (const [origin, handler] of Object.entries(all)) stage.origins.set(origin, handler);
    const results: CheckResult[] = [];
    const whole: Setting = { pageUrl: new URL(`${app}/`), version: '1.2.3', ...setting };
    for await (const result of runChecks(whole, stage.surroundings())) results.push(result);
    return results;
  }

  const causesOf = (results: CheckResult[]) =>
    results.flatMap(({ findings }) => findings.map(({ cause }) => cause));

  test('finds nothing where everything is right, under a strict policy too', async () => {
    for (const headers of [{}, policy(), policy({ 'script-src': "'nonce-abc' 'strict-dynamic'" })]) {
      const results = await examine({ page: { headers, head: scriptTag('nonce="abc"') } });
      assert.deepEqual(causesOf(results), []);
      assert.deepEqual(
        results.filter(({ skipped }) => skipped !== null).map(({ id }) => id),
        ['application', 'frame', 'webhooks'],
      );
    }
  });

  const gone: Handler = () => ({ status: 302, headers: { Location: '/login?next=/' } });
  const login: Handler = (url) =>
    (url.pathname === '/login'
      ? pageOf({ tag: '<input type=password>', head: '' })(url, undefined!)
      : gone(url, undefined!)) as Reply;
  const redirect =
    (to: string): Handler =>
    ({ pathname, searchParams }, request) =>
      pathname === '/'
        ? { status: 301, headers: { Location: to } }
        : (void searchParams, pageOf()(new URL(app + pathname), request) as Reply);
  const script = (reply: Reply) => ({
    [cdn]: files({
      '/marketplace-session.js': {
        headers: { 'Content-Type': 'text/javascript', ...anyOrigin },
        body: scriptText,
        ...reply,
      },
    }),
  });
  const tag = (attributes: string) => `<marketplace-session ${attributes}></marketplace-session>`;
  const frame = (attributes: string): Pick<World, 'origins' | 'setting'> => ({
    origins: {
      [market]: () => ({
        headers: { 'Content-Type': 'text/html' },
        body: `<iframe src="${app}/?x" ${attributes}></iframe>`,
      }),
    },
    setting: { framedBy: new URL(`${market}/play`), apiEndpoint: new URL(endpoint) },
  });
  const throughProxy = (change: (reply: Required<Reply>) => Reply) => ({
    [market]: (...call: Parameters<Handler>) => passTo(service.url, change)(...call),
  });
  const clock = (offMs: number) => new Date(Date.now() + offMs).toUTCString();
  const secret = `sk_live_${'a1B2'.repeat(10)}`;

  /** What is wrong, and what is to be said of it: that, and nothing else. */
  const rows: Record<string, World> = {
    'page-unreachable': {
      setting: { pageUrl: new URL('https://nobody.example/'), apiEndpoint: new URL(endpoint) },
    },
    'page-refused': { page: { status: 500 } },
    'page-behind-login': { origins: { [app]: login }, setting: { apiEndpoint: new URL(endpoint) } },
    'page-not-html': { page: { headers: { 'Content-Type': 'text/plain' } } },
    'page-insecure': {
      origins: { 'http://app.example': pageOf() },
      setting: { pageUrl: new URL('http://app.example/') },
    },
    'page-without-hsts': {
      origins: {
        [app]: (...call) => {
          const reply = pageOf()(...call) as Reply;
          delete reply.headers!['Strict-Transport-Security'];
          return reply;
        },
      },
    },
    'secret-in-page': { page: { tag: `${goodTag}<script>const key = '${secret}'</script>` } },
    'secret-in-script': {
      page: { head: `${scriptTag()}<script src="/app.js"></script>` },
      origins: {
        [app]: (url, request) =>
          url.pathname === '/app.js'
            ? { body: `pay('${secret}')` }
            : pageOf({ head: `${scriptTag()}<script src="/app.js"></script>` })(url, request),
      },
    },
    'secret-in-address': { setting: { pageUrl: new URL(`${app}/?key=${secret}`) } },
    'tag-missing': {
      page: { head: '', tag: '<p>Hello</p><!-- <marketplace-session> -->' },
      setting: { apiEndpoint: new URL(endpoint) },
    },
    'tag-by-script': { page: { tag: '' }, setting: { apiEndpoint: new URL(endpoint) } },
    'tag-twice': { page: { tag: goodTag + goodTag } },
    'application-differs': { setting: { applicationId: 'other' } },
    'endpoint-missing': { page: { tag: tag('') }, setting: { apiEndpoint: new URL(endpoint) } },
    'endpoint-invalid': { page: { tag: tag('api-endpoint="ftp://market.example"') } },
    'endpoint-differs': {
      page: { tag: tag(`api-endpoint="${endpoint}/"`) },
      setting: { apiEndpoint: new URL('https://market2.example/api/v1') },
    },
    'endpoint-insecure': {
      page: { tag: tag('api-endpoint="http://market.example/api/v1"') },
      origins: { 'http://market.example': (...call) => passTo(service.url)(...call) },
    },
    'script-missing': { page: { head: '' } },
    'script-not-found': { origins: script({ status: 404 }) },
    'script-unreachable': {
      page: { head: `<script type="module" src="https://nobody.example/marketplace-session.js"></script>` },
    },
    'script-wrong-type': { origins: script({ headers: { 'Content-Type': 'text/html', ...anyOrigin } }) },
    'script-not-a-module': { page: { head: `<script src="${cdn}/marketplace-session.js"></script>` } },
    'script-without-cors': { origins: script({ headers: { 'Content-Type': 'text/javascript' } }) },
    'script-insecure': {
      page: { head: `<script type=module src="http://cdn.example/marketplace-session.js"></script>` },
    },
    'script-changed': { page: { head: scriptTag('integrity="sha384-AAAA"') } },
    'script-incomplete': { origins: { [cdn]: files({ '/late-1.2.3.js': { status: 404 } }) } },
    'script-twice': {
      page: {
        head: `${scriptTag()}<script type="module">import '${cdn}/marketplace-session.js?v=2'</script>`,
      },
    },
    'script-old': { setting: { version: '1.10.0' } },
    'script-unknown': { origins: script({ body: 'customElements' }) },
    'policy-refuses-script': { page: { headers: policy({ 'script-src': "'self' https://*.cdn.example" }) } },
    'policy-refuses-service': {
      page: {
        head: `${scriptTag()}<meta http-equiv="Content-Security-Policy" content="connect-src 'self' https://market.example:8443">`,
      },
    },
    'policy-refuses-templates': { page: { headers: policy({ 'trusted-types': 'mine' }) } },
    'page-sandboxed': { page: { headers: policy({ sandbox: 'allow-scripts' }) } },
    'devices-refused': {
      page: {
        headers: { 'Permissions-Policy': 'camera=(), geolocation=()' },
        tag: `${goodTag}<marketplace-session-room></marketplace-session-room>`,
      },
    },
    'service-unreachable': { page: { tag: tag('api-endpoint="https://nobody.example/api/v1"') } },
    'service-elsewhere': { page: { tag: tag(`api-endpoint="${app}/api"`) } },
    'service-failing': {
      page: { tag: goodTag.replaceAll(market, 'https://failing.example') },
      origins: {
        'https://failing.example': ({ pathname }) =>
          pathname.endsWith('.json')
            ? { headers: anyOrigin, body: '{"keys":[{"kty":"EC","crv":"P-256","kid":"a"}]}' }
            : {
                status: 502,
                headers: {
                  ...anyOrigin,
                  'Access-Control-Allow-Headers': 'Authorization, Content-Type, DPoP, Idempotency-Key',
                },
              },
      },
    },
    'cors-refused': { origins: throughProxy((reply) => (reply.status === 204 ? { status: 405 } : reply)) },
    'cors-without-header': {
      origins: throughProxy((reply) => ({
        ...reply,
        headers: { ...reply.headers, ...(reply.status === 204 && { 'access-control-allow-headers': '*' }) },
      })),
    },
    'cors-unreadable': {
      origins: throughProxy((reply) => (reply.status === 400 ? { ...reply, headers: {} } : reply)),
    },
    'clock-of-service-off': {
      origins: throughProxy((reply) => ({ ...reply, headers: { ...reply.headers, date: clock(3_600_000) } })),
    },
    'clock-of-server-off': { page: { headers: { Date: clock(-3_600_000) } } },
    'clock-off': {
      page: { headers: { Date: clock(30_000) } },
      origins: throughProxy((reply) => ({ ...reply, headers: { ...reply.headers, date: clock(30_000) } })),
    },
    'keys-unreachable': { page: { tag: tag(`api-endpoint="${endpoint}" jwks-uri="${endpoint}/keys.json"`) } },
    'keys-without-cors': {
      page: { tag: tag(`api-endpoint="${endpoint}" jwks-uri="https://keys.example/"`) },
      origins: {
        'https://keys.example': () => ({ body: '{"keys":[{"kty":"EC","crv":"P-256","kid":"a"}]}' }),
      },
    },
    'keys-invalid': {
      page: { tag: tag(`api-endpoint="${endpoint}" jwks-uri="https://keys.example/"`) },
      origins: {
        'https://keys.example': () => ({ headers: anyOrigin, body: '{"keys":[{"kty":"RSA","kid":"a"}]}' }),
      },
    },
    'token-lost': { origins: { [app]: redirect('/app') } },
    'token-refused': {
      origins: { [app]: (url, request) => (url.search ? { status: 403 } : pageOf()(url, request)) },
    },
    'token-sent-on': { page: { head: `${scriptTag()}<meta name="referrer" content="unsafe-url">` } },
    'frame-missing': {
      ...frame(''),
      setting: { framedBy: new URL(`${cdn}/`), apiEndpoint: new URL(endpoint) },
      origins: {},
    },
  };

  for (const [cause, world] of Object.entries(rows))
    test(`names the cause: ${cause}`, async () => {
      const results = await examine(world);
      assert.deepEqual(causesOf(results), [cause]);
      const [finding] = results.flatMap(({ findings }) => findings);
      assert.doesNotMatch(finding!.means + finding!.mend, /\{\w+\}/, 'each value is there');
      assert.ok(!JSON.stringify(results).includes(secret));
    });

  /** The same, for somebody who has the secret key. */
  const known: Record<
    string,
    World & { fields?: Json; hook?: number | 'reset' | 'none' | 'disabled'; key?: string }
  > = {
    'key-refused': { key: `sk_live_${'x'.repeat(43)}` },
    'application-unknown': { page: { tag: goodTag.replace('sketch', 'nothing') } },
    'origin-not-registered': {
      fields: { allowed_origins: ['https://www.app.example', 'http://app.example'] },
    },
    'launch-elsewhere': { fields: { launch_url: 'https://www.app.example/' } },
    'launch-missing': { fields: { launch_url: null } },
    'return-origins-missing': { fields: { return_origins: [] } },
    'price-of-nothing': { fields: { tokens_per_minute: 0 } },
    'key-of-test': { key: 'test', page: { tag: goodTag.replace('sketch', 'tested') } },
    'webhooks-missing': { hook: 'none' },
    'webhook-disabled': { hook: 'disabled' },
    'webhook-refused': { hook: 400 },
    'webhook-unanswered': { hook: 'reset' },
  };

  for (const [cause, { fields = {}, hook = 204, key, ...world }] of Object.entries(known))
    test(`names the cause to who has the secret key: ${cause}`, async () => {
      const good = {
        launch_url: `${app}/`,
        allowed_origins: [app],
        return_origins: [market],
        tokens_per_minute: 10,
      };
      await service.call('PATCH', '/api/v1/applications/sketch', { body: { ...good, ...fields } });
      hookStatus = typeof hook === 'number' || hook === 'reset' ? hook : 204;
      const as = application.secretKey;
      const made =
        hook === 'none'
          ? undefined
          : await service.call<{ id: string }>('POST', '/api/v1/webhook-endpoints', {
              as,
              body: { url: hooksUrl, events: ['session.ended'] },
              headers: { 'Idempotency-Key': crypto.randomUUID() },
            });
      if (hook === 'disabled')
        await service.call('PATCH', `/api/v1/webhook-endpoints/${made!.body.id}`, {
          as,
          body: { enabled: false },
        });
      const secretKey = key === 'test' ? tested.secretKey : (key ?? as);
      const results = await examine({ ...world, setting: { secretKey } });
      if (made) await service.call('DELETE', `/api/v1/webhook-endpoints/${made.body.id}`, { as });
      assert.deepEqual(causesOf(results), [cause]);
      assert.ok(!JSON.stringify(results).includes(secretKey));
    });

  test('names what keeps the page out of a frame', async () => {
    const inFrame = async (attributes: string, headers: Record<string, string> = {}) => {
      const { origins, setting } = frame(attributes);
      const shown = {
        [market]: ((url, request) =>
          url.pathname === '/play'
            ? origins![market]!(url, request)
            : passTo(service.url)(url, request)) as Handler,
      };
      return causesOf(await examine({ origins: shown, setting: setting!, page: { headers } }));
    };
    assert.deepEqual(await inFrame(''), []);
    assert.deepEqual(await inFrame('sandbox="allow-scripts"'), ['frame-sandboxed']);
    assert.deepEqual(await inFrame('sandbox="allow-scripts allow-same-origin"'), []);
    assert.deepEqual(await inFrame('', { 'X-Frame-Options': 'SAMEORIGIN' }), ['frame-refused-by-header']);
    assert.deepEqual(await inFrame('', { 'Content-Security-Policy': "frame-ancestors 'self'" }), [
      'frame-refused-by-policy',
    ]);
    const allowed = { 'Content-Security-Policy': `frame-ancestors ${market}`, 'X-Frame-Options': 'DENY' };
    assert.deepEqual(await inFrame('', allowed), []);
  });

  test('prints nothing that steers a terminal, no secret key and no session token', async () => {
    const token = `eyJ${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`;
    const results = await examine({
      page: { tag: tag(`api-endpoint="javascript:\u001b]0;${secret}\u0007\u202e"`) },
      setting: {
        pageUrl: new URL(`${app}/?session=${token}`),
        framedBy: new URL(`https://nobody.example/?session=${token}`),
      },
    });
    const said = results.flatMap(({ findings }) =>
      findings.map(({ means, mend, values }) => [means, mend, ...Object.values(values)].join('')),
    );
    assert.ok(said.length > 1);
    assert.doesNotMatch(said.join(''), /[\p{Cc}\u202e]|sk_live_\w|eyJ\w/u);
  });

  test('knows a script by its hash, and one that an application has bundled', async () => {
    const integrity = `sha384-${createHash('sha384').update(scriptText).digest('base64')}`;
    const hashed = {
      head: scriptTag(`integrity="${integrity}"`),
      headers: policy({ 'script-src': `'${integrity}'` }),
    };
    assert.deepEqual(causesOf(await examine({ page: hashed })), []);
    const page: Page = { head: '<script type="module" src="/assets/app.js"></script>' };
    const bundle = {
      [app]: ((url, request) =>
        url.pathname === '/assets/app.js'
          ? { body: 'define("marketplace-session")' }
          : pageOf(page)(url, request)) as Handler,
    };
    assert.deepEqual(causesOf(await examine({ origins: bundle })), []);
  });

  test('every cause that a check declares is shown to be found', () => {
    const declared = checks.flatMap(({ causes }) => Object.keys(causes));
    const elsewhere = [
      'frame-refused-by-policy',
      'frame-refused-by-header',
      'frame-sandboxed',
      'key-of-live',
    ];
    assert.deepEqual(
      [...Object.keys(rows), ...Object.keys(known), ...elsewhere].sort(),
      [...declared].sort(),
    );
    assert.equal(new Set(declared).size, declared.length);
  });

  describe('as a command', () => {
    const run = (args: string[], variables: Record<string, string> = {}) =>
      promisify(execFile)(process.execPath, [...nodeFlags, programOf('src/cli.ts'), 'doctor', ...args], {
        env: { ...process.env, MARKETPLACE_SECRET_KEY: '', ...variables },
      }).then(
        ({ stdout }) => ({ code: 0, text: stdout }),
        ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
          code,
          text: stdout + stderr,
        }),
      );
    /** On this machine, where nothing has to be https. */
    let local: string;
    const page = createServer((request, response) => {
      if (request.url!.endsWith('.js')) {
        response.setHeader('Content-Type', 'text/javascript');
        return void response.end(`export {}; import("./late-${version}.js")`);
      }
      response.setHeader('Content-Type', 'text/html');
      response.end(
        `<script type="module" src="marketplace-session.js"></script><marketplace-session application-id="sketch" api-endpoint="${service.url}/api/v1"></marketplace-session>`,
      );
    });
    before(async () => {
      page.listen(0, '127.0.0.1');
      await once(page, 'listening');
      local = `http://127.0.0.1:${(page.address() as AddressInfo).port}/`;
    });
    after(() => void page.close());

    test('exits with 0 where nothing blocks, and says so', async () => {
      const { code, text } = await run(['--page-url', local]);
      assert.equal(code, 0, text);
      assert.match(text, /^ok {4}script +The script that brings the tag/m);
      assert.match(text, /^skip {2}application/m);
      assert.match(text, /Nothing blocks/);
    });

    test('exits with 1 where something does, as JSON too, and never shows the secret key', async () => {
      const MARKETPLACE_SECRET_KEY = application.secretKey;
      const { code, text } = await run(['--page-url', local, '--json'], { MARKETPLACE_SECRET_KEY });
      assert.equal(code, 1, text);
      const report = JSON.parse(text) as {
        ready: boolean;
        blockers: { cause: string; values: Json }[];
        advice: { cause: string }[];
      };
      assert.equal(report.ready, false);
      const origin = report.blockers.find(({ cause }) => cause === 'origin-not-registered');
      assert.equal(origin!.values.origin, new URL(local).origin);
      assert.ok(report.advice.some(({ cause }) => cause === 'key-of-live'));
      assert.ok(!text.includes(MARKETPLACE_SECRET_KEY));
    });

    test('refuses what is no address, and a secret key where an id belongs, without repeating it', async () => {
      assert.deepEqual(await run([]), {
        code: 1,
        text: '--page-url must be the address of the page that customers arrive at\n',
      });
      const { code, text } = await run(['--page-url', local, '--application-id', secret]);
      assert.equal(code, 1);
      assert.match(text, /holds a secret key/);
      assert.ok(!text.includes(secret));
    });
  });
});
