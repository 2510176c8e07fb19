// Every piece of code in docs/testing.md runs; that for Playwright in test/e2e/playwright-kit.test.ts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { transformSync } from 'esbuild';
import * as controller from '../../src/controller/index.js';
import * as sdk from '../../src/sdk/index.js';
import * as testing from '../../src/testing/index.js';
import * as node from '../../src/testing/node/index.js';

const snippets = [...readFileSync('docs/testing.md', 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
  .map(([, code]) => code!)
  .filter((code) => !code.includes('@playwright/test'));

const isPart = (part: object, whole: object) =>
  Object.entries(part).every(([name, value]) => (whole as Record<string, unknown>)[name] === value);

/** As much of Vitest as the document says. */
const expect = Object.assign(
  (actual: unknown) => ({
    toBe: (wanted: unknown) => assert.equal(actual, wanted),
    toContainEqual: (part: object) => assert.ok((actual as object[]).some((one) => isPart(part, one))),
  }),
  { objectContaining: (part: object) => part },
);

type Run = (...scope: unknown[]) => Promise<void>;
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (...text: string[]) => Run;

async function run(code: string) {
  const told: unknown[] = [];
  const tests: (() => Promise<void>)[] = [];
  const collect = (_: string, body: () => Promise<void>) => void tests.push(body);
  const modules = {
    'marketplace-session/controller': controller,
    'marketplace-session/sdk': sdk,
    'marketplace-session/testing': testing,
    'marketplace-session/testing/node': node,
    'node:assert/strict': { default: assert },
    'node:test': { test: collect },
    vitest: { expect, test: collect },
  };
  const text = code
    .replace(/^import (\w+) from '(.*)';$/gm, "const { default: $1 } = modules['$2'];")
    .replace(/^import (\{.*\}) from '(.*)';$/gm, "const $1 = modules['$2'];");
  const { code: plain } = transformSync(text, { loader: 'ts', format: 'esm', target: 'es2022' });
  const console = { log: (...values: unknown[]) => void told.push(...values) };
  const billOnce = (id: string) => void told.push(id);
  await new AsyncFunction('modules', 'console', 'billOnce', plain)(modules, console, billOnce);
  for (const body of tests) await body();
  return { told, tests: tests.length };
}

/** By a line of each: what it tells, or how many tests it has. */
const outcomes: [line: string, told: unknown[], tests: number][] = [
  ["'saves at the warning'", [], 1],
  ["'the token leaves the address, and", [], 1],
  ["delayNext('POST", [], 0],
  ['await serveSandbox()', [200], 0],
  ["applicationId: 'sketch', tokens: 300", ['active', 0, true], 0],
  ['createWebhookRoute', ['one', 204], 0],
];

for (const code of snippets)
  test(`docs/testing.md: ${code.split('\n').find((line) => !/^(import|$)/.test(line))}`, async () => {
    const [, told, tests] = outcomes.find(([line]) => code.includes(line))!;
    assert.deepEqual(await run(code), { told, tests });
  });

test('each piece of code of docs/testing.md is looked at', () => {
  for (const [line] of outcomes) assert.equal(snippets.filter((code) => code.includes(line)).length, 1, line);
  assert.equal(snippets.length, outcomes.length);
});
