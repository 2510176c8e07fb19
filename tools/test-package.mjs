// npm run test:package: what npm would serve, as somebody has it who installs it. A newcomer follows docs/getting-started.md to the
// letter, and is timed; an empty project resolves every entry and its types, in each way that TypeScript has.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { chromium } from 'playwright-core';
import { browserFlags, findBrowser } from './browser.mjs';
import { freePort } from './free-port.mjs';
import { program } from './program.mjs';

const folder = mkdtempSync(join(tmpdir(), 'marketplace-session-package-'));
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

/** As a person's shell has it, and not as a script of npm. */
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))),
  // The question whether npm may fetch what was asked for is answered.
  npm_config_yes: 'true',
};
const inShell = (cwd, command) =>
  execFileSync(command, { cwd, env, shell: true, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const [{ filename }] = JSON.parse(
  inShell('.', `npm pack --json --ignore-scripts --pack-destination ${folder}`),
);
// npm keeps what it has seen under that name before.
const tarball = join(folder, `marketplace-session-${Date.now()}.tgz`);
renameSync(join(folder, filename), tarball);

/** The steps of a document: commands, and files in place of what is there. */
function stepsOf(text) {
  const blocks = text.matchAll(/(?:in `([^`]+)`:\n\n)?^```(sh|js|html)\n([\s\S]*?)^```$/gm);
  return [...blocks].filter(([, file, language]) => file || language === 'sh');
}

/** From the first command to the dialog. What a person reads and types in between takes longer than what a machine does. */
const mostSeconds = 240;

async function fiveMinutes() {
  const startedAt = performance.now();
  const steps = stepsOf(readFileSync('docs/getting-started.md', 'utf8'));
  assert.equal(steps.length, 4);
  const port = await freePort();
  let cwd = folder;
  let running;
  for (const [, file, , content] of steps) {
    if (file) {
      writeFileSync(join(cwd, file), content);
      continue;
    }
    for (const command of content.trim().split('\n')) {
      if (command.startsWith('cd ')) cwd = join(cwd, command.slice(3));
      else if (command === 'npm run dev')
        running = spawn(`${command} -- --port ${port} --strictPort`, {
          cwd,
          env,
          shell: true,
          detached: true,
          stdio: 'ignore',
        });
      // The very package that is here, in place of the one that npm has.
      else inShell(cwd, command.replace(/marketplace-session$/, tarball));
    }
  }
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserFlags });
  try {
    const page = await browser.newPage();
    const complaints = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      // Vite's own, and a picture of the site that nobody has drawn.
      if (message.type() === 'error' && !/favicon/.test(message.location().url))
        complaints.push(message.text());
    });
    const address = `http://localhost:${port}/`;
    while (!(await fetch(address).catch(() => undefined))) {
      assert.equal(running.exitCode, null, 'the server of the page has ended');
      await new Promise((done) => setTimeout(done, 100));
    }
    await page.goto(address);
    await page
      .getByRole('timer')
      .filter({ hasText: /0:[34]\d/ })
      .waitFor();
    const shownAt = performance.now();
    await page
      .locator('marketplace-session [part~="dialog"]')
      .filter({ visible: true })
      .waitFor({ timeout: 60_000 });
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(
      `    time runs after ${((shownAt - startedAt) / 1000).toFixed(1)} s, the dialog warns after ${seconds.toFixed(1)} s`,
    );
    assert.deepEqual(complaints, []);
    assert.ok(seconds < mostSeconds, `${seconds} s`);
  } finally {
    await browser.close();
    process.kill(-running.pid);
  }
}

/** Packages whose types the package's own name. */
const peers = Object.keys(manifest.peerDependencies);

function emptyProject() {
  const project = join(folder, 'empty');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  inShell(project, `npm install --no-audit --no-fund ${tarball}`);
  return project;
}

const entries = Object.entries(manifest.exports)
  .filter(([, target]) => typeof target === 'object')
  .map(([entry]) => entry.replace(/^\./, 'marketplace-session'));

/** What a server may import with nothing else installed; the rest says which package it needs. */
async function imports() {
  const project = emptyProject();
  const faults = [];
  for (const entry of entries) {
    try {
      execFileSync(process.execPath, ['--input-type=module', '--eval', `await import('${entry}')`], {
        cwd: project,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    } catch ({ stderr }) {
      const [, missing] = /Cannot find package '((?:@[^/']+\/)?[^/']+)'/.exec(stderr) ?? [];
      if (!peers.includes(missing)) faults.push(`${entry}: ${stderr}`);
    }
  }
  assert.deepEqual(faults, []);
  assert.equal(inShell(project, 'npx marketplace-session --version').trim(), manifest.version);
}

/** With all that is optional: packages of this project lend their types. */
function types() {
  const project = join(folder, 'empty');
  const text = entries
    .map((entry, index) => `import * as entry${index} from '${entry}';\nvoid entry${index};`)
    .join('\n');
  for (const name of ['module.mts', 'bundled.ts']) writeFileSync(join(project, name), `${text}\n`);
  const ways = [
    ['node16', 'node16', 'module.mts'],
    ['nodenext', 'nodenext', 'module.mts'],
    ['preserve', 'bundler', 'bundled.ts'],
  ];
  const compiler = resolve(program('typescript', 'tsc'));
  const versions = peers.map(
    (name) => `${name}@${manifest.devDependencies[name] ?? manifest.peerDependencies[name]}`,
  );
  inShell(
    project,
    `npm install --no-audit --no-fund --ignore-scripts --legacy-peer-deps ${versions.map((one) => `"${one}"`).join(' ')} @types/node@${manifest.devDependencies['@types/node']} @types/react@${manifest.devDependencies['@types/react']} @types/pg@${manifest.devDependencies['@types/pg']}`,
  );
  for (const [module, moduleResolution, file] of ways)
    execFileSync(
      process.execPath,
      [
        compiler,
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        '--target',
        'es2022',
        '--types',
        'node',
        '--module',
        module,
        '--moduleResolution',
        moduleResolution,
        file,
      ],
      { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
}

const work = {
  'docs/getting-started.md in five minutes': fiveMinutes,
  'every entry in an empty project': imports,
  'types in each module resolution': types,
};
let failed = 0;
for (const [name, run] of Object.entries(work)) {
  try {
    await run();
    console.log(`ok  ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.stdout ?? ''}${error.stderr ?? ''}${inspect(error)}`);
  }
}
rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
console.log(`${Object.keys(work).length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
