import { chromeLauncher } from '@web/test-runner-chrome';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { browserFlags, findBrowser } from './tools/browser.mjs';

const executablePath = await findBrowser();

export default {
  files: ['test/controller/**/*.test.ts', 'test/elements/**/*.test.ts'],
  nodeResolve: { exportConditions: ['production'] },
  plugins: [esbuildPlugin({ ts: true, target: 'es2022', tsconfig: './tsconfig.json' })],
  browsers: [chromeLauncher({ launchOptions: { executablePath, args: browserFlags } })],
  // One at a time: a page in the background gets neither frames nor idle time.
  concurrency: 1,
  testFramework: { config: { ui: 'bdd', timeout: 10_000 } },
  coverageConfig: {
    include: ['src/**/*.ts'],
    report: true,
    reportDir: 'coverage/browser',
    reporters: ['lcovonly', 'text-summary'],
  },
};
