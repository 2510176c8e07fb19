import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { nodeFlags, programOf } from '../programs.js';

let folder: string;
before(async () => (folder = await mkdtemp(join(tmpdir(), 'marketplace-session-start-'))));
after(() => rm(folder, { recursive: true, maxRetries: 10 }));

interface Started {
  child: ChildProcess;
  /** Everything said so far. */
  said(): string;
}

function start(environment: Record<string, string>): Started {
  const child = spawn(process.execPath, [...nodeFlags, programOf('demo/start.ts')], {
    cwd: folder,
    env: { ...process.env, ...environment },
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  child.stderr.on('data', (chunk) => (text += chunk));
  return { child, said: () => text };
}

/** Until the demo says where it is. @param place as it is told. */
async function addressOf({ child, said }: Started, place = 'Tempo, the marketplace'): Promise<string> {
  for (;;) {
    const [, address] = new RegExp(`${place} +(http://localhost:\\d+)`).exec(said()) ?? [];
    if (address) return address;
    await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')]);
    assert.equal(child.exitCode, null, said());
  }
}

/** How many sessions the provider's dashboard counts. */
async function soldBefore(started: Started): Promise<number> {
  const [marketplace, provider] = await Promise.all([
    addressOf(started),
    addressOf(started, "The provider's figures"),
  ]);
  const origin = new URL(provider).origin;
  const issued = await fetch(`${origin}/dashboard/access-token`, { method: 'POST', headers: { origin } });
  const { access_token } = (await issued.json()) as { access_token: string };
  const stats = await fetch(`${marketplace}/api/v1/providers/lantern/stats`, {
    headers: { Authorization: `Bearer ${access_token}` },
  });
  return ((await stats.json()) as { sessions: number }).sessions;
}

async function exitCode({ child }: Started): Promise<number> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode!;
}

const freePorts = { PORT: '0', PROVIDER_PORT: '0' };

test('the demo starts, refuses to start twice, stops on Ctrl-C and remembers', async () => {
  const first = start(freePorts);
  const shop = await (await fetch(`${await addressOf(first)}/`)).text();
  assert.match(shop, /Good apps, by the minute/);
  assert.ok((await soldBefore(first)) > 50, 'the dashboard has three months to show');

  const second = start(freePorts);
  assert.equal(await exitCode(second), 1);
  const refusal =
    /^The demo runs already: .* Stop it first, or start a second one beside it: (.*) npm start\s*$/;
  const [, advice] = refusal.exec(second.said()) ?? assert.fail(second.said());
  const advised = Object.fromEntries(advice!.split(' ').map((setting) => setting.split('=')));
  assert.deepEqual(Object.keys(advised), ['DATA_DIR', 'PORT', 'PROVIDER_PORT']);
  const beside = start({ ...advised, ...freePorts });
  assert.equal((await fetch(`${await addressOf(beside)}/`)).status, 200, 'what it advises works');
  beside.child.kill('SIGINT');
  assert.equal(await exitCode(beside), 0);

  first.child.kill('SIGINT');
  assert.equal(await exitCode(first), 0);

  const again = start(freePorts);
  const wallet = await (await fetch(`${await addressOf(again)}/wallet`)).text();
  assert.match(wallet, /300 tokens/);
  assert.equal(wallet.match(/Welcome gift/g)?.length, 1, 'the welcome gift is given once');
  again.child.kill('SIGINT');
  assert.equal(await exitCode(again), 0);
});

test('a port that is taken, or none, is told in one line', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const taken = start({ ...freePorts, PORT: String(port) });
  assert.equal(await exitCode(taken), 1);
  assert.match(taken.said(), new RegExp(`^Port ${port} is taken\\. .*PORT=5400.*DATA_DIR=.*\\s*$`));
  other.close();

  const wrong = start({ ...freePorts, PROVIDER_PORT: '99999' });
  assert.equal(await exitCode(wrong), 1);
  assert.match(wrong.said(), /^PROVIDER_PORT=99999 is no port/);
});

test('the page of one’s own may be on another port than 8000', async () => {
  const started = start({ ...freePorts, OWN_PAGE_PORT: '8123' });
  const shop = await (await fetch(`${await addressOf(started)}/`)).text();
  assert.match(shop, /Whatever you serve on port 8123/);
  started.child.kill('SIGINT');
  assert.equal(await exitCode(started), 0);
});
