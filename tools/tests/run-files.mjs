// Runs test files of node:test in this one process, one after the other: node run-files.mjs FILE [FILE ...]
import { createRequire } from 'node:module';
import { describe } from 'node:test';
import { pathToFileURL } from 'node:url';
import { compiledPath } from './compile.mjs';

const require = createRequire(import.meta.url);
const files = process.argv.slice(2);
/** What a file may take, and each test in it: what never answers fails by its name, and the others go on. */
const timeout = Number(process.env.FILE_MINUTES ?? 10) * 60_000;

/** Whether the only file waits at its top level: then it has this process for itself, and no suite around it. */
let isWaiting = false;
for (const file of files) {
  // Not `import`: what a file declares is to be of its suite, hooks too, and that is open only until this returns.
  describe(file, { timeout }, () => {
    try {
      require(compiledPath(file));
    } catch (error) {
      if (files.length > 1 || error.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
      isWaiting = true;
    }
  });
}
if (isWaiting) await import(pathToFileURL(compiledPath(files[0])).href);
