import type { Logger } from '../foundation/context.js';

export type LogLevel = 'info' | 'error';

/** What a secret of ours, or of Stripe, looks like, wherever it turns up. */
const secrets =
  /\b(?:[sr]k_(?:live|test)_|whsec_|operator_)[\w-]+|\beyJ[\w-]+\.[\w-]+\.[\w-]*|(?<=:\/\/[^\s:/@]*:)[^\s@/]+(?=@)/g;

/**
 * A logger of JSON lines: `time` (ISO 8601), `level`, `message` and the fields. No line of the service holds a secret; what
 * a driver or a library writes into its errors is looked through all the same.
 * @param write takes one line, without its end.
 * @param least what is below is left out.
 */
export function jsonLogger(write: (line: string, level: LogLevel) => void, least: LogLevel = 'info'): Logger {
  const log =
    (level: LogLevel) =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      if (least === 'error' && level === 'info') return;
      const line = JSON.stringify({ time: new Date().toISOString(), level, message, ...fields });
      write(line.replace(secrets, '***'), level);
    };
  return { info: log('info'), error: log('error') };
}
