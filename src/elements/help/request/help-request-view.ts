import { html, nothing, type TemplateResult } from 'lit/html.js';
import { keyed } from 'lit/directives/keyed.js';
import { live } from 'lit/directives/live.js';
import {
  maxDescriptionLength,
  type HelpRequestSnapshot,
} from '../../../controller/help-request/help-request.js';
import type { SessionError } from '../../../protocol/errors.js';
import type { CheckName } from '../../../controller/preflight/check-state.js';
import type { HelpCategory } from '../../../protocol/help-request.js';
import { button } from '../../session/panels/button.js';
import type { Theme } from '../../shared/base-element.js';
import type { Formats } from '../../shared/formats.js';
import { sentences } from '../../shared/sentences.js';
import { fill } from '../../shared/wording.js';
import type { Words } from '../../shared/words.js';
import type { OwnPreflightWords } from '../preflight/preflight-words.js';
import { troubleOf } from '../troubles.js';
import type { HelpEnd, HelpRequestWords, HelpTrouble } from './help-request-words.js';

/** What a person has chosen and written, which outlives everything but the page. */
export interface Draft {
  categoryId: string;
  description: string;
}

export interface HelpRequestView {
  words: HelpRequestWords;
  /** Those that all elements share. */
  common: Words;
  formats: Formats;
  snapshot: HelpRequestSnapshot;
  categories: readonly HelpCategory[] | null;
  draft: Draft;
  /** Since it was asked for, seconds. */
  waitedSeconds: number;
  /** Whether there is a way to ask, and a way into the session. */
  canAsk: boolean;
  canJoin: boolean;
  /** The look at camera and microphone before the talk; undefined where there is none. */
  check: CheckBefore | undefined;
  write(draft: Partial<Draft>): void;
  ask(): void;
  cancel(): void;
  join(): void;
  again(): void;
  /** Undefined where it would change nothing. */
  retry: (() => void) | undefined;
}

export interface CheckBefore {
  checks: readonly CheckName[];
  required: readonly CheckName[];
  /** Where the network is measured to. */
  serverUrl: string;
  theme: Theme;
  strings: OwnPreflightWords;
  isPassed: boolean;
  pass(): void;
}

const troubles: Partial<Record<SessionError['code'], HelpTrouble>> = {
  INSUFFICIENT_TOKENS: 'tokens',
  HELP_CATEGORY_NOT_FOUND: 'category',
  HELP_CATEGORY_INACTIVE: 'category',
  HELP_REQUEST_NOT_FOUND: 'gone',
};
const ends: Record<string, HelpEnd> = {
  nobody_free: 'nobody',
  requested: 'requested',
  customer_absent: 'absent',
  payment_failed: 'unpaid',
  authorization_expired: 'unpaid',
};

/** What came of it, in words. */
export function endOf({ request }: HelpRequestSnapshot): HelpEnd {
  if (request!.status === 'completed') return 'completed';
  return ends[request!.reason ?? ''] ?? 'other';
}

/** How it stands: a heading, and sentences below it. It is said too, whenever it is another one. */
export function standing(view: Pick<HelpRequestView, 'words' | 'formats' | 'snapshot'>): readonly string[] {
  const { words, formats, snapshot } = view;
  const { phase, request, helperName, typicalWaitSeconds } = snapshot;
  const name = helperName ?? words.somebody;
  switch (phase) {
    case 'paying':
      return [words.payTitle, words.payText];
    case 'waiting': {
      const { offered_count: count } = request!;
      const asked = count > 0 ? formats.count(words.asked, count) : words.nobodyFree;
      const usual = typicalWaitSeconds === null ? '' : formats.duration(Math.max(1, typicalWaitSeconds));
      return [
        words.waitingTitle,
        sentences(asked, words.costsNothing),
        usual && fill(words.typicalWait, { duration: usual }),
      ];
    }
    case 'claimed':
      return [fill(words.claimedTitle, { name }), words.claimedText];
    case 'running':
      return [fill(words.runningTitle, { name }), words.runningText];
    case 'ended':
      return words.ends[endOf(snapshot)];
    case 'loading':
      return [words.title, words.loading];
    case 'form':
      return [words.title];
  }
}

