import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Figures, Slot } from '../../controller/dashboard/answers.js';
import { button } from '../session/panels/button.js';
import { fill } from '../shared/wording.js';
import { cardsView, content } from './cards.js';
import { chartView, type Column } from './chart.js';
import type { DashboardView } from './dashboard-view-model.js';
import { filterView } from './filter-view.js';
import { historyView, timelineView } from './history.js';
import { pageMetricsView } from './page-metrics.js';

/** The whole of it. */
export function dashboardView(view: DashboardView): TemplateResult {
  const { words, snapshot, notice, tryNow } = view;
  return html`<section part="dashboard" aria-labelledby="title">
      <h2 part="dashboard-title" id="title" tabindex="-1">${words.title}</h2>
      ${
        notice
          ? html`<div part="dashboard-notice">
              <span part="notice-text">${notice === 'refused' ? words.refused : words.connectionLost}</span>
              ${button('try-now', words.tryNow, tryNow)}
            </div>`
          : nothing
      }
      ${
        snapshot.timeZone
          ? html`${filterView(view)} ${cardsView(view)} ${chartsView(view)} ${pageMetricsView(view)}
            ${historyView(view)}`
          : notice
            ? nothing
            : html`<p part="dashboard-text">${words.loading}</p>`
      }
      <p part="announcement" role="status"></p>
    </section>
    ${timelineView(view)}`;
}

function chartsView(view: DashboardView): TemplateResult {
  const { words, formats, own, snapshot, chartWidth: width, isRightToLeft, cursors, moveTo } = view;
  const { before } = snapshot;
  return html`<div part="charts">
    ${content(snapshot.figures, 'figures', words.charts.sessions, view, ({ slots, total, previous }) => {
      const chart = (
        id: string,
        title: string,
        valueOf: (of: Figures) => number,
        format: (value: number) => string,
      ) => {
        const earlier = before.value ?? [];
        // Where a day has an hour more the two are not of one length: they begin together.
        const columns = slots.map((slot: Slot, index): Column => ({
          name: own.slot(slot),
          shortName: own.shortSlot(slot),
          value: valueOf(slot),
          before: earlier[index] && valueOf(earlier[index]),
          isRunning: slot.isRunning,
        }));
        return chartView({
          ...{ id, title, columns, words, width, isRightToLeft, format },
          cursor: cursors.get(id),
          moveTo: (column) => moveTo(id, column),
        });
      };
      const currencies = new Set([...total.money, ...previous.money].map(({ currency }) => currency));
      const hasTokens = total.tokens > 0 || previous.tokens > 0 || currencies.size === 0;
      return html`${chart('sessions', words.charts.sessions, ({ sessions }) => sessions, own.number)}
      ${hasTokens ? chart('tokens', words.charts.tokens, ({ tokens }) => tokens, own.number) : nothing}
      ${[...currencies].map((currency) =>
        chart(
          `money-${currency.replace(/\W/g, '')}`,
          fill(words.charts.money, { currency: currency.toUpperCase() }),
          ({ money }) => money.find((each) => each.currency === currency)?.amount ?? 0,
          (amount) => formats.money({ amount, currency }),
        ),
      )}`;
    })}
  </div>`;
}
