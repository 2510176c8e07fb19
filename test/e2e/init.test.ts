// Somebody new, an empty folder, and the commands as they are printed.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { ensureScriptTagFiles } from '../../tools/script-tag-files.mjs';
import { nodeFlags, programOf } from '../programs.js';
import { callerOf, until } from '../service/fixtures.js';
import { freePort } from '../../tools/free-port.mjs';
import { useBrowser } from './set-up.js';

interface Ran {
  child: ChildProcess;
  output: () => string;
}

describe('marketplace-session init', () => {
  let browser: Browser;
  let folder: string;
  let api: string;
  let pageUrl: string;
  const running: Ran[] = [];
  useBrowser((opened) => (browser = opened));

  /** By a shell, in the folder, as it stands. */
  function run(command: string, variables: Record<string, string> = {}): Ran {
    const env = {
      ...process.env,
      DATABASE_URL: undefined,
      MARKETPLACE_OPERATOR_KEY: undefined,
      ...variables,
    };
    const child = spawn(command, {
      cwd: folder,
      shell: true,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
    const ran = { child, output: () => text };
    running.push(ran);
    return ran;
  }
  async function finish(command: string, variables?: Record<string, string>) {
    const { child, output } = run(command, variables);
    if (child.exitCode === null) await once(child, 'close');
    return { code: child.exitCode, output: output() };
  }
  const says = async ({ child, output }: Ran, pattern: RegExp) => {
    await until(() => {
      if (child.exitCode !== null) throw new Error(`it has ended: ${output()}`);
      return pattern.test(output());
    }, 150_000);
    return pattern.exec(output())!;
  };
  const commandsIn = (output: string) =>
    /^Next, .*\n((?: {2}.*\n)+)/m
      .exec(output)![1]!
      .trim()
      .split('\n')
      .map((line) => line.trim());

  before(async () => {
    ensureScriptTagFiles();
    folder = await mkdtemp(join(tmpdir(), 'lantern-sketch-'));
    // What `npm install marketplace-session` leaves behind.
    const bin = join(folder, 'node_modules', '.bin');
    await mkdir(bin, { recursive: true });
    const program = [process.execPath, ...nodeFlags, programOf('src/cli.ts')]
      .map((part) => `'${part}'`)
      .join(' ');
    await writeFile(join(bin, 'marketplace-session'), `#!/bin/sh\nexec ${program} "$@"\n`);
    await chmod(join(bin, 'marketplace-session'), 0o755);
    const [servicePort, pagePort] = [await freePort(), await freePort()];
    api = `http://localhost:${servicePort}`;
    pageUrl = `http://localhost:${pagePort}/`;
    await says(run(`npx marketplace-session serve --port ${servicePort} --log-level error`), /runs at/);
  });
  after(async () => {
    for (const { child } of running) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      // Nothing of it is needed again, nor its data.
      process.kill(-child.pid!, 'SIGKILL');
      await once(child, 'close');
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  test('ends in a running session, by the commands that it prints', async () => {
    const startedAt = Date.now();
    const { code, output } = await finish(
      `npx marketplace-session init --yes --url ${api} --page-url ${pageUrl} --application-id sketch`,
    );
    assert.equal(code, 0, output);
    const secretKey = /^MARKETPLACE_SECRET_KEY=(.+)$/m.exec(
      await readFile(join(folder, '.env'), 'utf8'),
    )![1]!;
    assert.match(secretKey, /^sk_test_/);
    assert.ok(!output.includes(secretKey), 'it is never printed');
    assert.equal((await stat(join(folder, '.env'))).mode & 0o777, 0o600);
    assert.match(await readFile(join(folder, '.gitignore'), 'utf8'), /^\.env$/m);

    const [serve, doctor, rehearse, ...others] = commandsIn(output);
    assert.deepEqual(others, []);
    await says(run(serve!), /The page is at/);
    for (const path of ['.env', '.data/operator.key', 'marketplace-session/../.env', 'server.mjs'])
      assert.equal((await fetch(pageUrl + path)).status, 404, path);

    const checked = await finish(doctor!);
    assert.equal(checked.code, 0, checked.output);
    assert.match(checked.output, /webhooks-missing[^]*\nNothing blocks; 1 piece of advice\.$/m);

    const rehearsal = run(rehearse!);
    const [, address] = await says(rehearsal, /^ {2}(http\S+)$/m);
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(address!);
    if (rehearsal.child.exitCode === null) await once(rehearsal.child, 'close');
    assert.equal(rehearsal.child.exitCode, 0, rehearsal.output());
    assert.match(
      rehearsal.output(),
      /The page is in the session\.[^]*10 seconds before the end[^]*has ended: 600 s, 100 tokens/,
    );
    await until(() =>
      page.evaluate(() => document.querySelector('marketplace-session')!.snapshot.state === 'ended'),
    );
    assert.deepEqual(faults, []);
    await page.close();
    console.log(
      `from an empty folder to a session that has ended: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`,
    );
  });

  test('goes on where it was: files and key are kept, and the address that is new is registered', async () => {
    const before = await readFile(join(folder, '.env'), 'utf8');
    await writeFile(join(folder, 'index.html'), '<p>Mine</p>');
    const { code, output } = await finish(
      `node_modules/.bin/marketplace-session init --yes --json --page-url http://localhost:8123/`,
    );
    assert.equal(code, 0, output);
    const report = JSON.parse(output) as { applicationId: string; kept: string[]; due: string[] };
    assert.deepEqual(
      [report.applicationId, report.kept, report.due],
      ['sketch', ['index.html', 'server.mjs'], []],
    );
    assert.equal(await readFile(join(folder, '.env'), 'utf8'), before);
    assert.equal(await readFile(join(folder, 'index.html'), 'utf8'), '<p>Mine</p>');
    const key = (await readFile(join(folder, '.data', 'operator.key'), 'utf8')).trim();
    const { body } = await callerOf(api)<{ allowed_origins: string[] }>(
      'GET',
      '/api/v1/applications/sketch',
      { as: key },
    );
    assert.deepEqual(body.allowed_origins, [new URL(pageUrl).origin, 'http://localhost:8123']);
  });

  test('names what is wrong where the page does not come', async () => {
    const { code, output } = await finish(
      'node_modules/.bin/marketplace-session rehearse --within-seconds 1',
    );
    assert.equal(code, 1, output);
    assert.match(output, /Nobody has opened the session[^]*FAIL {2}tag[^]*tag-missing/);
    const told = await finish('node_modules/.bin/marketplace-session rehearse --within-seconds 1 --json');
    assert.equal(told.code, 1, told.output);
    const [sold, failed, ...report] = told.output.trim().split('\n');
    assert.match((JSON.parse(sold!) as { launchUrl: string }).launchUrl, /session=/);
    assert.deepEqual(JSON.parse(failed!), { step: 'failed', code: null, message: 'nobody came' });
    const { blockers } = JSON.parse(report.join('\n')) as { blockers: { cause: string }[] };
    assert.deepEqual(
      blockers.map(({ cause }) => cause),
      ['tag-missing'],
    );
  });

  test('takes nothing that it should not, and leaves no secret where others read it', async () => {
    const secret = `sk_live_${'a1B2'.repeat(10)}`;
    const refusals: [command: string, says: RegExp, variables?: Record<string, string>][] = [
      ['init', /no terminal/],
      [`init --yes --name ${secret}`, /--name holds a secret key/],
      ['init --yes --framework ember', /--framework must be one of/],
      ['init --yes --url ftp://market.example', /--url must be an address/],
      [
        'init --yes --application-id other --url http://localhost:1',
        /Nobody answers at http:\/\/localhost:1.*marketplace-session serve/,
      ],
      ['rehearse', /sk_test_/, { MARKETPLACE_SECRET_KEY: secret }],
    ];
    for (const [command, pattern, variables] of refusals) {
      const { code, output } = await finish(`node_modules/.bin/marketplace-session ${command}`, variables);
      assert.equal(code, 1, output);
      assert.match(output, pattern);
      assert.ok(!output.includes(secret), output);
    }
    await finish('git init --quiet && git add --force .env');
    const { code, output } = await finish('node_modules/.bin/marketplace-session init --yes');
    assert.equal(code, 1);
    assert.match(output, /git tracks \.env/);
  });

  test('without the operator key it writes the files, and says what to ask the marketplace for', async () => {
    await finish('git rm --cached --quiet --force .env; rm -rf .git .env index.html server.mjs');
    const { code, output } = await finish(
      `node_modules/.bin/marketplace-session init --yes --data-dir nowhere --url ${api} --page-url ${pageUrl}`,
    );
    assert.equal(code, 0, output);
    assert.match(
      output,
      new RegExp(
        `Due now\\n {2}Ask the marketplace to register \\S+ for the origin ${new URL(pageUrl).origin}`,
      ),
    );
    assert.doesNotMatch(await readFile(join(folder, '.env'), 'utf8'), /SECRET_KEY/);
    assert.match(await readFile(join(folder, 'index.html'), 'utf8'), /application-id="lantern-sketch-/);
  });

  test('knows a framework by package.json, and says what goes where', async () => {
    await writeFile(join(folder, 'package.json'), '{"dependencies":{"react":"19.0.0","next":"16.0.0"}}');
    const { output } = await finish(
      `node_modules/.bin/marketplace-session init --yes --data-dir nowhere --url ${api}`,
    );
    assert.match(
      output,
      /Put this into app\/session\.jsx[^]*'use client'[^]*<marketplace-session api-endpoint=/,
    );
    assert.match(output, /^ {2}npm install marketplace-session$/m);
  });
});
