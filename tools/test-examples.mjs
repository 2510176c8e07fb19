// npm run test:examples: the commands of each example's README as they stand, in a copy of the project that holds what npm would
// serve of it, beside the demo or with a sandbox; what they start is driven in a browser, as the README says, with a local server in the shapes of
// Supabase Auth. A route that is mounted wrong must say what mends it. NestJS, which no example is about, is mounted so too.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { chromium } from 'playwright-core';
import { browserFlags, findBrowser } from './browser.mjs';
import { freePort } from './free-port.mjs';
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
const { startDemo } = await load('demo/demo.ts');
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

const project = join(cache, 'project');

/**
 * The project after `npm ci` and `npm run build`, without what an example has no use for. Packages stay for the next time.
 * @returns the commands that may stand in a README beside its blocks
 */
function layOut(tarball) {
  mkdirSync(project, { recursive: true });
  for (const entry of readdirSync(project))
    if (!['examples', 'node_modules'].includes(entry))
      rmSync(join(project, entry), { recursive: true, force: true });
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', project]);
  const path = join(project, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  const { '@supabase/ssr': ssr, '@supabase/supabase-js': supabase } = manifest.devDependencies;
  const devDependencies = { '@supabase/ssr': ssr, '@supabase/supabase-js': supabase };
  writeFileSync(path, JSON.stringify({ ...manifest, devDependencies, overrides: {} }, null, 2));
  npm(project, 'install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock');
  return Object.keys(manifest.scripts).map((name) => (name === 'start' ? 'npm start' : `npm run ${name}`));
}

/** A copy of a folder; its packages stay for the next time. */
function copy(source, folder) {
  mkdirSync(folder, { recursive: true });
  const isOwn = (path) => !/[\\/](node_modules|\.next|dist)$/.test(path);
  cpSync(source, folder, { recursive: true, filter: isOwn });
  return folder;
}

/** A copy of a folder that depends on the packed package. */
function install(source, name, tarball) {
  const folder = copy(source, join(cache, name));
  rmSync(join(folder, 'node_modules', 'marketplace-session'), { recursive: true, force: true });
  for (const file of ['package.json', 'package-lock.json']) {
    const path = join(folder, file);
    const content = JSON.parse(readFileSync(path, 'utf8'));
    if (file === 'package.json') content.dependencies['marketplace-session'] = `file:${tarball}`;
    else for (const place of ['../..', 'node_modules/marketplace-session']) delete content.packages[place];
    writeFileSync(path, JSON.stringify(content, null, 2));
  }
  npm(folder, 'install', '--no-audit', '--no-fund');
  return folder;
}

/** Runs a program, with what it starts, and waits until it answers on its port. */
async function start(folder, [program, ...args], env, port) {
  // As a person's shell has it, and not as a script of npm.
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const child = spawn(program, args, {
    cwd: folder,
    detached: true,
    env: { ...Object.fromEntries(inherited), ...env, PORT: String(port) },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid);
    await once(child, 'exit');
    // What it has started itself may take a moment longer.
    const answers = () => fetch(origin, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
    while (await answers()) await new Promise((done) => setTimeout(done, 100));
  };
  const origin = `http://localhost:${port}`;
  const givesUpAt = Date.now() + 600_000;
  while (!(await fetch(origin).catch(() => undefined))) {
    if (child.exitCode !== null || Date.now() > givesUpAt) {
      await stop();
      throw new Error(`${folder} did not start:\n${said}`);
    }
    await new Promise((done) => setTimeout(done, 500));
  }
  return { origin, stop, said: () => said };
}

const auth = await SupabaseAuth.start();
const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserFlags });
const secret = newSecret();

/** A page whose time runs; answers the session's id. */
async function runningSession(page) {
  await page
    .locator('marketplace-session [part=bar] [part=time]')
    .filter({ hasText: /^\d+:\d\d$/ })
    .waitFor()
    .catch(async (error) => {
      throw new Error(`No time is shown, but: ${await page.locator('body').innerText()}`, { cause: error });
    });
  return page.locator('marketplace-session').evaluate((tag) => tag.controller.session.id);
}

