import { html, type TemplateResult } from 'lit/html.js';
import type { PageMetric } from '../../controller/dashboard/answers.js';
import { datesOf } from '../../protocol/calendar-days.js';
import { choice } from '../help/choice.js';
import { fill } from '../shared/wording.js';
import { content } from './cards.js';
import { chartView } from './chart.js';
import { metricNames, type DashboardWords } from './dashboard-words.js';
import type { DashboardView } from './dashboard-view-model.js';

const cursorName = 'metric';

/** As people call it: what is told apart keeps its code, what a page counts by itself its own name. */
function nameOf(name: string, { metricNames: known, pair }: DashboardWords): string {
  const [, code] = /^errors\.(.+)$/.exec(name) ?? [];
  if (code) return fill(pair, { label: known.errors, value: code });
  const own = metricNames.find((each) => each === name);
  return own ? known[own] : name.replace(/^custom\./, '');
}

/** What the pages counted of their sessions, where the service knows of it. */
export function pageMetricsView(view: DashboardView): TemplateResult {
  const { words, snapshot } = view;
  const { metrics, span } = snapshot;
  // A service that keeps none has no such route.
  if (!span || metrics.code === 'ROUTE_NOT_FOUND') return html``;
  return html`<div part="metrics" role="group" aria-labelledby="metrics">
    <h3 part="dashboard-heading" id="metrics">${words.metrics}</h3>
    ${content(metrics, 'metrics', words.metrics, view, (counted) =>
      counted.length ? countedView(view, counted) : html`<p part="dashboard-text">${words.noMetrics}</p>`,
    )}
  </div>`;
}

function countedView(view: DashboardView, counted: readonly PageMetric[]): TemplateResult {
  const { words, own, snapshot, chartWidth: width, isRightToLeft, cursors, moveTo } = view;
  const { span, figures } = snapshot;
  const chosen = counted.find(({ name }) => name === view.metric) ?? counted[0]!;
  const runs = (date: string) =>
    figures.value?.slots.some((slot) => slot.date === date && slot.isRunning) ?? false;
  const columns = datesOf(span!.from, span!.to).map((date) => ({
    name: own.slot({ date, startsAt: undefined }),
    shortName: own.shortSlot({ date, startsAt: undefined }),
    value: chosen.days.get(date) ?? 0,
    before: undefined,
    isRunning: runs(date),
  }));
  return html`${choice(
      'metric',
      words.metric,
      chosen.name,
      counted.map(({ name }) => [name, nameOf(name, words)] as const),
      view.chooseMetric,
    )}
    <div part="charts">
      ${chartView({
        ...{ id: cursorName, title: nameOf(chosen.name, words), columns, words, width, isRightToLeft },
        format: own.number,
        cursor: cursors.get(cursorName),
        moveTo: (column) => moveTo(cursorName, column),
      })}
      <div class="scroller" tabindex="0" role="region" aria-label=${words.metrics}>
        <table part="table">
          <thead>
            <tr>
              <th scope="col">${words.metric}</th>
              <th scope="col">${words.columns.value}</th>
              <th scope="col">${words.timeBefore}</th>
            </tr>
          </thead>
          <tbody>
            ${counted.map(
              ({ name, total, previous }) =>
                html`<tr>
                  <th scope="row">${nameOf(name, words)}</th>
                  <td>${own.number(total)}</td>
                  <td>${own.number(previous)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </div>`;
}
