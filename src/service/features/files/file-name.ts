import { InvalidRequest } from '../../foundation/invalid-request.js';
import { isStorable } from '../../foundation/storable-text.js';

const maxLength = 255;

/**
 * Control characters, ends of lines, and what turns the direction of text: `invoice\u202Efdp.exe` is read as `invoiceexe.pdf`. What
 * joins letters stays: Persian and many a picture are written with it.
 */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** Nothing but dots and what nobody sees (Unicode, UAX #44). */
const nothingSeen = /^[\s.\p{Default_Ignorable_Code_Point}]*$/u;

/**
 * The name of a file, from the header that holds it percent-encoded (RFC 3986, 2.1): without folders and without what nobody
 * sees.
 * @throws {InvalidRequest} where nothing is left of it, or it is longer than 255 characters.
 */
export function readFileName(header: string): string {
  const refuse = (message: string): never => {
    throw new InvalidRequest([{ pointer: '/x-file-name', message }]);
  };
  let text = '';
  try {
    text = decodeURIComponent(header);
  } catch {
    refuse('percent-encoded UTF-8');
  }
  const name = text
    .normalize('NFC')
    .replace(/^.*[/\\]/s, '')
    .replace(unseen, '')
    .trim();
  if (!isStorable(name) || nothingSeen.test(name)) refuse('a name of a file');
  if (name.length > maxLength) refuse('at most 255 characters');
  return name;
}

/** The header that has a browser keep a file under its name, and never show it (RFC 6266, 4.1 and appendix D). */
export function contentDisposition(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const whole = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}