/** The whole of it. */
export function helpRequestView(view: HelpRequestView): TemplateResult {
  const { words, snapshot } = view;
  const { phase, isCutOff } = snapshot;
  const [title, ...texts] = standing(view);
  return html`<section part="help" aria-labelledby="title">
    <h2 part="help-title" id="title" tabindex="-1" .textContent=${title!}></h2>
    ${texts.filter(Boolean).map((text) => html`<p part="help-text" .textContent=${text}></p>`)}
    ${phase === 'waiting' ? html`<p part="waited">${waited(view)}</p>` : nothing}
    ${phase === 'ended' ? receipt(view) : nothing}
    ${isCutOff && phase !== 'ended' ? html`<p part="cut-off">${words.cutOff}</p>` : nothing} ${trouble(view)}
    ${checkBefore(view)}
    ${phase === 'form' ? form(view) : html`<div part="help-actions">${keyed(phase, actions(view))}</div>`}
    <p part="announcement" role="status"></p>
  </section>`;
}

function waited({ words, formats, waitedSeconds }: HelpRequestView): string {
  const minutes = Math.floor(waitedSeconds / 60);
  return minutes < 1 ? words.waitedLittle : fill(words.waited, { duration: formats.duration(minutes * 60) });
}

/** Whether a look at camera and microphone has its place now: before a talk, and never in the way of one that runs. */
const isCheckTime = ({ snapshot: { phase } }: HelpRequestView) => phase === 'waiting' || phase === 'claimed';
/** Whether the customer can join only after it. */
export const mustCheck = (view: HelpRequestView) =>
  isCheckTime(view) && view.check !== undefined && !view.check.isPassed && view.check.required.length > 0;

function checkBefore(view: HelpRequestView): TemplateResult | typeof nothing {
  const { words, check } = view;
  if (!check || !isCheckTime(view)) return nothing;
  if (check.isPassed) return html`<p part="checked">${words.checked}</p>`;
  const { checks, required, serverUrl, theme, strings, pass } = check;
  return html`<marketplace-session-preflight
    part="check"
    .checks=${checks}
    .require=${required}
    .serverUrl=${serverUrl}
    .theme=${theme}
    .strings=${strings}
    @preflight-passed=${pass}
  ></marketplace-session-preflight>`;
}

function actions(view: HelpRequestView): TemplateResult | typeof nothing {
  const { words, snapshot, canAsk, canJoin, cancel, join, again } = view;
  const { phase, pending, checkoutUrl } = snapshot;
  const isBusy = pending !== null;
  const giveUp = button('cancel', words.cancel, cancel, { isBusy });
  switch (phase) {
    case 'paying':
      // prettier-ignore
      return html`${checkoutUrl
        ? html`<a part="button primary-button pay-button" href=${checkoutUrl} target="_blank" rel="noopener">${words.pay}</a>`
        : nothing}${giveUp}`;
    case 'waiting':
      return giveUp;
    case 'claimed':
      // prettier-ignore
      return html`${canJoin ? button('join', words.join, join, { isPrimary: true, isBusy: isBusy || mustCheck(view) }) : nothing}${giveUp}
        ${canJoin && mustCheck(view) ? html`<p part="check-first">${words.checkFirst}</p>` : nothing}`;
    case 'running':
      return canJoin ? button('join', words.rejoin, join, { isPrimary: true, isBusy }) : nothing;
    case 'ended':
      return canAsk
        ? button('again', words.again, again, { isPrimary: endOf(snapshot) !== 'completed' })
        : nothing;
    default:
      return nothing;
  }
}

