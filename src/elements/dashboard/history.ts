import { html, nothing, type TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ListedSession } from '../../controller/dashboard/answers.js';
import { isOfPeriod, statuses } from '../../controller/dashboard/filters.js';
import { button } from '../session/panels/button.js';
import { fill } from '../shared/wording.js';
import { content } from './cards.js';
import type { DashboardView } from './dashboard-view-model.js';
import { choice } from '../help/choice.js';

/** The sessions themselves, newest first. */
export function historyView(view: DashboardView): TemplateResult {
  const { words, snapshot, filter, exportCsv, isExporting, readMore } = view;
  const { filters, sessions } = snapshot;
  const scope = isOfPeriod(filters)
    ? [words.soldWithin, view.periodName, snapshot.timeZone].join(' · ')
    : words.notOver;
  return html`<div part="history">
    <h3 part="dashboard-heading" id="history" tabindex="-1">${words.history}</h3>
    <p part="history-text">${scope}</p>
    <div part="filters">
      ${choice(
        'status',
        words.filters.status,
        filters.status ?? '',
        [['', words.all], ...statuses.map((status) => [status, words.statuses[status]] as const)],
        (status) => filter({ status: statuses.find((name) => name === status) }),
      )}
      <label part="field-label">
        <span part="field-name">${words.filters.customer}</span>
        <input
          part="field customer-field"
          type="search"
          maxlength="256"
          autocomplete="off"
          .value=${filters.userId ?? ''}
          @change=${({ target }: Event) =>
            filter({ userId: (target as HTMLInputElement).value.trim() || undefined })}
        />
      </label>
      ${button('csv', words.csv, exportCsv, { isBusy: isExporting || !snapshot.span })}
    </div>
    ${content(sessions, 'sessions', words.history, view, (value) =>
      value.sessions.length ? table(value.sessions, view) : html`<p part="card-text">${words.empty}</p>`,
    )}
    ${sessions.value?.cursor ? button('more', words.more, readMore, { isBusy: snapshot.isReadingMore }) : nothing}
  </div>`;
}

function table(sessions: readonly ListedSession[], view: DashboardView): TemplateResult {
  const { columns } = view.words;
  const names = ['sold', 'application', 'customer', 'status', 'used', 'tokens'] as const;
  return html`<table part="table sessions-table" aria-labelledby="history">
    <thead>
      <tr>
        ${names.map((name) => html`<th scope="col">${columns[name]}</th>`)}
        <td></td>
      </tr>
    </thead>
    <tbody>
      ${repeat(
        sessions,
        ({ id }) => id,
        (session) => row(session, view),
      )}
    </tbody>
  </table>`;
}

function row(session: ListedSession, { words, own, formats, snapshot, open }: DashboardView): TemplateResult {
  const { id, applicationId, userId, status, soldAt, usedSeconds, tokens } = session;
  const { columns } = words;
  const sold = own.moment(soldAt);
  const cell = (label: string, content: string) =>
    html`<td data-label=${label}><span dir="auto">${content}</span></td>`;
  return html`<tr part="session-row ${status}-session">
    <th scope="row" data-label=${columns.sold}><span>${sold}</span></th>
    ${cell(columns.application, snapshot.applications.get(applicationId) ?? applicationId)}
    ${cell(columns.customer, userId)} ${cell(columns.status, words.statuses[status])}
    ${cell(columns.used, usedSeconds ? formats.exactDuration(usedSeconds, 'short') : '–')}
    ${cell(columns.tokens, own.number(tokens))}
    <td>
      ${button('timeline', words.timeline, () => open(id), {
        name: fill(words.pair, { label: words.timeline, value: sold }),
      })}
    </td>
  </tr>`;
}

/** What has happened to the session that was chosen. */
export function timelineView(view: DashboardView): TemplateResult {
  const { words, snapshot, own, close } = view;
  const { sessionId } = snapshot.filters;
  if (!sessionId) return html``;
  // What closes it by a key is the browser's own word.
  const cancelled = (event: Event) => {
    event.preventDefault();
    close();
  };
  return html`<dialog part="dialog" aria-labelledby="timeline-title" @cancel=${cancelled}>
    <div part="dialog-head">
      <h2 part="dialog-title" id="timeline-title">${words.timeline}</h2>
      <p part="dashboard-text"><span dir="auto">${fill(words.timelineOf, { session: sessionId })}</span></p>
    </div>
    <div part="dialog-body">
      ${content(
        snapshot.timeline,
        'timeline',
        words.timeline,
        view,
        ({ entries, isComplete }) =>
          html`${isComplete ? nothing : html`<p part="dashboard-text">${words.incomplete}</p>`}
            <ol part="timeline" role="list">
              ${entries.map(
                ({ type, at }) =>
                  html`<li part="timeline-entry">
                    <time part="timeline-time" datetime=${new Date(at).toISOString()}
                      >${own.exactMoment(at)}</time
                    >
                    <span>${Object.hasOwn(words.events, type) ? words.events[type] : type}</span>
                  </li>`,
              )}
            </ol>`,
      )}
    </div>
    <div part="actions">${button('close', words.close, close, { isPrimary: true, autofocus: true })}</div>
  </dialog>`;
}
