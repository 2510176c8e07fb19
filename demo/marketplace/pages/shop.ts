import { html } from 'hono/html';
import type { Customer, Session } from '../../../src/sdk/index.js';
import { lengthsMinutes, type CatalogueEntry } from '../catalogue.js';
import { layout, type Markup } from './layout.js';
import { sessionList } from './session-list.js';
import { tokens } from './words.js';

export interface ShopPage {
  wallet: Customer['wallet'];
  /** The latest ones. */
  sessions: readonly Session[];
  catalogue: readonly CatalogueEntry[];
}

/** The front page. */
export function shopPage({ wallet, sessions, catalogue }: ShopPage): Markup {
  return layout({
    title: 'Tempo · Apps by the minute',
    wallet,
    main: html`<section class="hero">
        <h1>Good apps, by the minute.</h1>
        <p>
          Pay for the time you use and nothing else. What is left when you end early goes straight back into
          your wallet.
        </p>
      </section>
      <section aria-labelledby="apps">
        <h2 id="apps" class="visually-hidden">Apps</h2>
        <ul class="apps">
          ${catalogue.filter(({ isForHelp }) => !isForHelp).map(card)}
        </ul>
      </section>
      <section class="steps" aria-labelledby="how">
        <h2 id="how">How it works</h2>
        <ol>
          <li><strong>Choose a length.</strong> Its price is set aside in your wallet, not spent.</li>
          <li>
            <strong>Use the app.</strong> It shows the time left, warns you in good time and sells you more.
          </li>
          <li>
            <strong>Leave when you like.</strong> You pay for the time used; the rest comes back at once.
          </li>
        </ol>
      </section>
      ${
        sessions.length > 0 &&
        html`<section aria-labelledby="latest">
          <div class="section-head">
            <h2 id="latest">Latest sessions</h2>
            <a href="/sessions">All sessions</a>
          </div>
          ${sessionList(sessions, catalogue)}
        </section>`
      }`,
  });
}

function card(entry: CatalogueEntry): Markup {
  return html`<li class="app" id="${entry.id}">
    <img class="app-art" src="/assets/${entry.id}.svg" alt="" width="400" height="200" />
    <div class="app-words">
      <h3>${entry.name}</h3>
      <p class="app-tagline">${entry.tagline}</p>
      <p>${entry.description}</p>
      <p class="app-shows">${entry.shows}.</p>
    </div>
    <form method="post" action="/purchases" data-purchase>
      <input type="hidden" name="application" value="${entry.id}" />
      <input type="hidden" name="purchase" value="${crypto.randomUUID()}" />
      <fieldset>
        <legend>${tokens(entry.tokensPerMinute)} a minute. For how long?</legend>
        <div class="lengths">
          ${lengthsMinutes.map((length, index) => lengthChoice(entry, length, index === 0))}
        </div>
      </fieldset>
      <button class="button">Open ${entry.name}</button>
    </form>
  </li>`;
}

function lengthChoice({ tokensPerMinute }: CatalogueEntry, length: number, isFirst: boolean): Markup {
  const price = tokensPerMinute * length;
  return html`<label class="length">
    <input
      type="radio"
      name="minutes"
      value="${length}"
      data-price="${tokens(price)}"
      ${isFirst ? 'checked' : ''}
    />
    <span class="length-time">${isFirst ? 'One minute' : `${length} min`}</span>
    <span class="length-price">${tokens(price)}</span>
    ${isFirst && html`<span class="length-note">for the impatient</span>`}
  </label>`;
}