/** What a talk has cost; of what came to none the words say it. */
function receipt({ snapshot, common, formats }: HelpRequestView): TemplateResult | typeof nothing {
  const request = snapshot.request!;
  const { status, used_seconds, tokens, final_cost, amount, currency, captured_amount } = request;
  if (status !== 'completed' || used_seconds === null) return nothing;
  const row = (label: string, value: string) =>
    html`<div part="receipt-row">
      <dt>${label}</dt>
      <dd>${value}</dd>
    </div>`;
  const rows = (price: number, cost: number, format: (value: number) => string) =>
    html`${row(common.cost, format(cost))}${price > cost ? row(common.refund, format(price - cost)) : nothing}`;
  return html`<dl part="receipt">
    ${row(common.used, formats.exactDuration(used_seconds))}
    ${tokens ? rows(tokens, final_cost ?? 0, formats.tokens) : nothing}
    ${
      // Known once it was taken.
      amount != null && currency != null && captured_amount != null
        ? rows(amount, captured_amount, (value) => formats.money({ amount: value, currency }))
        : nothing
    }
  </dl>`;
}

function trouble(view: HelpRequestView): TemplateResult | typeof nothing {
  const { words, common, snapshot, again, retry } = view;
  const { error, pending, phase } = snapshot;
  if (!error || pending) return nothing;
  const kind = troubles[error.code] ?? troubleOf(error.code);
  const { topUpUrl } = error;
  const isWritten = kind === 'unreachable' && phase === 'form' && view.draft.description !== '';
  // What was pressed is pressed again; what came by itself needs a button of its own.
  const isOwn = !retry || (phase === 'form' && view.categories !== null);
  // prettier-ignore
  return html`<div part="trouble" role="alert">
    <span>${sentences(words.troubles[kind], isWritten && words.stillThere)}</span>
    ${kind === 'other' ? html`<span part="reference">${fill(common.reference, { code: error.code })}</span>` : nothing}
    ${kind === 'tokens' && topUpUrl && /^https?:/.test(topUpUrl)
      ? html`<a part="button top-up-button" href=${topUpUrl}>${common.getTokens}</a>`
      : nothing}
    ${kind === 'gone' ? button('again', words.again, again) : isOwn ? nothing : button('retry', common.tryAgain, retry)}
  </div>`;
}

function form(view: HelpRequestView): TemplateResult | typeof nothing {
  const { words, snapshot, categories, draft, canAsk, write, ask } = view;
  if (!categories || !canAsk) return nothing;
  if (!categories.length) return html`<p part="help-text">${words.noCategories}</p>`;
  const chosen = categories.find(({ id }) => id === draft.categoryId) ?? categories[0]!;
  const submit = (event: Event) => {
    event.preventDefault();
    ask();
  };
  return html`<form part="help-form" @submit=${submit}>
    ${
      categories.length > 1
        ? html`<label part="field-label">
            <span part="field-name">${words.category}</span>
            <select
              part="field category-field"
              @change=${(event: Event) => write({ categoryId: (event.target as HTMLSelectElement).value })}
            >
              ${categories.map(
                ({ id, name }) =>
                  html`<option value=${id} ?selected=${id === chosen.id} .textContent=${name}></option>`,
              )}
            </select>
          </label>`
        : html`<p part="help-text" .textContent=${chosen.name}></p>`
    }
    <label part="field-label">
      <span part="field-name">${words.description}</span>
      <textarea
        part="field description-field"
        rows="3"
        maxlength=${maxDescriptionLength}
        dir="auto"
        aria-describedby="hint"
        .value=${live(draft.description)}
        @input=${(event: Event) => write({ description: (event.target as HTMLTextAreaElement).value })}
      ></textarea>
      <span part="field-hint" id="hint">${words.descriptionHint}</span>
    </label>
    <p part="price">${price(chosen, view)}</p>
    <div part="help-actions">
      <button
        type="submit"
        part="button primary-button ask-button"
        aria-disabled=${snapshot.pending ? 'true' : nothing}
      >
        ${snapshot.pending ? view.common.working : words.ask}
      </button>
    </div>
  </form>`;
}

function price(category: HelpCategory, { words, formats }: HelpRequestView): string {
  const { tokens, amount, currency, capture, duration_seconds } = category;
  const duration = formats.duration(duration_seconds);
  if (tokens === 0) return fill(words.free, { duration });
  const text =
    tokens == null ? formats.money({ amount: amount!, currency: currency! }) : formats.tokens(tokens);
  return sentences(fill(words.price, { price: text, duration }), capture !== 'full' && words.byTime);
}