/** Buys "Your own page" of the demo, arrives at the example, and closes the page. */
async function buy(page, demo, origin) {
  await page.goto(demo.marketplaceUrl);
  const card = page.locator('#your-page');
  await card.locator('input[value="15"]').check();
  await card.getByRole('button').click();
  await page.waitForURL(`${origin}/`);
  const sessionId = await runningSession(page);
  await page.close();
  return sessionId;
}

/** What frameworks and libraries say of a page that is being developed. */
const ofDevelopment = /react-devtools|^\[(HMR|Fast Refresh|vite)\]|^Lit is in dev mode/;

/** What every example promises. */
async function drive({ origin }, demo, login) {
  const ask = (headers = {}) => fetch(`${origin}/api/session`, { method: 'POST', headers });
  assert.equal((await ask()).status, 401, 'nobody is signed in');
  const context = await browser.newContext();
  const faults = [];
  const newPage = async () => {
    const page = await context.newPage();
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('console', (message) => faults.push(message.text()));
    return page;
  };
  const bought = await buy(await newPage(), demo, origin);
  const { userId, sessionId } = await login.customerOf(demo, bought);

  const page = await newPage();
  await page.goto(origin);
  await login.signIn(page, userId);
  assert.equal(await runningSession(page), sessionId, 'the same session again');
  assert.deepEqual(
    faults.filter((line) => !ofDevelopment.test(line)),
    [],
    'the console is empty',
  );
  const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  await context.close();

  const answer = await ask({ Cookie: cookies });
  assert.equal(answer.status, 200, 'signed in');
  assert.match(answer.headers.get('cache-control'), /no-store/);
  const { sessionToken } = await answer.json();
  assert.equal(JSON.parse(Buffer.from(sessionToken.split('.')[1], 'base64url')).jti, sessionId);
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
  // The demo's one customer.
  customerOf: async (demo, sessionId) => ({ userId: 'ada', sessionId }),
  async signIn(page, userId) {
    await page.getByLabel('Name').fill(userId);
    await page.getByRole('button').click();
  },
};

