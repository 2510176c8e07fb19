// A reporter for @web/test-runner that tells the parent process what node-reporter.mjs tells.
import { relative, sep } from 'node:path';

export const browserReporter = {
  reportTestFileResults({ testFile, sessionsForTestFile }) {
    const file = relative(process.cwd(), testFile).replaceAll(sep, '/');
    let ms = 0;
    for (const { testResults, errors, logs, passed } of sessionsForTestFile) {
      const cases = testResults ? [...casesOf(testResults)] : [];
      for (const { name, isPassed, isSkipped, duration = 0, error } of cases) {
        ms += duration;
        const type = isSkipped ? 'skipped' : isPassed ? 'passed' : 'failed';
        tell({ type, file, name, ms: duration, error: error && explain(error) });
      }
      const broken = errors.map(explain);
      if (!passed && !broken.length && cases.every(({ isPassed, isSkipped }) => isPassed || isSkipped)) {
        broken.push(`The page broke off. ${logs.flat().join('\n')}`);
      }
      for (const error of broken) tell({ type: 'failed', file, name: ['the page'], ms: 0, error });
    }
    tell({ type: 'file', file, ms });
  },
  /** The runner leaves without waiting for what is on its way. */
  stop: () => new Promise((resolve) => process.send({ type: 'end' }, resolve)),
};

const tell = (entry) => process.send(entry);

const explain = ({ message, stack, expected, actual }) =>
  [
    message,
    ...(expected === undefined ? [] : [`expected: ${expected}`, `actual: ${actual}`]),
    stack ?? '',
  ].join('\n');

function* casesOf({ suites, tests }, above = []) {
  for (const { name, passed, skipped, duration, error } of tests) {
    yield { name: [...above, name], isPassed: passed, isSkipped: skipped, duration, error };
  }
  for (const suite of suites) yield* casesOf(suite, [...above, suite.name]);
}
