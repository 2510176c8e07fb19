// The first minutes of somebody new: a clean clone, `npm ci`, `npm start` on ports of their own. Nothing may warn or fail.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'marketplace-session-newcomer-'));
/** Through a shell, as people do; on Windows npm is no program that could be started otherwise. */
const npm = (command, env = {}) =>
  spawn(`npm ${command}`, {
    cwd: folder,
    shell: true,
    detached: process.platform !== 'win32',
    env: { ...process.env, ...env },
  });

/** Everything that a command says until it has said what matches, or until its end. */
async function listen(child, pattern) {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  while (child.exitCode === null && !pattern?.test(said))
    await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), once(child, 'close')]);
  return said;
}

/** Ends npm and what it runs. */
function end({ pid }) {
  if (process.platform === 'win32') execFileSync('taskkill', ['/pid', String(pid), '/t', '/f']);
  else process.kill(-pid, 'SIGINT');
}

let failed = 0;
try {
  execFileSync('git', ['clone', '--quiet', '.', folder]);
  const installed = await listen(npm('ci'));
  console.log(installed);
  assert.doesNotMatch(installed, /warn|error/i);

  const child = npm('start', { PORT: '0', PROVIDER_PORT: '0' });
  const startedAt = Date.now();
  const said = await listen(child, /\/docs .*\n/);
  console.log(said);
  console.log(`started in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  assert.match(said, /^Starting the demo/m);
  assert.doesNotMatch(said, /warn|error|timings/i);
  for (const address of said.match(/http:\/\/\S+/g))
    assert.equal((await fetch(address)).status, 200, address);
  end(child);
  if (child.exitCode === null) await once(child, 'exit');
} catch (error) {
  failed = 1;
  console.log(error);
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
console.log(`${1 - failed} passed, ${failed} failed`);
process.exitCode = failed;
