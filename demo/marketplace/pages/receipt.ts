import { html } from 'hono/html';
import type { Extension } from '../../../src/protocol/api.js';
import type { Session } from '../../../src/protocol/session.js';
import { isFinal } from '../../../src/protocol/state-machine.js';
import { formatRemaining } from '../../../src/protocol/time.js';
import type { CatalogueEntry } from '../catalogue.js';
import type { Customer } from '../session-api.js';
import { layout, type Markup } from './layout.js';
import { nameOf } from './session-list.js';
import { dayAndTime, isoTime, length, statusOf, timeOfDay, tokens } from './words.js';

export interface ReceiptPage {
  wallet: Customer['wallet'];
  session: Session;
  /** Oldest first. */
  extensions: readonly Extension[];
  catalogue: readonly CatalogueEntry[];
}

/** What a session was, what it cost and what came back. */
export function receiptPage({ wallet, session, extensions, catalogue }: ReceiptPage): Markup {
  const name = nameOf(session, catalogue);
  const isOver = isFinal(session.status);
  return layout({
    title: `${name} · Tempo`,
    wallet,
    main: html`<article class="receipt" aria-labelledby="receipt">
        <header>
          <p class="receipt-status" data-status="${session.status}">${statusOf(session)}</p>
          <h1 id="receipt">${isOver ? `Thank you for using ${name}` : `${name} is open`}</h1>
          <p><time datetime="${isoTime(session.created_at)}">${dayAndTime(session.created_at)}</time></p>
        </header>
        <h2>Bought</h2>
        <dl class="lines">${boughtBlocks(session, extensions).map(line)}</dl>
        <h2>${isOver ? 'Settled' : 'So far'}</h2>
        <dl class="lines">${settlement(session).map(line)}</dl>
        <dl class="lines lines-total">${line({ name: 'Wallet now', value: tokens(wallet.available) })}</dl>
        <p class="receipt-id">Session ${session.id}</p>
      </article>
      <p class="receipt-actions">
        ${
          isOver
            ? html`<a class="button" href="/#${session.application_id}">Open ${name} again</a>`
            : html`<form method="post" action="/launches">
                <input type="hidden" name="session" value="${session.id}" />
                <button class="button">Go back to ${name}</button>
              </form>`
        }
        <a href="/sessions">All sessions</a>
      </p>`,
  });
}

interface Line {
  name: string;
  value: string;
}

function boughtBlocks(session: Session, extensions: readonly Extension[]): Line[] {
  const extra = { seconds: 0, tokens: 0 };
  for (const { additional_seconds, tokens: price } of extensions) {
    extra.seconds += additional_seconds;
    extra.tokens += price;
  }
  return [
    {
      name: length(session.duration_limit_seconds - extra.seconds),
      value: tokens(session.tokens_allocated - extra.tokens),
    },
    ...extensions.map((extension) => ({
      name: `${length(extension.additional_seconds)} more, at ${timeOfDay(extension.created_at)}`,
      value: tokens(extension.tokens),
    })),
  ];
}

function settlement(session: Session): Line[] {
  const bought = length(session.duration_limit_seconds);
  if (!isFinal(session.status)) {
    return [
      { name: `Set aside for ${bought}`, value: tokens(session.tokens_allocated) },
      {
        name: session.expires_at === null ? 'Time left' : `Time left, until ${timeOfDay(session.expires_at)}`,
        value: formatRemaining(session.remaining_seconds),
      },
    ];
  }
  return [
    { name: `Time used, of ${bought}`, value: formatRemaining(session.used_seconds ?? 0) },
    { name: 'Charged', value: tokens(session.final_cost ?? 0) },
    { name: 'Back in your wallet', value: tokens(session.tokens_refunded ?? 0) },
  ];
}

function line({ name, value }: Line): Markup {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
