// npm test: everything, one part after the other, with one count at the end.
import { spawn } from 'node:child_process';
import { findBrowser } from './browser.mjs';

/** Each part with the way to read its count: node:test prints "pass 3", the browser runner "3 passed". */
const parts = [
  ['build', 'build', null],
  ['protocol and service', 'test:node', /^\S* ?(pass|fail) (\d+)$/gm],
  ['controller and elements, in a browser', 'test:browser', /(\d+) (passed|failed)/g],
  ['end to end', 'test:e2e', /^\S* ?(pass|fail) (\d+)$/gm],
];

const env = { ...process.env, CHROME_PATH: await findBrowser(), FORCE_COLOR: '0' };
let passed = 0;
let failed = 0;

for (const [title, script, count] of parts) {
  console.log(`\n— ${title}`);
  const startedAt = Date.now();
  const { code, output } = await run(script);
  const counted = count ? read(output, count) : { passed: 0, failed: 0 };
  passed += counted.passed;
  // A part that broke off without a failed test has failed all the same.
  failed += counted.failed || (code === 0 ? 0 : 1);
  if (count && code === 0 && counted.passed === 0) failed += 1;
  console.log(
    `— ${title}: ${code === 0 ? 'done' : 'FAILED'} in ${Math.round((Date.now() - startedAt) / 1000)} s`,
  );
}

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;

function run(script) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** The last count of each kind is the part's total. */
function read(output, pattern) {
  const counts = { passed: 0, failed: 0 };
  for (const [, first, second] of output.matchAll(pattern)) {
    const word = /\d/.test(first) ? second : first;
    counts[word.startsWith('pass') ? 'passed' : 'failed'] = Number(/\d/.test(first) ? first : second);
  }
  return counts;
}
