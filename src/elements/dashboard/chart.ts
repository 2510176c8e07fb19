import { html, nothing, svg, type TemplateResult } from 'lit/html.js';
import { fill } from '../shared/wording.js';
import type { DashboardWords } from './dashboard-words.js';

/** A day or an hour in a chart. */
export interface Column {
  /** Whole, and short enough for an axis. */
  name: string;
  shortName: string;
  value: number;
  /** Of the time before; undefined where it is not known. */
  before: number | undefined;
  isRunning: boolean;
}

export interface Chart {
  /** Of a shadow root. */
  id: string;
  title: string;
  columns: readonly Column[];
  /** The column that is read out. */
  cursor: number | undefined;
  words: DashboardWords;
  /** Of the place that it has, px. */
  width: number;
  isRightToLeft: boolean;
  format(value: number): string;
  moveTo(column: number | undefined): void;
}

const height = 168;
/** What stands above and below the columns: numbers and names, px. */
const top = 20;
const bottom = 24;
/** A name on the axis has so much room, px. */
const nameWidth = 76;

/** The next round number that is not below one: the end of an axis. */
function roundAbove(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 3, 4, 5, 6, 8, 10].map((step) => step * magnitude).find((step) => step >= value)!;
}

/** Columns by day or hour, with what the time before had, and the same as a table. Keys move a cursor (WCAG 2.1.1). */
export function chartView(chart: Chart): TemplateResult {
  const { id, title, columns, words, cursor } = chart;
  const isRunning = columns.some((column) => column.isRunning);
  const hasBefore = columns.some(({ before }) => before !== undefined);
  return html`<figure part="chart" aria-labelledby="${id}-title">
    <figcaption part="chart-title" id="${id}-title">${title}</figcaption>
    ${plot(chart)}
    <p part="chart-value" role="status" id="${id}-value">
      ${cursor === undefined || !columns[cursor] ? words.chartHint : spoken(columns[cursor], chart)}
    </p>
    ${
      hasBefore || isRunning
        ? html`<p part="chart-legend">
            ${columns.some(({ before }) => before) ? html`<span class="before">${words.timeBefore}</span>` : nothing}
            ${
              isRunning
                ? html`<span class="running"
                    >${fill(words.unfinished, { date: columns.find((column) => column.isRunning)!.name })}</span
                  >`
                : nothing
            }
          </p>`
        : nothing
    }
    <details part="chart-table">
      <summary>${words.table}</summary>
      ${table(chart, hasBefore)}
    </details>
  </figure>`;
}

const nameOf = ({ name, isRunning }: Column, words: DashboardWords) =>
  isRunning ? fill(words.unfinished, { date: name }) : name;

function spoken(column: Column, { words, format }: Chart): string {
  const pair = (label: string, value: string) => fill(words.pair, { label, value });
  const own = pair(nameOf(column, words), format(column.value));
  return column.before === undefined ? own : `${own} · ${pair(words.timeBefore, format(column.before))}`;
}

function plot(chart: Chart): TemplateResult {
  const { id, columns, width, isRightToLeft, cursor, format, moveTo } = chart;
  const most = roundAbove(Math.max(1, ...columns.flatMap(({ value, before = 0 }) => [value, before])));
  const step = width / Math.max(1, columns.length);
  const gap = Math.min(6, step * 0.25);
  const tall = height - top - bottom;
  const heightOf = (value: number) => Math.max(0, (value / most) * tall);
  // Time runs in the direction of the words.
  const left = (index: number) => (isRightToLeft ? width - (index + 1) * step : index * step);
  const named = Math.max(1, Math.ceil(nameWidth / step));
  const last = columns.length - 1;
  const pointed = ({ offsetX }: MouseEvent) => {
    const index = Math.floor((isRightToLeft ? width - offsetX : offsetX) / step);
    moveTo(Math.max(0, Math.min(last, index)));
  };
  const press = (event: KeyboardEvent) => {
    const forward = isRightToLeft ? 'ArrowLeft' : 'ArrowRight';
    const back = isRightToLeft ? 'ArrowRight' : 'ArrowLeft';
    const places: Record<string, number | undefined> = {
      [forward]: Math.min(last, (cursor ?? -1) + 1),
      [back]: Math.max(0, (cursor ?? last + 1) - 1),
      Home: 0,
      End: last,
      Escape: undefined,
    };
    if (!(event.key in places)) return;
    event.preventDefault();
    moveTo(places[event.key]);
  };
  return html`<svg
    part="plot"
    role="img"
    tabindex="0"
    aria-labelledby="${id}-title"
    aria-describedby="${id}-value"
    width=${width}
    height=${height}
    viewBox="0 0 ${width} ${height}"
    @pointermove=${pointed}
    @pointerdown=${pointed}
    @keydown=${press}
  >
    <defs>
      <pattern
        id="${id}-hatch"
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect width="3" height="6" class="hatch"></rect>
      </pattern>
    </defs>
    ${[0, 0.5, 1].map((share) => {
      const y = height - bottom - share * tall;
      const value = share * most;
      // Nobody counts halves.
      if (value % 1) return nothing;
      return svg`<line class="grid" x1="0" x2=${width} y1=${y} y2=${y}></line>
        <text class="axis" x=${isRightToLeft ? width : 0} y=${y - 4}
          text-anchor="start">${share ? format(value) : ''}</text>`;
    })}
    ${columns.map((column, index) => {
      const x = left(index) + gap / 2;
      const wide = Math.max(1, step - gap);
      const tallOne = heightOf(column.value);
      const at = height - bottom;
      const part = column.isRunning ? 'column running-column' : 'column';
      const before = at - heightOf(column.before ?? 0);
      return svg`<rect part=${part} class=${index === cursor ? 'cursor' : ''} x=${x} width=${wide}
          y=${at - tallOne} height=${tallOne} rx=${Math.min(2, wide / 4)}
          fill=${column.isRunning ? `url(#${id}-hatch)` : nothing}></rect>
        ${column.before ? svg`<line part="before" x1=${x} x2=${x + wide} y1=${before} y2=${before}></line>` : nothing}
        ${
          index % named === 0 && (index + 0.5) * step + nameWidth / 3 <= width
            ? svg`<text class="axis" x=${left(index) + step / 2} y=${height - 6}
                text-anchor=${step < nameWidth && index === 0 ? 'start' : 'middle'}>${column.shortName}</text>`
            : nothing
        }`;
    })}
  </svg>`;
}

function table({ title, columns, words, format }: Chart, hasBefore: boolean): TemplateResult {
  return html`<div class="scroller" tabindex="0" role="region" aria-label=${title}>
    <table part="table">
      <thead>
        <tr>
          <th scope="col">${words.columns.time}</th>
          <th scope="col">${words.columns.value}</th>
          ${hasBefore ? html`<th scope="col">${words.timeBefore}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${columns.map(
          (column) =>
            html`<tr>
              <th scope="row">${nameOf(column, words)}</th>
              <td>${format(column.value)}</td>
              ${hasBefore ? html`<td>${column.before === undefined ? '' : format(column.before)}</td>` : nothing}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
