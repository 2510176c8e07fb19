import { html, nothing, type TemplateResult } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import { maxNotesLength, type OutcomeFormSnapshot } from '../../../controller/outcome/outcome-form.js';
import type { ErrorCode } from '../../../protocol/error-codes.js';
import { outcomes, type Outcome } from '../../../protocol/help-request.js';
import { button } from '../../session/panels/button.js';
import { focusQuietly } from '../../shared/focus.js';
import { fill } from '../../shared/wording.js';
import type { Words } from '../../shared/words.js';
import { troubleOf } from '../troubles.js';
import type { OutcomeWords } from './outcome-words.js';

/** What is chosen and written, which outlives a failure. */
export interface OutcomeDraft {
  outcome: Outcome | null;
  notes: string;
}

export interface OutcomeView {
  /** Begins every id in it. */
  name: string;
  words: OutcomeWords;
  /** Those that all elements share. */
  common: Words;
  snapshot: OutcomeFormSnapshot;
  draft: OutcomeDraft;
  /** Whether it was sent without a choice. */
  isChoiceMissing: boolean;
  write(draft: Partial<OutcomeDraft>): void;
  submit(): void;
  /** Undefined where it would change nothing. */
  retry: (() => void) | undefined;
}

const isGone = (code: ErrorCode) => /^(HELP_REQUEST_NOT_FOUND|NOT_OFFERED)$/.test(code);

/** The heading. */
export const titleOf = ({ words, snapshot }: Pick<OutcomeView, 'words' | 'snapshot'>): string =>
  snapshot.phase === 'given' ? words.givenTitle : words.title;

/** The whole of it. */
export function outcomeView(view: OutcomeView): TemplateResult {
  const titleId = `${view.name}-title`;
  return html`<section part="outcome" aria-labelledby=${titleId}>
    <h2 part="outcome-title" id=${titleId} tabindex="-1" .textContent=${titleOf(view)}></h2>
    ${outcomeBody(view)}
    <p part="announcement" role="status"></p>
  </section>`;
}

/** The same among other things of a helper's, which have a heading. */
export const outcomeOfEntry = (view: OutcomeView): TemplateResult =>
  html`<p part="outcome-title" id="${view.name}-title" .textContent=${titleOf(view)}></p>
    ${outcomeBody(view)}`;

function outcomeBody(view: OutcomeView): TemplateResult {
  const { words, snapshot } = view;
  const { phase, error } = snapshot;
  const text = phase === 'loading' && error ? '' : phase === 'form' || phase === 'given' ? '' : words[phase];
  return html`${text ? html`<p part="outcome-text" .textContent=${text}></p>` : nothing}
  ${phase === 'given' ? given(view) : nothing} ${trouble(view)} ${phase === 'form' ? form(view) : nothing}`;
}

function given({ words, snapshot }: OutcomeView): TemplateResult {
  const { outcome, notes, isOther } = snapshot;
  return html`${isOther ? html`<p part="outcome-text">${words.other}</p>` : nothing}
    <p part="given-outcome">${words.outcomes[outcome!]}</p>
    ${notes === null ? nothing : html`<p part="given-notes" dir="auto" .textContent=${notes}></p>`}`;
}

function trouble({ words, common, snapshot, retry }: OutcomeView): TemplateResult | typeof nothing {
  const { error, isSending, phase } = snapshot;
  if (!error || isSending) return nothing;
  const kind = isGone(error.code) ? 'gone' : troubleOf(error.code);
  // prettier-ignore
  return html`<div part="trouble" role="alert">
    <span>${words.troubles[kind]}</span>
    ${kind === 'other' ? html`<span part="reference">${fill(common.reference, { code: error.code })}</span>` : nothing}
    ${phase === 'form' || kind === 'gone' || !retry ? nothing : button('retry', common.tryAgain, retry)}
  </div>`;
}

function form(view: OutcomeView): TemplateResult {
  const { name, words, common, snapshot, draft, isChoiceMissing, write, submit } = view;
  const send = (event: Event) => {
    event.preventDefault();
    submit();
    // Where the person goes on.
    if (!draft.outcome) focusQuietly((event.target as HTMLFormElement).querySelector('input'));
  };
  const choice = (outcome: Outcome) =>
    html`<label part="option ${draft.outcome === outcome ? 'chosen-option' : ''}">
      <input
        type="radio"
        name="outcome"
        value=${outcome}
        .checked=${live(draft.outcome === outcome)}
        @change=${() => write({ outcome })}
      />
      <span>${words.outcomes[outcome]}</span>
    </label>`;
  return html`<form part="outcome-form" novalidate @submit=${send}>
    <fieldset
      part="options"
      role="radiogroup"
      aria-labelledby="${name}-title"
      aria-required="true"
      aria-invalid=${isChoiceMissing ? 'true' : nothing}
      aria-describedby=${isChoiceMissing ? `${name}-missing` : nothing}
    >
      ${outcomes.map(choice)}
    </fieldset>
    ${isChoiceMissing ? html`<p part="missing-choice" id="${name}-missing" role="alert">${words.choose}</p>` : nothing}
    <label part="field-label">
      <span part="field-name">${words.notes}</span>
      <textarea
        part="field notes-field"
        rows="3"
        maxlength=${maxNotesLength}
        dir="auto"
        aria-describedby="${name}-hint"
        .value=${live(draft.notes)}
        @input=${(event: Event) => write({ notes: (event.target as HTMLTextAreaElement).value })}
      ></textarea>
      <span part="field-hint" id="${name}-hint">${words.notesHint}</span>
    </label>
    <button
      type="submit"
      part="button primary-button submit-button"
      aria-disabled=${snapshot.isSending ? 'true' : nothing}
    >
      ${snapshot.isSending ? common.working : words.submit}
    </button>
  </form>`;
}
