// The sandbox is held to what any backend is held to: over HTTP, and as the fetch handler that it is.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runConformance, type RowResult } from '../../src/conformance/run.js';
import { serveSandbox } from '../../src/testing/node/index.js';
import { createSandbox, type TestSandbox } from '../../src/testing/index.js';

/** Nobody waits here for as long as it takes until somebody is lost. */
async function conform(sandbox: TestSandbox, fetch?: TestSandbox['fetch']): Promise<RowResult[]> {
  const hurry = setInterval(() => void sandbox.clock.advance(500), 20);
  const results: RowResult[] = [];
  const { apiEndpoint: url, secretKey } = sandbox;
  const sell = async (waitingSeconds?: number) => (await sandbox.sell({ minutes: 10, waitingSeconds })).token;
  try {
    for await (const result of runConformance({
      ...{ url, set: 'full', secretKey, fetch },
      sell: () => sell(),
      sellWaiting: sell,
    }))
      results.push(result);
  } finally {
    clearInterval(hurry);
  }
  return results;
}

function expectAll(results: readonly RowResult[]): void {
  const wrong = results.filter(({ failure, skipped }) => failure !== null || skipped !== null);
  assert.deepEqual(
    wrong.map(({ name, failure, skipped }) => `${name}: ${failure ?? skipped}`),
    [],
  );
  assert.ok(results.length > 40, `${results.length} rows`);
}

describe('The sandbox passes every row of the full conformance set', () => {
  test('over HTTP', async () => {
    const { sandbox, close } = await serveSandbox();
    try {
      expectAll(await conform(sandbox));
    } finally {
      await close();
    }
  });

  test('as a fetch handler, without a server', async () => {
    const sandbox = createSandbox({ apiEndpoint: 'https://market.example/api/v1' });
    expectAll(await conform(sandbox, sandbox.fetch));
  });
});
