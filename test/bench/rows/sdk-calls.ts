// The server SDK: what it adds to a server that is bundled, and to a call.
import { build } from 'esbuild';
import { Marketplace } from '../../../src/sdk/index.js';
import { installCached } from '../../../tools/cached-packages.mjs';
import { gzipBytes } from '../harness/gzip.js';
import { listen } from '../harness/local-server.js';
import type { Benchmark, Row } from '../harness/measurement.js';
import { median } from '../harness/statistics.js';

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

/** SDKs of other services, and what a server imports of each; the last versions for Node 20. */
const peers = {
  stripe: { version: '23.1.0', client: 'Stripe' },
  openai: { version: '6.49.0', client: 'OpenAI' },
  svix: { version: '1.99.1', client: 'Svix' },
  '@workos-inc/node': { version: '8.13.0', client: 'WorkOS' },
};

/** One class of a module, bundled for a server with all that it needs, minified. */
async function bundledBytes(client: string, module: string, resolveDir = '.'): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${client} } from '${module}'`, resolveDir },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    legalComments: 'none',
    write: false,
  });
  return gzipBytes(Buffer.from(outputFiles[0]!.contents));
}

async function sizes(): Promise<Row[]> {
  const value = await bundledBytes('Marketplace', './dist/sdk/index.js');
  const versions = Object.entries(peers).map(([name, { version }]) => [name, version]);
  const { folder } = installCached('peers-of-the-sdk', Object.fromEntries(versions));
  const rows: Row[] = [{ name: 'sdk: new Marketplace(), bundled', value, unit: 'B gzip', target: 6144 }];
  for (const [name, { client }] of Object.entries(peers)) {
    const peer = await bundledBytes(client, name, folder);
    rows.push({ name: `sdk: bundled, to ${name}`, value, unit: 'B gzip', target: null, peer });
  }
  return rows;
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
        ...(await sizes()),
        { name: 'sdk: a call (peer: bare fetch)', value, unit: 'ms', target: null, peer },
      ];
    } finally {
      await server.close();
    }
  },
};
