// npm run test:examples: each example with the package as npm would serve it, installed into .cache, built, started
// and driven in a browser, against the real service and a local server in the shapes of Supabase Auth. A route that is mounted
// wrong in it must say what mends it. NestJS, which no example is about, is mounted right and wrong in the same way.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { chromium } from 'playwright-core';
import { browserFlags, findBrowser } from './browser.mjs';
import { compile, compiledPath } from './tests/compile.mjs';

const cache = resolve('.cache/examples');
const npm = (cwd, ...args) =>
  execFileSync(process.execPath, [process.env.npm_execpath, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

await compile();
const load = (path) => import(pathToFileURL(compiledPath(path)).href);
const { startTestService } = await load('test/service/fixtures.ts');
const { newSecret, signedHeaders } = await load('src/service/features/webhooks/signature.ts');
const { SupabaseAuth } = await load('test/sdk/supabase-auth.ts');

/** The package, packed. */
function pack() {
  const [{ filename }] = JSON.parse(
    npm('.', 'pack', '--json', '--ignore-scripts', '--pack-destination', cache),
  );
  // npm keeps what it has seen under that name before.
  const tarball = join(cache, `marketplace-session-${Date.now()}.tgz`);
  renameSync(join(cache, filename), tarball);
  return tarball;
}

/** A copy of a folder that depends on the packed package; its other dependencies stay for the next time. */
function install(source, name, tarball) {
  const folder = join(cache, name);
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, 'node_modules', 'marketplace-session'), { recursive: true, force: true });
  const isOwn = (path) => !/[\\/](node_modules|\.next)$/.test(path);
  cpSync(source, folder, { recursive: true, filter: isOwn });
  for (const file of ['package.json', 'package-lock.json']) {
    const path = join(folder, file);
    const content = JSON.parse(readFileSync(path, 'utf8'));
    if (file === 'package.json') content.dependencies['marketplace-session'] = `file:${tarball}`;
    else for (const place of ['../..', 'node_modules/marketplace-session']) delete content.packages[place];
    writeFileSync(path, JSON.stringify(content, null, 2));
  }
  const said = npm(folder, 'install', '--no-audit', '--no-fund');
  assert.doesNotMatch(said, /warn/i);
  return folder;
}

async function freePort() {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts an example, and waits until it answers. */
async function start(folder, args, env, givenPort) {
  const port = givenPort ?? (await freePort());
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...env, PORT: String(port) },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const origin = `http://localhost:${port}`;
  for (let tries = 0; ; tries += 1) {
    const response = await fetch(origin).catch(() => undefined);
    if (response) return { origin, child, said: () => said };
    if (child.exitCode !== null || tries > 120) throw new Error(`${folder} did not start:\n${said}`);
    await new Promise((done) => setTimeout(done, 500));
  }
}

// Proofs of possession name the address.
const servicePort = await freePort();
const service = await startTestService({ port: servicePort, publicUrl: `http://127.0.0.1:${servicePort}` });
const auth = await SupabaseAuth.start();
const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserFlags });
const secret = newSecret();

/** What every example promises. */
async function drive({ origin }, application, login) {
  const ask = (headers = {}) => fetch(`${origin}/api/session`, { method: 'POST', headers });
  assert.equal((await ask()).status, 401, 'nobody is signed in');
  const userId = await service.createCustomer(1000);
  const { session } = await service.createSession(application, userId);

  const context = await browser.newContext();
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => faults.push(message.text()));
  await page.goto(origin);
  await login.signIn(page, userId);
  await page
    .locator('marketplace-session [part=bar] [part=time]')
    .filter({ hasText: /^(9|10):\d\d$/ })
    .waitFor()
    .catch(async (error) => {
      const shown = await page.locator('body').innerText();
      throw new Error(`No time is shown, but: ${shown}\n${faults.join('\n')}`, { cause: error });
    });
  assert.deepEqual(faults, [], 'the console is empty');
  const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  await context.close();

  const answer = await ask({ Cookie: cookies });
  assert.equal(answer.status, 200, 'signed in');
  assert.match(answer.headers.get('cache-control'), /no-store/);
  const { sessionToken } = await answer.json();
  assert.equal(JSON.parse(Buffer.from(sessionToken.split('.')[1], 'base64url')).jti, session.id);
  assert.equal((await ask({ Cookie: cookies, 'Sec-Fetch-Site': 'cross-site' })).status, 403, 'another site');
  await login.more?.(ask);

  assert.equal(await deliver(`${origin}/api/webhooks`), 204, 'a webhook');
  assert.equal(await deliver(`${origin}/api/webhooks`, `${webhook} `), 400, 'a webhook that was changed');
}

// As no parser would write it again.
const webhook =
  '{"type":"session.ended", "timestamp":"2026-01-01T00:00:00.000Z","data":{"final_cost":1.0,"x":"\\u00e9 🏝️"}}';

/** How a signed webhook is answered. */
async function deliver(url, body = webhook) {
  const signed = signedHeaders([secret], 'msg_1', webhook, Date.now());
  const headers = { 'Content-Type': 'application/json', ...signed };
  return (await fetch(url, { method: 'POST', body, headers })).status;
}

