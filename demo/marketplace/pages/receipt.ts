import { html } from 'hono/html';
import { isFinal } from '../../../src/protocol/state-machine.js';
import { formatRemaining } from '../../../src/protocol/time.js';
import type { Customer, Session, SessionExtensionsResponse } from '../../../src/sdk/index.js';
import type { CatalogueEntry } from '../catalogue.js';
import { layout, type Markup } from './layout.js';
import { nameOf } from './session-list.js';
import { dayAndTime, isoTime, length, statusOf, timeOfDay, tokens } from './words.js';

export interface ReceiptPage {
  wallet: Customer['wallet'];
  session: Session;
  /** Oldest first. */
  extensions: SessionExtensionsResponse['extensions'];
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
          <p><time datetime="${isoTime(session.createdAt)}">${dayAndTime(session.createdAt)}</time></p>
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
            ? html`<a class="button" href="/#${session.applicationId}">Open ${name} again</a>`
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

function boughtBlocks(session: Session, extensions: SessionExtensionsResponse['extensions']): Line[] {
  const extra = { seconds: 0, tokens: 0 };
  for (const { additionalSeconds, tokens: price } of extensions) {
    extra.seconds += additionalSeconds;
    extra.tokens += price;
  }
  return [
    {
      name: length(session.durationLimitSeconds - extra.seconds),
      value: tokens(session.tokensAllocated - extra.tokens),
    },
    ...extensions.map((extension) => ({
      name: `${length(extension.additionalSeconds)} more, at ${timeOfDay(extension.createdAt)}`,
      value: tokens(extension.tokens),
    })),
  ];
}

function settlement(session: Session): Line[] {
  const bought = length(session.durationLimitSeconds);
  if (!isFinal(session.status)) {
    return [
      { name: `Set aside for ${bought}`, value: tokens(session.tokensAllocated) },
      {
        name: session.expiresAt === null ? 'Time left' : `Time left, until ${timeOfDay(session.expiresAt)}`,
        value: formatRemaining(session.remainingSeconds),
      },
    ];
  }
  return [
    { name: `Time used, of ${bought}`, value: formatRemaining(session.usedSeconds ?? 0) },
    { name: 'Charged', value: tokens(session.finalCost ?? 0) },
    { name: 'Back in your wallet', value: tokens(session.tokensRefunded ?? 0) },
  ];
}

function line({ name, value }: Line): Markup {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
