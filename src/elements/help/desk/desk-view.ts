import { html, nothing, type TemplateResult } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { DeskAction, DeskEntry, DeskSnapshot } from '../../../controller/desk/desk.js';
import type { ErrorCode } from '../../../protocol/error-codes.js';
import { availabilities, type Availability } from '../../../protocol/help-request.js';
import { button } from '../../session/panels/button.js';
import type { Formats } from '../../shared/formats.js';
import { sentences } from '../../shared/sentences.js';
import { fill } from '../../shared/wording.js';
import { outcomeOfEntry, type OutcomeView } from '../outcome/outcome-view.js';
import type { DeskRefusal, DeskWords } from './desk-words.js';

export interface DeskView {
  words: DeskWords;
  /** Once all words of the language are there. */
  formats: Formats;
  snapshot: DeskSnapshot;
  /** What is told of the connection: not each blip. */
  notice: 'lost' | 'refused' | undefined;
  /** By the service's clock, ms since the epoch. */
  now: number;
  /** Where a session is opened; undefined where the page does that. */
  addressOf(entry: DeskEntry): string | undefined;
  turn(availability: Availability): void;
  act(id: string, action: DeskAction): void;
  join(event: Event, entry: DeskEntry): void;
  dismiss(id: string): void;
  /** The form for a talk that is over; undefined until its words are there. */
  outcomeOf(id: string): OutcomeView | undefined;
  tryNow(): void;
}

const refusalOf: Partial<Record<ErrorCode, DeskRefusal>> = {
  HELPER_BUSY: 'busy',
  HELPER_UNAVAILABLE: 'offline',
  CUSTOMER_ABSENT: 'customerAbsent',
  NETWORK_FAILED: 'network',
  TIMED_OUT: 'network',
  SERVICE_ERROR: 'network',
};
const wentOf: Partial<Record<ErrorCode, keyof DeskWords['went']>> = {
  REQUEST_TAKEN: 'taken',
  REQUEST_CANCELLED: 'cancelled',
  REQUEST_EXPIRED: 'expired',
  NOT_OFFERED: 'unknown',
};

/** What is said of a request that is not to be had, or of what was refused. */
export function messageOf({ went, code, isOwn }: DeskEntry, words: DeskWords, isAvailable: boolean): string {
  const how = (went as keyof DeskWords['went'] | undefined) ?? (code && wentOf[code]);
  const still = isAvailable && !isOwn && words.stillAvailable;
  if (how) return sentences(words.went[how], still);
  return code ? words.refusals[refusalOf[code] ?? 'other'] : '';
}

/** The whole of it. */
export function deskView(view: DeskView): TemplateResult {
  const { words, snapshot } = view;
  return html`<section part="desk" aria-labelledby="title">
    <h2 part="desk-title" id="title" tabindex="-1">${words.title}</h2>
    ${notice(view)}
    ${
      snapshot.availability
        ? html`${availability(snapshot.availability, view)} ${offers(snapshot.availability, view)}
          ${ownRequests(view)}`
        : view.notice
          ? nothing
          : html`<p part="desk-text">${words.loading}</p>`
    }
    <p part="announcement" role="status"></p>
  </section>`;
}

function notice({ words, notice, tryNow }: DeskView): TemplateResult | typeof nothing {
  if (!notice) return nothing;
  return html`<div part="desk-notice">
    <span part="notice-text">${notice === 'refused' ? words.refused : words.connectionLost}</span>
    ${button('try-now', words.tryNow, tryNow)}
  </div>`;
}

function availability(current: Availability, view: DeskView): TemplateResult {
  const { words, formats, snapshot, turn } = view;
  const chosen = snapshot.wanted ?? current;
  // What a person has pressed is not what is so until the service says it.
  const option = (value: Availability) =>
    html`<label part="availability-option ${value === chosen ? 'chosen-option' : ''}">
      <input
        type="radio"
        name="availability"
        value=${value}
        aria-describedby="meaning"
        .checked=${live(value === chosen)}
        @change=${() => turn(value)}
      />
      <span .textContent=${words.availabilities[value]}></span>
    </label>`;
  return html`<fieldset part="availability">
    <legend part="desk-heading">${words.availability}</legend>
    ${availabilities.map(option)}
    <p part="availability-text" id="meaning">${words.meanings[chosen]}</p>
    ${
      snapshot.setAwayAt === undefined
        ? nothing
        : html`<p part="set-away">${fill(words.setAway, { time: formats.time(snapshot.setAwayAt) })}</p>`
    }
  </fieldset>`;
}

/** What is offered, or was until a moment ago: it stays where it was. */
function offers(current: Availability, view: DeskView): TemplateResult {
  const { words, snapshot } = view;
  const offered = snapshot.entries.filter(({ isOwn }) => !isOwn);
  return html`<h3 part="desk-heading" id="offers">${words.offers}</h3>
    ${
      offered.length
        ? list('offers', offered, view)
        : html`<p part="desk-text">${words.empty[snapshot.isBusy ? 'busy' : current]}</p>`
    }`;
}

