export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Takes one line. No line ever holds a session token. */
export type Logger = (level: LogLevel, line: string) => void;

const levels: LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** The text with everything that looks like a token blotted out. */
export const withoutTokens = (text: string): string =>
  text.replace(/[\w-]{8,}\.[\w-]{8,}\.[\w-]+/g, '[token]');

/** Logs to the console from `lowest` on. Anything that looks like a token is blotted out, whoever wrote the line. */
export function consoleLogger(lowest: LogLevel, target: Pick<Console, LogLevel> = console): Logger {
  return (level, line) => {
    if (levels.indexOf(level) < levels.indexOf(lowest)) return;
    target[level](`[marketplace-session] ${withoutTokens(line)}`);
  };
}
