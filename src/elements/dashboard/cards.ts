import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Figures, FigureTotal } from '../../controller/dashboard/answers.js';
import type { DashboardPart } from '../../controller/dashboard/dashboard.js';
import type { Read } from '../../controller/dashboard/reading.js';
import type { MoneyPrice } from '../../protocol/session.js';
import { button } from '../session/panels/button.js';
import { fill } from '../shared/wording.js';
import { attentionNames } from './dashboard-words.js';
import type { DashboardView } from './dashboard-view-model.js';

type CardName = keyof DashboardView['words']['cards'];

interface Card<T> {
  name: CardName;
  of: DashboardPart;
  read: Read<T>;
  /** Of all applications together, whichever is chosen. */
  isOfAll?: boolean;
  /** Of this span; the period where nothing is said. */
  scope?: string;
  isMain?: boolean;
  /** Its sessions have this state; without it leads nowhere. */
  rows?: 'all' | 'active';
  body(value: T): TemplateResult;
}

const value = (text: string) => html`<p part="card-value">${text}</p>`;
const text = (content: string | undefined) => (content ? html`<p part="card-text">${content}</p>` : nothing);

/** What has come of the provider's sessions: first what runs, what was earned and what waits. */
export function cardsView(view: DashboardView): TemplateResult {
  const { words, snapshot, formats, own } = view;
  const { figures, filters, span } = snapshot;
  const count = (amount: number) => own.number(amount);
  const before = (now: number, then: number, format = count) => {
    const change = own.change(now, then);
    return change
      ? fill(words.changed, { value: format(then), change })
      : fill(words.before, { value: format(then) });
  };
  const ofFigures = (name: CardName, body: (total: FigureTotal, previous: FigureTotal) => TemplateResult) =>
    card(
      {
        name,
        of: 'figures',
        read: figures,
        rows: 'all',
        isMain: name === 'earned',
        body: ({ total, previous }) => body(total, previous),
      },
      view,
    );
  const amounts = (of: Pick<Figures, 'tokens'>['tokens'], money: readonly MoneyPrice[]) => [
    ...(of || !money.length ? [formats.tokens(of)] : []),
    ...money.map(formats.money),
  ];
  const sums = (now: string[], then: string[]) =>
    html`${now.map(value)}${text(fill(words.before, { value: then.join(' · ') }))}`;
  const simple = (now: number, then: number) => html`${value(count(now))}${text(before(now, then))}`;
  const noun = (name: 'number', content: number) => own[name](content);
  return html`<div part="cards">
    ${card(
      {
        ...{ name: 'running', of: 'running', read: snapshot.running, isOfAll: true, scope: words.now },
        ...{ isMain: true, rows: 'active' as const },
        body: ({ active, paused, waiting }) =>
          html`${value(count(active + paused))}
          ${paused ? text(fill(words.paused, { count: count(paused) })) : nothing}
          ${waiting ? text(fill(words.notStarted, { count: count(waiting) })) : nothing}`,
      },
      view,
    )}
    ${ofFigures('earned', (total, previous) =>
      isEmpty(total)
        ? html`${text(words.empty)}${text(fill(words.before, { value: amounts(previous.tokens, previous.money).join(' · ') }))}`
        : sums(amounts(total.tokens, total.money), amounts(previous.tokens, previous.money)),
    )}
    ${attention(view)}
    ${ofFigures('sessions', (total, previous) => simple(total.sessions, previous.sessions))}
    ${ofFigures('refunded', (total, previous) =>
      sums(
        amounts(total.returnedTokens, total.returnedMoney),
        amounts(previous.returnedTokens, previous.returnedMoney),
      ),
    )}
    ${ofFigures(
      'users',
      (total, previous) =>
        html`${simple(total.users, previous.users)}
        ${total.areUsersEstimated ? text(words.estimated) : nothing}`,
    )}
    ${ofFigures('average', (total, previous) => {
      const length = (seconds: number | null) =>
        seconds === null ? '–' : formats.exactDuration(seconds, 'short');
      return html`${value(length(total.averageSeconds))}
      ${text(fill(words.before, { value: length(previous.averageSeconds) }))}`;
    })}
    ${ofFigures(
      'extensions',
      (total, previous) =>
        html`${simple(total.extensions, previous.extensions)}
        ${total.extendedSeconds ? text(fill(words.added, { duration: formats.exactDuration(total.extendedSeconds, 'short') })) : nothing}`,
    )}
    ${ofFigures(
      'warnings',
      (total) =>
        html`${value(noun('number', total.warningsAnswered))}
        ${text(fill(words.ofWarnings, { count: count(total.warnings) }))}`,
    )}
    ${
      snapshot.help.value?.requests
        ? card(
            {
              ...{
                name: 'help',
                of: 'help',
                read: snapshot.help,
                isOfAll: filters.applicationId !== undefined,
              },
              ...(span && span.days > 31 && { scope: words.last31 }),
              body: ({ requests, completed, waitSeconds }) =>
                html`${value(count(requests))} ${text(fill(words.completed, { count: count(completed) }))}
                ${waitSeconds === null ? nothing : text(fill(words.usualWait, { duration: formats.exactDuration(waitSeconds, 'short') }))}`,
            },
            view,
          )
        : nothing
    }
  </div>`;
}