const supabaseLogin = {
  configure(folder) {
    const lines = [`SUPABASE_URL=${auth.url}`, `SUPABASE_PUBLISHABLE_KEY=${auth.publishableKey}`];
    writeFileSync(join(folder, '.env.local'), lines.join('\n'));
  },
  async customerOf({ operator }) {
    const userId = randomUUID();
    await operator.customers.upsert(userId, {});
    await operator.customers.credit(userId, { tokens: 100, reference: userId });
    const sale = { applicationId: 'your-page', userId, durationSeconds: 600 };
    return { userId, sessionId: (await operator.sessions.create(sale)).session.id };
  },
  async signIn(page, userId) {
    const { email } = auth.addUser({ id: userId });
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill('secret');
    await page.getByRole('button', { name: 'Sign in' }).click();
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

const nextDev = ['node_modules/next/dist/bin/next', 'dev'];
const examples = {
  express: { login: ownLogin },
  'nextjs-app-router': { login: supabaseLogin, wrong: parsedByApp, dev: nextDev },
  'nextjs-pages-router': { login: supabaseLogin, wrong: parsedByPages, dev: nextDev },
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
    const program = [process.execPath, 'app.mjs', JSON.stringify(options)];
    const running = await start(folder, program, env, await freePort());
    try {
      if (isRight) assert.equal(await deliver(`${running.origin}/api/webhooks`), 204, inspect(options));
      else
        await refusesWrongMount(
          running,
          '/api/webhooks',
          /NestJS: NestFactory\.create\(AppModule, \{ rawBody: true \}\)/,
        );
    } finally {
      await running.stop();
    }
  }
}

/** The commands of a README: what stands in its blocks, one after the other. */
function commandsOf(readme, knownCommands) {
  for (const [, command] of readme.matchAll(/`(npm [^`\n]+)`/g))
    assert.ok(knownCommands.includes(command), `${command} is no command of the project`);
  return [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block).join('');
}

/** Applications of pages alone, which need no service: their sandbox is driven as published, and as developed. */
const pageExamples = ['vite-react', 'vue', 'svelte', 'solid'];

async function drivePageExample(name, tarball) {
  const knownCommands = layOut(tarball);
  const folder = copy(join('examples', name), join(project, 'examples', name));
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  assert.ok(readme.includes('http://localhost:8000'));
  const port = await freePort();
  const path = join(folder, 'package.json');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('--port 8000', `--port ${port}`));
  const commands = commandsOf(readme, [...knownCommands, 'npm run dev']);
  for (const shell of [commands, 'npm run dev']) {
    const running = await start(folder, ['sh', '-ec', shell], { npm_config_prefer_offline: 'true' }, port);
    try {
      assert.doesNotMatch(running.said(), /npm warn/i);
      await drivePage(running);
    } catch (error) {
      console.log(running.said());
      throw error;
    } finally {
      await running.stop();
    }
  }
}

/** The session of a sandbox runs, is seen in both places, and is ended by its button, in words of the page's own. */
async function drivePage({ origin }) {
  const page = await browser.newPage();
  const faults = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => faults.push(message.text()));
  await page.goto(origin);
  const time = page.locator('marketplace-session-timer [part=time]');
  await time.filter({ hasText: /^(9:[0-5]\d|10:00)$/ }).waitFor();
  await page.locator('#state', { hasText: 'active' }).waitFor();
  await page.locator('marketplace-session [part=sandbox]').waitFor();
  await page.getByRole('button', { name: 'Finish' }).first().click();
  await page.locator('marketplace-session dialog [part~=end-button]').click();
  await page.locator('#state', { hasText: 'ended' }).waitFor();
  const ownFaults = faults.filter((line) => !ofDevelopment.test(line));
  assert.deepEqual(ownFaults, [], 'the console is empty');
  await page.close();
}

async function driveExample(name, tarball) {
  const { login, wrong, dev } = examples[name];
  const knownCommands = layOut(tarball);
  const folder = copy(join('examples', name), join(project, 'examples', name));
  if (wrong) {
    mkdirSync(dirname(join(folder, wrong.file)), { recursive: true });
    writeFileSync(join(folder, wrong.file), wrong.text);
  }
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  for (const address of ['http://localhost:4400', 'http://localhost:8000'])
    assert.ok(readme.includes(address));
  // On ports of its own: those of the README may be taken here.
  const port = await freePort();
  const path = join(folder, 'package.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('--port 8000', `--port ${port}`));
  const demo = await startDemo({
    ports: { marketplace: 0, provider: 0, ownPage: port },
    dataDirectory: join(project, '.data', 'demo'),
    answersByItself: false,
  });
  const env = {
    NEXT_TELEMETRY_DISABLED: '1',
    MARKETPLACE_API_URL: demo.marketplaceUrl,
    MARKETPLACE_WEBHOOK_SECRET: secret,
  };
  login.configure?.(folder);
  try {
    const shell = ['sh', '-ec', commandsOf(readme, knownCommands)];
    const running = await start(folder, shell, env, port);
    try {
      assert.doesNotMatch(running.said(), /npm warn/i);
      await drive(running, demo, login);
      if (wrong) await refusesWrongMount(running, '/api/parsed', wrong.sentence);
    } catch (error) {
      console.log(running.said());
      throw error;
    } finally {
      await running.stop();
    }
    if (dev) await driveDeveloped(folder, [...dev, '--port', String(port)], { demo, login, env, port });
  } finally {
    await demo.close();
  }
}

/** The same while somebody works on it: frameworks tell of hydration that goes wrong there alone. */
async function driveDeveloped(folder, args, { demo, login, env, port }) {
  const secrets = JSON.parse(readFileSync(join(project, '.data', 'demo', 'secrets.json'), 'utf8'));
  const key = { MARKETPLACE_SECRET_KEY: secrets.applicationKeys['your-page'] };
  const running = await start(folder, [process.execPath, ...args], { ...env, ...key }, port);
  try {
    await drive(running, demo, login);
  } catch (error) {
    console.log(running.said());
    throw error;
  } finally {
    await running.stop();
  }
}

const work = { nestjs: driveNest };
for (const name of Object.keys(examples)) work[name] = (tarball) => driveExample(name, tarball);
for (const name of pageExamples) work[name] = (tarball) => drivePageExample(name, tarball);
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
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
