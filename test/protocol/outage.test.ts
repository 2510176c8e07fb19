// A service that was gone is not run down by the pages that come back: the real controller, hundreds of times.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { nodeFlags, programOf } from '../programs.js';
import type { Outage, OutageReport } from '../simulation/outage.js';

const outage = { clients: 400, lengthSeconds: 300, seed: 7 };

async function simulate(client: 'session' | 'eager', given: Outage): Promise<OutageReport> {
  const program = programOf('test/simulation/outage-process.ts');
  const args = [...nodeFlags, program, client, JSON.stringify(given)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as OutageReport;
}

test('after an outage the pages come back spread over a minute', async () => {
  const { usual, peakAfter, lastBackSeconds } = await simulate('session', outage);
  assert.ok(Math.abs(usual - outage.clients / 30) < 1, `${usual} requests a second are usual`);
  // Chance alone makes one second of few clients half as much again as the others.
  assert.ok(peakAfter < 3 * usual, `${peakAfter} in one second, where ${usual} are usual`);
  assert.ok(lastBackSeconds < 66, `the last is back after ${lastBackSeconds} s`);
});

test('during an outage the service is asked no more than before it', async () => {
  const { usual, meanDuring } = await simulate('session', { ...outage, lengthSeconds: 1200 });
  assert.ok(meanDuring < usual, `${meanDuring} a second, where ${usual} are usual`);
});

test('clients that retry each second do come all at once', async () => {
  const { usual, peakAfter } = await simulate('eager', outage);
  assert.ok(peakAfter > 20 * usual, `${peakAfter} in one second, where ${usual} are usual`);
});