const isEmpty = ({ sessions, tokens, money, returnedMoney, returnedTokens }: Figures) =>
  !sessions && !tokens && !returnedTokens && !money.length && !returnedMoney.length;

function attention(view: DashboardView): TemplateResult {
  const { words, own, attentionAddress, attend } = view;
  const entry = (kind: string, count: number) => {
    const known = attentionNames.find((name) => name === kind);
    const label = known ? words.attention[known] : kind;
    const content = fill(words.pair, { label, value: own.number(count) });
    const address = attentionAddress(kind);
    if (!address) return html`<li>${content}</li>`;
    return html`<li>
      <a href=${address} @click=${(event: Event) => attend(event, kind, count)}>${content}</a>
    </li>`;
  };
  return card(
    {
      ...{
        name: 'attention',
        of: 'attention',
        read: view.snapshot.attention,
        isOfAll: true,
        scope: words.now,
      },
      isMain: true,
      body: (waiting) =>
        waiting.length
          ? html`${value(own.number(waiting.reduce((sum, { count }) => sum + count, 0)))}
              <ul part="waiting" role="list">
                ${waiting.map(({ kind, count }) => entry(kind, count))}
              </ul>`
          : html`${value(own.number(0))}${text(words.nothingWaits)}`,
    },
    view,
  );
}

function card<T>(
  { name, of, read, isOfAll, scope, isMain, rows, body }: Card<T>,
  view: DashboardView,
): TemplateResult {
  const { words, snapshot, showRows } = view;
  const title = words.cards[name];
  const where = [
    scope ?? view.periodName,
    ...(scope === words.now ? [] : [snapshot.timeZone]),
    ...(isOfAll && snapshot.filters.applicationId ? [words.allApplications] : []),
  ];
  return html`<article
    part="card ${isMain ? 'main-card ' : ''}${name}-card"
    aria-labelledby="card-${name}"
    aria-busy=${read.state === 'loading' ? 'true' : nothing}
  >
    <h3 part="card-title" id="card-${name}">${title}</h3>
    ${content(read, of, title, view, body)}
    <p part="card-scope">${where.join(' · ')}</p>
    ${
      rows && read.state === 'ready'
        ? button('rows', words.showRows, () => showRows(rows === 'all' ? undefined : rows), {
            name: fill(words.pair, { label: title, value: words.showRows }),
          })
        : nothing
    }
  </article>`;
}

/** What was read, or that it is being read, is old, or cannot be read. */
export function content<T>(
  read: Read<T>,
  of: DashboardPart,
  title: string,
  view: DashboardView,
  body: (value: T) => TemplateResult,
): TemplateResult {
  const { words, common, own, retry, isStale } = view;
  if (read.value !== undefined)
    return html`${body(read.value)}
    ${isStale(read) ? html`<p part="card-stale">${fill(words.stale, { time: own.clock(read.at!) })}</p>` : nothing}`;
  if (read.state === 'loading')
    return html`<p part="card-loading"><span class="heard">${words.loading}</span></p>`;
  return html`<p part="card-failed">${words.failed}</p>
    ${button('retry', common.tryAgain, () => retry(of), {
      name: fill(words.pair, { label: title, value: common.tryAgain }),
    })}`;
}