function ownRequests(view: DeskView): TemplateResult | typeof nothing {
  const own = view.snapshot.entries.filter(({ isOwn }) => isOwn);
  if (!own.length) return nothing;
  return html`<h3 part="desk-heading" id="own-requests">${view.words.ownRequests}</h3>
    ${list('own-requests', own, view)}`;
}

const list = (name: string, entries: readonly DeskEntry[], view: DeskView): TemplateResult =>
  html`<ul part=${name} role="list" aria-labelledby=${name}>
    ${repeat(
      entries,
      ({ id }) => id,
      (entry) => html`<li>${request(entry, view)}</li>`,
    )}
  </ul>`;

function request(entry: DeskEntry, view: DeskView): TemplateResult {
  if (entry.stage === 'completed') return overRequest(entry, view);
  const { words, formats, snapshot } = view;
  const { id, stage, category, description, createdAt, durationSeconds, tokens, money } = entry;
  const tokensOrFree = tokens ? formats.tokens(tokens) : words.free;
  const price = money ? formats.money(money) : tokensOrFree;
  const terms = fill(words.terms, { duration: formats.duration(durationSeconds), price });
  const message = messageOf(entry, words, snapshot.availability === 'available');
  return html`<article part="request ${stage}-request" data-request=${id} aria-labelledby="name-${id}">
    <h4 part="request-name" id="name-${id}" dir="auto" tabindex="-1" .textContent=${category}></h4>
    <p part="request-text">
      ${sentences(`${fill(words.waitingSince, { time: formats.time(createdAt) })}.`, `${terms}.`)}
    </p>
    ${description ? html`<p part="request-description" dir="auto" .textContent=${description}></p>` : nothing}
    ${stage === 'claimed' ? html`<p part="request-time">${timeToJoin(entry, view)}</p>` : nothing}
    ${stage === 'in_progress' ? html`<p part="request-time">${words.inProgress}</p>` : nothing}
    <p part="request-message">${message}</p>
    <div part="actions">${actions(entry, view)}</div>
  </article>`;
}

/** A talk that is over, and of which the helper is to say how it ended. */
function overRequest({ id, category }: DeskEntry, { words, outcomeOf }: DeskView): TemplateResult {
  const outcome = outcomeOf(id);
  return html`<article part="request completed-request" data-request=${id} aria-labelledby="name-${id}">
    <h4 part="request-name" id="name-${id}" dir="auto" tabindex="-1" .textContent=${category}></h4>
    <p part="request-text">${words.went.completed}</p>
    ${outcome ? outcomeOfEntry(outcome) : nothing}
  </article>`;
}

function timeToJoin({ dueAt }: DeskEntry, { words, now }: DeskView): string {
  const seconds = dueAt === null ? 0 : Math.ceil((dueAt - now) / 1000);
  // Who is there has more time than that: the customer is waited for.
  if (seconds <= 0) return sentences(words.awaitsCustomer, words.startsByItself);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return sentences(fill(words.joinWithin, { time }), words.startsByItself);
}

function actions(entry: DeskEntry, view: DeskView): TemplateResult {
  const { words, snapshot, act, dismiss } = view;
  const { id, stage, category, doing, isOwn } = entry;
  const name = (action: keyof DeskWords['actions']) =>
    fill(words.named, { action: words.actions[action], category });
  const isStopped = snapshot.connection !== 'online' || doing !== undefined;
  const press = (action: DeskAction, isPrimary = false, isRefused = false) =>
    button(action, words.actions[action], () => act(id, action), {
      isPrimary,
      isBusy: isStopped || isRefused,
      name: name(action),
    });
  switch (stage) {
    case 'offered':
      return html`${press('decline')}${press('claim', true, snapshot.isBusy)}`;
    case 'claimed':
      return html`${press('withdraw')}${press('start')}${join(entry, name('join'), view)}`;
    case 'in_progress':
      return join(entry, name('join'), view);
    default:
      return isOwn
        ? button('dismiss', words.actions.dismiss, () => dismiss(id), { name: name('dismiss') })
        : html``;
  }
}

/** A link, where there is an address: it can be opened as any other. */
function join(entry: DeskEntry, name: string, view: DeskView): TemplateResult {
  const { words, addressOf, join } = view;
  const press = (event: Event) => join(event, entry);
  const address = addressOf(entry);
  if (!address) return button('join', words.actions.join, press, { isPrimary: true, name });
  return html`<a
    part="button primary-button join-button"
    href=${address}
    target="_blank"
    rel="noopener"
    aria-label=${name}
    @click=${press}
    >${words.actions.join}</a
  >`;
}
