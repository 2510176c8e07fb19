/** Bytes of the beginning that are looked at. */
export const beginningBytes = 512;

/** The types that are told apart, by what a file of each begins with; `.` is any byte. */
const signatures: readonly [type: string, beginning: RegExp][] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF.{4}WEBP/s],
  ['image/heic', /^.{4}ftyp(?:he[iv][cmsx]|mif1|msf1)/s],
  ['image/avif', /^.{4}ftypavi[fs]/s],
  ['audio/mp4', /^.{4}ftypM4[AB] /s],
  ['video/quicktime', /^.{4}ftypqt {2}/s],
  ['video/mp4', /^.{4}ftyp/s],
  ['video/webm', /^\x1a\x45\xdf\xa3/],
  ['audio/mpeg', /^(?:ID3|\xff[\xf2\xf3\xfb])/],
  ['audio/ogg', /^OggS/],
  ['audio/wav', /^RIFF.{4}WAVE/s],
  ['application/pdf', /^%PDF-/],
  ['application/zip', /^PK(?:\x03\x04|\x05\x06)/],
  ['application/gzip', /^\x1f\x8b/],
];

/** Programs: Windows, Linux, macOS (and Java, which begins as a macOS program does), and scripts with a first line for a shell. */
const programs = /^(?:MZ|\x7fELF|\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe|\xfe\xed\xfa[\xce\xcf]|#!)/;

/**
 * The type of a file, by its content alone: for an icon and a preview, not for safety. Text of whatever kind, HTML too, is
 * `text/plain`; what is not known is `application/octet-stream`.
 */
export function contentTypeOf(beginning: Uint8Array): string {
  const bytes = Buffer.from(beginning).toString('latin1');
  const known = signatures.find(([, signature]) => signature.test(bytes))?.[0];
  return known ?? (isText(beginning) ? 'text/plain' : 'application/octet-stream');
}

/** Whether a file begins as what a machine runs. */
export const isProgram = (beginning: Uint8Array): boolean =>
  programs.test(Buffer.from(beginning.subarray(0, 4)).toString('latin1'));

function isText(beginning: Uint8Array): boolean {
  try {
    // The last character may be cut off.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(beginning, { stream: true });
    return !/[^\P{Cc}\t\n\f\r]/u.test(text);
  } catch {
    return false;
  }
}
