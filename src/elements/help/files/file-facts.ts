import type { ErrorCode } from '../../../protocol/error-codes.js';
import { localesFor } from '../../shared/locales.js';
import { troubleOf } from '../troubles.js';
import type { FileTrouble } from './files-words.js';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];

/** A size in the customer's language; a kilobyte has 1024 bytes, as the limits of the service have. */
export function sizeText(bytes: number, locale: string): string {
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log(bytes) / Math.log(1024)));
  const value = bytes / 1024 ** step;
  return new Intl.NumberFormat(localesFor(locale), {
    numberingSystem: 'latn',
    style: 'unit',
    unit: units[step]!,
    maximumFractionDigits: step > 1 && value < 10 ? 1 : 0,
  }).format(value);
}

/** A whole number of hundredths. */
export const percentText = (share: number, locale: string): string =>
  new Intl.NumberFormat(localesFor(locale), {
    numberingSystem: 'latn',
    style: 'percent',
    maximumFractionDigits: 0,
  }).format(share);

const shortNames: Record<string, string> = { 'audio/mpeg': 'MP3' };

/** Types by the names that people know: `JPEG, PDF`. */
export function typesText(types: readonly string[], plainText: string, locale: string): string {
  const names = types.map((type) =>
    type === 'text/plain' ? plainText : (shortNames[type] ?? type.replace(/.*\//, '').toUpperCase()),
  );
  return new Intl.ListFormat(localesFor(locale), { type: 'unit', style: 'short' }).format(names);
}

/** What a browser's own window offers; whatever is text has many types there. */
export const acceptOf = (types: readonly string[] | null): string | undefined =>
  types?.includes('application/octet-stream')
    ? undefined
    : types?.map((type) => (type === 'text/plain' ? 'text/*' : type)).join();

const ofFiles: Partial<Record<ErrorCode, FileTrouble>> = {
  FILE_TOO_LARGE: 'tooLarge',
  FILE_QUOTA_REACHED: 'full',
  FILE_TYPE_REFUSED: 'type',
  FILE_INFECTED: 'infected',
  FILE_UNREADABLE: 'unreadable',
  CALL_REFUSED: 'otherTab',
  SESSION_ENDED: 'over',
};

/** What a person is told of a code. */
export const fileTroubleOf = (code: ErrorCode): FileTrouble => ofFiles[code] ?? troubleOf(code);
