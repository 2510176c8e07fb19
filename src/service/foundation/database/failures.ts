/** SQLSTATE and socket errors of a database that is not there: nothing else would be answered either. */
const awayCodes =
  /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|08...|53...|57P0.|25006|25P03)$/;
/** What the driver says without a code: no connection was free or could be had, or one broke. */
const awayMessages =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error)/;
/** One statement took too long, or waited for others too long or in a circle. */
const busyCodes = /^(57014|40001|40P01|55P03)$/;

interface Failure {
  code?: unknown;
  message?: unknown;
  constraint?: unknown;
  table?: unknown;
}

const failureOf = (error: unknown): Failure => error ?? {};
const isOneOf = (codes: RegExp, { code }: Failure) => typeof code === 'string' && codes.test(code);

/** Whether the database as a whole failed, and not what was asked of it. */
export function isAway(error: unknown): boolean {
  const failure = failureOf(error);
  const { message } = failure;
  return isOneOf(awayCodes, failure) || (typeof message === 'string' && awayMessages.test(message));
}

/** Whether the same again may well succeed. */
export const mayPass = (error: unknown): boolean => isAway(error) || isOneOf(busyCodes, failureOf(error));

/** What an operator is told of a failure: what the database says of a row may hold the words of a person. */
export function failureText(error: unknown): string {
  const { code, constraint, table } = failureOf(error);
  const isOfDatabase = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
  if (!isOfDatabase) return String(error).slice(0, 300);
  return ['SQLSTATE', code, constraint, table].filter((part) => typeof part === 'string').join(' ');
}
