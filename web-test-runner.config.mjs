import { createServer } from 'node:net';
import { chromeLauncher } from '@web/test-runner-chrome';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import puppeteer from 'puppeteer-core';
import { browserFlags, fakeDeviceFlags, findBrowser, findFirefox, findWebkit } from './tools/browser.mjs';
import { browserReporter } from './tools/tests/browser-reporter.mjs';
import { servedBundles } from './tools/tests/bundles.mjs';
import { webkitLauncher } from './tools/webkit-launcher.mjs';
import { unsteadyFiles } from './test/elements/unsteady-files.mjs';
import { uploadSink } from './test/elements/upload-sink.mjs';

/** The same of Firefox as the flags of Chromium. */
const fakeDevicePreferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
};

/** One engine a run: ENGINE=firefox, ENGINE=webkit; Chromium where nothing is said. */
const launchers = {
  chromium: async () =>
    chromeLauncher({
      launchOptions: {
        executablePath: process.env.HEADLESS_SHELL_PATH ?? (await findBrowser()),
        args: [...browserFlags, ...fakeDeviceFlags],
      },
    }),
  firefox: () =>
    chromeLauncher({
      puppeteer,
      launchOptions: {
        browser: 'firefox',
        protocol: 'webDriverBiDi',
        executablePath: findFirefox(),
        extraPrefsFirefox: fakeDevicePreferences,
      },
    }),
  webkit: () => webkitLauncher(findWebkit()),
};
const engine = process.env.ENGINE ?? 'chromium';

/** A port of its own for each run: several run at once. */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

export default {
  files: ['test/controller/**/*.test.ts', 'test/elements/**/*.test.ts'],
  port: await freePort(),
  nodeResolve: { exportConditions: ['production'] },
  middleware: [unsteadyFiles, uploadSink],
  // Lines are counted in files that come one by one.
  plugins: [
    process.argv.includes('--coverage')
      ? esbuildPlugin({ ts: true, target: 'es2022', tsconfig: './tsconfig.json' })
      : servedBundles,
  ],
  browsers: [await launchers[engine]()],
  ...(process.send && { reporters: [browserReporter] }),
  // One at a time: a page in the background gets neither frames nor idle time.
  concurrency: 1,
  // On a busy machine; a test has its own limit.
  browserStartTimeout: 120_000,
  testsFinishTimeout: 300_000,
  testFramework: { config: { ui: 'bdd', timeout: 90_000 } },
  coverageConfig: {
    include: ['src/controller/**/*.ts', 'src/elements/**/*.ts', 'src/protocol/**/*.ts'],
    threshold: { lines: 95, statements: 0, branches: 0, functions: 0 },
    report: true,
    reportDir: 'coverage/browser',
    reporters: ['lcovonly', 'text-summary'],
  },
};
