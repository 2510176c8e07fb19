import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { customerId } from '../../demo/marketplace/seed.js';
import type { DemoWorld } from './demo-world.js';
import { copyProject } from './project-copy.js';
import { useDemoWorld } from './set-up.js';

interface Snippet {
  language: string;
  code: string;
}

/** Every fenced block of the README, in order; indented ones too. */
const snippets = [...readFileSync('README.md', 'utf8').matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)].map(
  ([, indent, language, code]): Snippet => ({
    language: language!,
    code: code!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }),
);
const inLanguage = (language: string) => snippets.filter((snippet) => snippet.language === language);

let world: DemoWorld;
let server: Server;
let pageUrl: string;
let pageSource = '';

useDemoWorld((opened) => (world = opened));
before(async () => {
  // The page author's own server: the page, and the package's files for the snippet that imports it by name.
  server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const isScript = pathname.startsWith('/dist/');
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(isScript ? await readFile(`.${pathname}`).catch(() => '') : pageSource);
  });
  server.listen(0);
  await once(server, 'listening');
  pageUrl = `http://localhost:${(server.address() as AddressInfo).port}/`;
  await world.demo.operator.applications.update('your-page', {
    launchUrl: pageUrl,
    allowedOrigins: [new URL(pageUrl).origin],
  });
});
after(async () => {
  server?.closeAllConnections();
  server?.close();
});

/** Serves a page, buys a session for it, and arrives there as the customer. */
async function arrive(source: string): Promise<{ page: Page; faults: string[] }> {
  pageSource = source.replaceAll('http://localhost:4400', world.demo.marketplaceUrl);
  const { launchUrl } = await world.demo.operator.sessions.create({
    applicationId: 'your-page',
    userId: customerId,
    durationSeconds: 120,
  });
  const page = await (await world.newContext()).newPage();
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(launchUrl!);
  return { page, faults };
}

const shownTime = (page: Page) =>
  page.locator('marketplace-session [part=bar] [part=time]').filter({ hasText: /\d:\d\d/ });
const noIcon = (faults: string[]) => faults.filter((fault) => !fault.includes('favicon'));

test('the README holds the snippets that this file runs, and no other', () => {
  assert.deepEqual(
    snippets.map(({ language }) => language),
    ['html', 'sh', 'html', 'html', 'html', 'html', 'js', 'sh'],
  );
});

for (const index of [0, 1]) {
  test(`html snippet ${index + 1} is a page whose time runs`, async () => {
    const { page, faults } = await arrive(inLanguage('html')[index]!.code);
    await shownTime(page).waitFor();
    assert.equal(page.url(), pageUrl);
    assert.deepEqual(noIcon(faults), []);
    await page.context().close();
  });
}

test('the pieces snippet shows the time in the header, once', async () => {
  const [tag, , , , pieces] = inLanguage('html');
  const script = tag!.code.split('\n')[0]!.replace('marketplace-session.js', 'pieces.js');
  const { page, faults } = await arrive(`${script}${pieces!.code}`);
  const time = page.locator('header marketplace-session-timer [part=time]');
  await time.filter({ hasText: /\d:\d\d/ }).waitFor();
  assert.equal(await shownTime(page).filter({ visible: true }).count(), 0);
  assert.deepEqual(noIcon(faults), []);
  await page.context().close();
});

test('the events snippet saves before the end, and stays on the page', async () => {
  const [tag, , events] = inLanguage('html');
  const { page, faults } = await arrive(`<p>My words</p>${tag!.code}${events!.code}`);
  const runs = page.waitForEvent('console', (message) => message.text().startsWith('runs for'));
  await shownTime(page).waitFor();
  await page.evaluate(() => document.querySelector('marketplace-session')!.end());
  await page.locator('marketplace-session [part=ended]').waitFor();
  assert.equal(page.url(), pageUrl);
  assert.match(await page.evaluate(() => localStorage.getItem('draft') ?? ''), /My words/);
  assert.match((await runs).text(), /^runs for \d+ seconds$/);
  assert.deepEqual(noIcon(faults), []);
  await page.context().close();
});

