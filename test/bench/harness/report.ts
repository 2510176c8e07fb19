import { isOk, type Row } from './measurement.js';

const columns = ['measured', 'value', 'unit', 'target', 'ratio', 'to', 'ok'];
const isNumeric = [false, true, false, true, true, false, false];

/** The table that a person reads. `ratio` is to the target, or to the peer where there is no target. */
export function table(rows: readonly Row[]): string {
  const lines = [columns, ...rows.map(cells)];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const draw = (line: string[]) =>
    line
      .map((cell, column) =>
        isNumeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  return [
    draw(columns),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...lines.slice(1).map(draw),
  ].join('\n');
}

function cells(row: Row): string[] {
  const { name, value, unit, target, peer } = row;
  const [reference, to] =
    target !== null ? [target, 'target'] : peer !== undefined ? [peer, 'peer'] : [0, ''];
  const ratio = reference > 0 ? (value / reference).toFixed(2) : '';
  return [
    name,
    figure(value),
    unit,
    target === null ? '' : figure(target),
    ratio,
    ratio && to,
    target === null ? '' : isOk(row) ? 'ok' : 'MISSED',
  ];
}

const figure = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(2));

/** What a program reads. */
export const toJson = (rows: readonly Row[]): string =>
  `${JSON.stringify(
    rows.map((row) => ({
      name: row.name,
      value: row.value,
      unit: row.unit,
      target: row.target,
      ok: isOk(row),
    })),
    null,
    2,
  )}\n`;
