import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../foundation/context.js';

/** Why the process ends: a signal, or a failure that nobody caught. */
export type EndReason = 'SIGINT' | 'SIGTERM' | 'failure';

/**
 * Ends the process in order, on a signal (with 0) and where something failed that nobody caught (with 1): the state of the
 * process is not known then, so it goes; but through the logger, and with everything closed that can be. A second signal ends it at once.
 * @param stop closes everything, within a time of its own.
 */
export function endInOrder(logger: Logger, stop: (reason: EndReason) => Promise<void>): void {
  let isEnding = false;
  const end = async (reason: EndReason) => {
    isEnding = true;
    try {
      await stop(reason);
    } catch (error) {
      logger.error('the end was not in order', { error: textOf(error) });
      process.exit(1);
    }
    process.exit(reason === 'failure' ? 1 : 0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isEnding) process.exit(1);
      void end(signal);
    });
  }
  const fail = (message: string) => (error: unknown) => {
    logger.error(message, { error: textOf(error) });
    if (!isEnding) void end('failure');
  };
  process.on('uncaughtException', fail('an exception was not caught'));
  process.on('unhandledRejection', fail('a rejected promise was not handled'));
}

/** Resolves when a promise is settled, however, or the time is up. */
export async function settledWithin(ms: number, promise: Promise<unknown>): Promise<void> {
  const stop = new AbortController();
  const settled = promise.then(
    () => {},
    () => {},
  );
  await Promise.race([settled, sleep(ms, undefined, { signal: stop.signal }).catch(() => {})]);
  stop.abort();
}

const textOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));
