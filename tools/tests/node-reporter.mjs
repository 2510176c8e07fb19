// A reporter for node:test that tells the parent process of each case and each file; reports.mjs reads it.
import { inspect } from 'node:util';

/** Where there are several files, each is an outermost suite: run-files.mjs. */
const [first, ...others] = process.argv.slice(2);
const above = others.length ? [] : [first];

export default async function* nodeReporter(source) {
  const startedAt = Date.now();
  const names = [];
  for await (const { type, data } of source) {
    if (type === 'test:start') {
      names.splice(data.nesting, Infinity, data.name);
      const [file, ...name] = [...above, ...names];
      process.send({ type: 'start', file, name });
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const [file, ...name] = [...above, ...names.slice(0, data.nesting), data.name];
    const { type: kind, duration_ms: ms, error } = data.details;
    // What has failed in a suite has been told already.
    if (type === 'test:fail' && error.failureType !== 'subtestsFailed') {
      process.send({ type: 'failed', file, name, ms, error: inspect(error.cause ?? error) });
    } else if (type === 'test:pass' && kind !== 'suite') {
      const isLeftOut = data.skip !== undefined || data.todo !== undefined;
      process.send({ type: isLeftOut ? 'skipped' : 'passed', file, name, ms });
    }
    if (others.length && data.nesting === 0) process.send({ type: 'file', file, ms });
  }
  if (!others.length) process.send({ type: 'file', file: first, ms: Date.now() - startedAt });
}
