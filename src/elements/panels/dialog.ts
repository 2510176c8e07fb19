import { html, nothing, type TemplateResult } from 'lit/html.js';
import { clockTime } from '../clock-time.js';
import { timeClass } from '../frame.js';
import { extensionRefusal, refusal } from './error-words.js';
import { renderConfirm, renderOptions, renderTopUp } from './extend-form.js';
import type { PanelsView } from './view.js';

/**
 * The one dialog: the last warning (WCAG 2.2.1), extending, ending. Everything outside a modal dialog is inert, so the
 * time, the refusal and the announcements stand inside too. Escape means "keep going".
 */
export function renderDialog(view: PanelsView): TemplateResult {
  const { dialog: mode, strings } = view;
  return html`<dialog part="dialog" aria-labelledby="title" aria-describedby="text" @close=${view.keepGoing}>
    ${
      mode === null
        ? nothing
        : html`<form method="dialog" @submit=${(event: Event) => submit(event, view)}>
            <h2 part="dialog-title" id="title">${strings[`${mode}Title`]}</h2>
            <p part="dialog-text" id="text">${strings[`${mode}Text`]}</p>
            ${renderTimeLeft(view)} ${mode !== 'end' && view.options.length ? renderOptions(view) : nothing}
            <p part="dialog-status" role="status">${connection(view)}</p>
            <p part="message" role="alert">${message(view)}</p>
            <div part="actions">${mode === 'end' ? renderEnd(view) : renderExtend(view)}</div>
          </form>`
    }
  </dialog>`;
}

function submit(event: Event, { dialog, snapshot, isOffline, confirmEnd, confirmExtend }: PanelsView): void {
  event.preventDefault();
  // A charge is never queued.
  if (snapshot.pending || isOffline) return;
  if (dialog === 'end') confirmEnd();
  else confirmExtend();
}

function renderTimeLeft({ snapshot, strings, locale }: PanelsView): TemplateResult {
  const { deadline } = snapshot;
  return html`<p part="dialog-time" role="timer" aria-label=${strings.timeLeft}>
    <span part="time" class=${timeClass}></span>
    <span part="end-time">${deadline === null ? nothing : strings.endsAt(clockTime(deadline, locale))}</span>
  </p>`;
}

/** Outside a modal dialog nobody would hear of it. */
function connection({ snapshot, strings, isOffline }: PanelsView): string | typeof nothing {
  if (isOffline) return strings.offline;
  return snapshot.connection === 'online' ? nothing : strings.reconnecting;
}

function message({ dialog, snapshot: { error } }: PanelsView): string | typeof nothing {
  if (!error) return nothing;
  return dialog === 'end' ? refusal(error) : extensionRefusal(error);
}

function renderExtend(view: PanelsView): TemplateResult {
  const { dialog, strings, act, keepGoing } = view;
  // Focus starts on what neither costs nor ends anything.
  return html`${view.options.length ? renderConfirm(view) : nothing}
    <button part="button keep-button" type="button" autofocus @click=${keepGoing}>
      ${dialog === 'warning' ? strings.keepGoing : strings.notNow}
    </button>
    ${view.options.length ? renderTopUp(view) : nothing}
    ${
      dialog === 'warning'
        ? html`<button part="button end-button" type="button" @click=${() => act('end')}>
            ${strings.endNow}
          </button>`
        : nothing
    }`;
}

function renderEnd({ snapshot, strings, isOffline, keepGoing }: PanelsView): TemplateResult {
  return html`<button
      part="button primary-button end-button"
      type="submit"
      aria-disabled=${snapshot.pending || isOffline ? 'true' : nothing}
    >
      ${snapshot.pending ? strings.working : strings.endNow}
    </button>
    <button part="button keep-button" type="button" autofocus @click=${keepGoing}>
      ${strings.keepGoing}
    </button>`;
}
