import { SessionError } from '../protocol/errors.js';
import { inTime } from './in-time.js';
import { browserWorld } from './browser-world.js';

/** After this long a file counts as lost, and is asked for once more, ms. */
const patienceMs = 20_000;
/** The longest pause before the second try is twice this, ms; twice that before the third, and so on. */
const firstPauseMs = 500;
const longestPauseMs = 10_000;

/** Read by whoever looks at the page too: where it is missing nothing is left to say it in another way. */
export const missingPart = 'Part of the page is missing. Reload it.';

/** How many tries have failed in this page, of whichever part: several parts may stand in one file. */
let failures = 0;
/** The last try, of whichever part. One import at a time: in WebKit the second to import a file is given it before it has run. */
let last: Promise<unknown> = Promise.resolve();

/** A part that comes later. Asked for as long as it is needed; @throws {SessionError} `SCRIPT_INCOMPLETE` after that. */
export type LatePart<T> = (isNeeded: () => unknown) => Promise<T>;

/**
 * The one way in which parts are fetched that the first second does not need. Everybody who waits for one waits for the
 * same try, and who comes between two tries has it tried at once.
 * @param load imports it. `query` is another one for each try, since Firefox keeps an address that failed once failed
 * for the page's life (HTML, "module map"). The build of the script tag puts it behind the file's address, see
 * `vite.config.ts`; in an application, whose bundler names the files, the import is made again as it is.
 */
export function latePart<T>(load: (query: string) => Promise<T>): LatePart<T> {
  let trying: Promise<T> | undefined;
  let pausing: Promise<unknown> | undefined;
  const importNext = () => inTime(load(failures ? `?try=${failures}` : ''), patienceMs, browserWorld());
  const tryOnce = () =>
    (trying ??= last =
      last.then(importNext, importNext).catch((cause: unknown) => {
        failures++;
        trying = undefined;
        throw new SessionError('SCRIPT_INCOMPLETE', { message: missingPart, cause });
      }));
  /** With full jitter: pages that lost it in the same moment do not ask for it in the same moment again. */
  const pause = () =>
    (pausing ??= new Promise<void>((resolve) => {
      browserWorld().setTimeout(
        resolve,
        Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** failures),
      );
    }).finally(() => (pausing = undefined)));
  return async (isNeeded) => {
    for (;;) {
      try {
        return await tryOnce();
      } catch (error) {
        if (!isNeeded()) throw error;
        await pause();
      }
    }
  };
}
