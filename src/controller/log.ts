import { consoleLogger, type Logger } from './logger.js';
import { flag } from './option-values.js';

/** Logs where a page wants it. */
export const log = (
  { logger, debug }: { logger?: Logger | undefined; debug?: boolean | undefined },
  ...line: Parameters<Logger>
): void => (logger ?? (flag(debug) ? consoleLogger('debug') : undefined))?.(...line);