/** A route that is mounted wrong fails, and its server says what mends it. */
async function refusesWrongMount({ origin, said }, path, sentence) {
  assert.equal(await deliver(`${origin}${path}`), 500, `${path} is mounted wrong`);
  for (let tries = 0; !sentence.test(said()) && tries < 20; tries += 1)
    await new Promise((done) => setTimeout(done, 100));
  assert.match(said(), sentence);
}

const ownLogin = {
  async signIn(page, userId) {
    await page.getByLabel('Name').fill(userId);
    await page.getByRole('button').click();
  },
};

const supabaseLogin = {
  async signIn(page, userId) {
    const { email } = auth.addUser({ id: userId });
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill('secret');
    await page.getByRole('button').click();
  },
  async more(ask) {
    auth.expiresIn = -60;
    const cookies = await auth.signIn(auth.addUser()).finally(() => (auth.expiresIn = 3600));
    const answer = await ask({ Cookie: cookies });
    assert.equal(answer.status, 200, 'an expired cookie');
    assert.match(answer.headers.getSetCookie().join(), /^sb-127-auth-token=base64-/, 'is refreshed');
    assert.equal((await ask({ Cookie: 'sb-127-auth-token=base64-nonsense' })).status, 401, 'a broken cookie');
  },
};

/** Routes of webhooks as people write them first, each in a file of its own, and what mends them. */
const parsedByApp = {
  file: 'app/api/parsed/route.js',
  text: `import { createWebhookRoute } from 'marketplace-session/sdk';
    const route = createWebhookRoute();
    export async function POST(request) {
      console.log(typeof (await request.json()));
      return route(request);
    }`,
  sentence: /Next\.js App Router: export const POST = createWebhookRoute\(\.\.\.\)/,
};
const parsedByPages = {
  file: 'pages/api/parsed.js',
  text: `import { createWebhookRoute, toNodeHandler } from 'marketplace-session/sdk';
    export default toNodeHandler(createWebhookRoute());`,
  sentence: /Next\.js Pages Router: export const config = \{ api: \{ bodyParser: false \} \}/,
};

const next = (...args) => [join('node_modules', 'next', 'dist', 'bin', 'next'), ...args];
const examples = {
  express: { start: ['--env-file=.env', 'server.js'], login: ownLogin },
  'nextjs-app-router': {
    build: next('build'),
    start: next('start'),
    login: supabaseLogin,
    wrong: parsedByApp,
  },
  'nextjs-pages-router': {
    build: next('build'),
    start: next('start'),
    login: supabaseLogin,
    wrong: parsedByPages,
  },
};

/** Options of `NestFactory.create`, with which a route in a controller gets what was signed, or not. */
const nestApplications = [
  { options: { rawBody: true }, isRight: true },
  { options: { bodyParser: false }, isRight: true },
  { options: {}, isRight: false },
];

async function driveNest(tarball) {
  const folder = install('test/sdk/nestjs', 'nestjs', tarball);
  for (const { options, isRight } of nestApplications) {
    const env = { MARKETPLACE_WEBHOOK_SECRET: secret };
    const running = await start(folder, ['app.mjs', JSON.stringify(options)], env);
    try {
      if (isRight) assert.equal(await deliver(`${running.origin}/api/webhooks`), 204, inspect(options));
      else
        await refusesWrongMount(
          running,
          '/api/webhooks',
          /NestJS: NestFactory\.create\(AppModule, \{ rawBody: true \}\)/,
        );
    } finally {
      running.child.kill();
    }
  }
}

async function driveExample(name, tarball) {
  const { build, start: command, login, wrong } = examples[name];
  const folder = install(join('examples', name), name, tarball);
  if (wrong) {
    mkdirSync(dirname(join(folder, wrong.file)), { recursive: true });
    writeFileSync(join(folder, wrong.file), wrong.text);
  }
  const env = { NEXT_TELEMETRY_DISABLED: '1' };
  if (build)
    execFileSync(process.execPath, build, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: 'pipe',
      encoding: 'utf8',
    });
  const port = await freePort();
  const application = await service.createApplication({
    launch_url: `http://localhost:${port}/`,
    allowed_origins: [`http://localhost:${port}`],
  });
  const running = await start(
    folder,
    command,
    {
      ...env,
      MARKETPLACE_API_URL: service.url,
      MARKETPLACE_SECRET_KEY: application.secretKey,
      MARKETPLACE_WEBHOOK_SECRET: secret,
      SUPABASE_URL: auth.url,
      SUPABASE_PUBLISHABLE_KEY: auth.publishableKey,
    },
    port,
  );
  try {
    await drive(running, application, login);
    if (wrong) await refusesWrongMount(running, '/api/parsed', wrong.sentence);
  } catch (error) {
    console.log(running.said());
    throw error;
  } finally {
    running.child.kill();
  }
}

const work = { nestjs: driveNest };
for (const name of Object.keys(examples)) work[name] = (tarball) => driveExample(name, tarball);
const wanted = process.argv.slice(2);
let failed = 0;
let passed = 0;
mkdirSync(cache, { recursive: true });
try {
  const tarball = pack();
  for (const [name, drives] of Object.entries(work)) {
    if (wanted.length && !wanted.includes(name)) continue;
    const startedAt = Date.now();
    try {
      await drives(tarball);
      passed += 1;
      console.log(`ok  ${name}, ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n${error.stdout ?? ''}${error.stderr ?? ''}${inspect(error)}`);
    }
  }
  rmSync(tarball);
} finally {
  await browser.close();
  await auth.close();
  await service.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
