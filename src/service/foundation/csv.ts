/** What stands in a cell: a text, a number that we counted ourselves, or nothing. */
export type CsvCell = string | number | null;

/** A line of a file of comma separated values (RFC 4180). */
export const csvLine = (cells: readonly CsvCell[]): string => `${cells.map(cellOf).join(',')}\r\n`;

/** What a spreadsheet would take for a formula (OWASP, CSV injection). */
const beginsFormula = /^[=+\-@\t\r\n]/;
const needsQuotes = /[",\r\n]/;

function cellOf(cell: CsvCell): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell);
  // A spreadsheet takes what stands behind an apostrophe for text.
  const text = beginsFormula.test(cell) ? `'${cell}` : cell;
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