test('the buttons and CSS snippet opens the picker without script, in the page’s colours', async () => {
  const [tag, , , looks] = inLanguage('html');
  const script = tag!.code.split('\n')[0]!;
  const { page, faults } = await arrive(`<!doctype html>${script}${looks!.code}`);
  await shownTime(page).waitFor();
  assert.equal(await shownTime(page).evaluate((time) => getComputedStyle(time).fontSize), '32px');
  await page.getByRole('button', { name: 'More time' }).click();
  const confirm = page.getByRole('button', { name: 'Add 15 minutes for 12 tokens' });
  await confirm.waitFor();
  assert.equal(
    await confirm.evaluate((button) => getComputedStyle(button).backgroundColor),
    'rgb(15, 118, 110)',
  );
  assert.deepEqual(noIcon(faults), []);
  await page.context().close();
});

test('the controller snippet counts down without a view', async () => {
  const imports = { 'marketplace-session/controller': '/dist/controller/index.js' };
  const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
  const { page, faults } = await arrive(
    `<!doctype html>${map}<script type="module">${inLanguage('js')[0]!.code}</script>`,
  );
  await page.waitForFunction(() => /^\d+ s left$/.test(document.title));
  assert.deepEqual(noIcon(faults), []);
  await page.context().close();
});

/** Runs a line of the README's shell in a folder, until it prints what matches; answers what it printed. */
async function runUntil(
  cwd: string,
  command: string,
  env: Record<string, string>,
  pattern: RegExp,
): Promise<{ child: ChildProcess; output: string }> {
  const child = spawn(command, { cwd, shell: true, detached: true, env: { ...process.env, ...env } });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const limit = setTimeout(() => {
      process.kill(-child.pid!, 'SIGKILL');
      reject(new Error(`${command} has not said ${pattern} within five minutes:\n${output}`));
    }, 300_000);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (!pattern.test(output)) return;
      clearTimeout(limit);
      resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', () => {
      clearTimeout(limit);
      reject(new Error(`${command} ended early:\n${output}`));
    });
  });
  return { child, output };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode) return;
  const gone = once(child, 'exit');
  process.kill(-child.pid!, 'SIGTERM');
  await gone;
}

test('npm start says that it starts, and brings up the marketplace and the apps; the next one builds nothing', async () => {
  const [install, start] = inLanguage('sh')[0]!.code.trim().split('\n');
  // What runs this test has been installed by the first line already.
  assert.equal(install, 'npm ci');
  const { folder, remove } = await copyProject();
  const env = { PORT: '0', PROVIDER_PORT: '0', DATA_DIR: join(folder, 'data') };
  const { child, output } = await runUntil(folder, start!, env, /\/docs/);
  try {
    const [marketplaceUrl, appsUrl] = output.match(/http:\/\/localhost:\d+/g)!;
    assert.match(output, /^Starting the demo/m);
    assert.doesNotMatch(output, /timings/i);
    assert.match(await (await fetch(marketplaceUrl!)).text(), /Your own page/);
    assert.equal((await fetch(appsUrl!)).status, 200);
  } finally {
    await stop(child);
  }
  const next = await runUntil(folder, start!, env, /\/docs/);
  await stop(next.child);
  assert.doesNotMatch(next.output, /Building/);
  await remove();
});

test('npx marketplace-session serve answers with a published key', async () => {
  const { folder, remove } = await copyProject();
  const command = inLanguage('sh')[1]!
    .code.trim()
    .replace('--port 8787', '--port 0')
    .replace('./data', join(folder, 'data'));
  const { child, output } = await runUntil(folder, command, {}, /http:\/\/\S+:\d+/);
  try {
    const [address] = /http:\/\/[^\s/]+:\d+/.exec(output)!;
    const { keys } = (await (await fetch(`${address}/.well-known/jwks.json`)).json()) as {
      keys: { crv: string }[];
    };
    assert.equal(keys[0]!.crv, 'P-256');
  } finally {
    await stop(child);
  }
  await remove();
});
