// npm run test:runtimes: the SDK's scenario, unchanged, in Node, Bun, Deno and workerd, against the real service.
// Runtimes are installed into node_modules/.cache on the first run; one that cannot be had is not run, and never passed.
import { execFile, execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { installCached } from './cached-packages.mjs';
import { compile, compiledPath } from './tests/compile.mjs';

const run = promisify(execFile);
const cache = resolve('node_modules/.cache/runtimes');
const versions = { bun: '1.4.5', deno: '2.9.6', miniflare: '4.20260426.0' };

/** Whether a runtime is there; installs it where it is not. */
function isInstalled(name) {
  try {
    const { isNew } = installCached('runtimes', { [name]: versions[name] });
    // Bun's package puts its binary in place by a script of its own.
    if (isNew && name === 'bun')
      execFileSync(process.execPath, ['install.js'], {
        cwd: join(cache, 'node_modules', name),
        stdio: 'ignore',
      });
    return true;
  } catch {
    return false;
  }
}

const binary = (name) => join(cache, 'node_modules', '.bin', name);

/** Runs a program and gives what it said. */
const said = async (command, ...args) => (await run(command, args, { timeout: 60_000 })).stdout.trim();

const runtimes = {
  Node: { run: (file, place) => said(process.execPath, file, place) },
  Bun: { package: 'bun', run: (file, place) => said(binary('bun'), file, place) },
  Deno: {
    package: 'deno',
    run: (file, place) =>
      said(binary('deno'), 'run', '--no-prompt', '--allow-net', '--allow-env', file, place),
  },
  workerd: {
    package: 'miniflare',
    async run(_, place) {
      const { Miniflare } = createRequire(join(cache, 'package.json'))('miniflare');
      const worker = new Miniflare({
        modules: true,
        scriptPath: bundles.worker,
        compatibilityDate: '2026-01-01',
      });
      try {
        const response = await worker.dispatchFetch('http://worker/', { method: 'POST', body: place });
        const text = await response.text();
        if (!response.ok) throw new Error(text);
        return text;
      } finally {
        await worker.dispose();
      }
    },
  },
};

await compile();
const bundles = { process: join(cache, 'process.mjs'), worker: join(cache, 'worker.mjs') };
await build({
  entryPoints: ['test/sdk/runtimes/process.ts', 'test/sdk/runtimes/worker.ts'],
  bundle: true,
  format: 'esm',
  target: 'es2022',
  external: ['jose'],
  outdir: cache,
  outExtension: { '.js': '.mjs' },
});

const load = (path) => import(pathToFileURL(compiledPath(path)).href);
const { startTestService } = await load('test/service/fixtures.ts');
const { newSecret, signedHeaders } = await load('src/service/features/webhooks/signature.ts');
const service = await startTestService();
const secret = newSecret();
const body = JSON.stringify({ type: 'session.ended', timestamp: '2026-01-01T00:00:00.000Z', data: {} });
const results = { passed: 0, failed: 0, notRun: 0 };
for (const [name, runtime] of Object.entries(runtimes)) {
  if (runtime.package && !isInstalled(runtime.package)) {
    results.notRun += 1;
    console.log(`NOT RUN  ${name}: ${runtime.package} could not be installed`);
    continue;
  }
  const application = await service.createApplication();
  const place = {
    apiUrl: service.url,
    secretKey: application.secretKey,
    applicationId: application.id,
    userId: await service.createCustomer(100_000),
    webhook: { secret, body, headers: signedHeaders([secret], 'msg_1', body, Date.now()) },
  };
  try {
    console.log(`ok  ${name}: ${await runtime.run(bundles.process, JSON.stringify(place))}`);
    results.passed += 1;
  } catch (error) {
    console.log(`FAILED  ${name}\n${error.stderr || error.stack}`);
    results.failed += 1;
  }
}
await service.close();
if (results.notRun) console.log(`${results.notRun} not run`);
console.log(`${results.passed} passed, ${results.failed} failed`);
process.exitCode = results.failed ? 1 : 0;
