// The server SDK: what it adds to a server that is bundled, and to a call.
import { fileURLToPath } from 'node:url';
import { Marketplace } from '../../../src/sdk/index.js';
import { bundle } from '../harness/bundle.js';
import { gzipBytes } from '../harness/gzip.js';
import { listen } from '../harness/local-server.js';
import type { Benchmark, Row } from '../harness/measurement.js';
import { median, sum } from '../harness/statistics.js';

const marketplaceFile = fileURLToPath(new URL('../../../dist/sdk/marketplace.js', import.meta.url));
const answer = JSON.stringify({ session: { id: 'a', created_at: 1_767_225_600 }, server_time: 1 });

/** Milliseconds of the middle one of so many turns. */
async function middleMs(count: number, turn: () => Promise<unknown>): Promise<number> {
  const tookMs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedAt = performance.now();
    await turn();
    tookMs.push(performance.now() - startedAt);
  }
  return median(tookMs);
}

async function size(): Promise<Row> {
  const own = await bundle(marketplaceFile);
  const stripe = await bundle(fileURLToPath(import.meta.resolve('stripe')));
  const bytesOf = ({ first }: { first: string[] }) => sum(first.map(gzipBytes));
  return {
    name: 'sdk: new Marketplace(), bundled (peer: stripe)',
    value: bytesOf(own),
    unit: 'B gzip',
    target: 6144,
    peer: bytesOf(stripe),
  };
}

export const sdkCalls: Benchmark = {
  name: 'sdk-calls',
  async measure({ sized }) {
    const server = await listen((_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(answer);
    });
    try {
      const marketplace = new Marketplace({ secretKey: 'sk_test_bench', apiUrl: server.origin });
      const bySdk = () => marketplace.sessions.retrieve('a');
      const bare = async () => (await fetch(`${server.origin}/api/v1/sessions/a`)).json();
      const count = sized(2000);
      await middleMs(count, bare);
      await middleMs(count, bySdk);
      const value = await middleMs(count, bySdk);
      const peer = await middleMs(count, bare);
      return [
        await size(),
        { name: 'sdk: a call (peer: bare fetch)', value, unit: 'ms', target: null, peer },
      ];
    } finally {
      await server.close();
    }
  },
};
