import { html, nothing } from 'lit/html.js';
import { keyed } from 'lit/directives/keyed.js';
import { isAllowed } from '../../../controller/run/allowed.js';
import type { SessionError } from '../../../protocol/errors.js';
import { fill } from '../../shared/wording.js';
import type { Words } from '../../shared/words.js';
import { button } from './button.js';
import { connectionLines } from './connection.js';
import { refusalText } from './error-panel.js';
import { confirmButton, isTooDear, optionList, reasonText, topUpLink } from './extend-form.js';
import { sentences } from '../../shared/sentences.js';
import { isBlocked, isShort, type Content, type DialogMode, type PanelsView } from './view.js';

/**
 * The one dialog: the last warning (WCAG 2.2.1), extending, ending. Everything outside a modal dialog is inert, so the
 * time, the connection, the refusal and the announcements stand inside too. Escape means "keep going".
 *
 * Head and actions stay in view, what is between them scrolls. What appears while it is open appears in the head, and
 * the dialog grows upwards: nothing that can be pressed moves.
 */
export function dialog(view: PanelsView): Content {
  const { dialog: mode, keepGoing } = view;
  // It comes late: the dialog may be open again for another reason.
  const onClose = ({ target }: Event) => (target as HTMLDialogElement).open || keepGoing();
  return html`<dialog
    part="dialog"
    aria-labelledby="title"
    aria-describedby="text"
    @cancel=${keepGoing}
    @close=${onClose}
  >
    ${mode ? html`${head(mode, view)}${body(mode, view)}${actions(mode, view)}` : nothing}
    <p part="announcement" role="status"></p>
  </dialog>`;
}

const canExtend = (mode: DialogMode): boolean => mode === 'warning' || mode === 'extend';

const titleOf = (mode: DialogMode, words: Words): string =>
  mode === 'warning' || mode === 'end' ? words[`${mode}Title`] : words.addTime;

function head(mode: DialogMode, view: PanelsView): Content {
  const { words, connection, snapshot, options, refusal } = view;
  const isOffline = canExtend(mode) && options.length > 0 && snapshot.connection === 'offline';
  return html`<div part="dialog-head">
    <h2 part="dialog-title" id="title">
      <slot name="${mode}-title" .textContent=${titleOf(mode, words)}></slot>
    </h2>
    ${timeLeft(view)}
    <div part="dialog-status">
      ${connection === 'online' ? nothing : connectionLines(view)}
      ${isOffline ? html`<span part="banner-text" .textContent=${words.addLater}></span>` : nothing}
    </div>
    <div part="message" role="alert">${refusal ? refused(view, refusal) : nothing}</div>
  </div>`;
}

const refused = (view: PanelsView, refusal: SessionError): Content =>
  html`<span part="banner-text" .textContent=${refusalText(view, refusal)}></span>${
      isShort(view) && !view.options.some(isTooDear) ? topUpLink(view, false) : nothing
    }`;

function timeLeft({ snapshot: { deadline }, words, formats }: PanelsView): Content {
  const end = deadline ? fill(words.endsAt, { time: formats.time(deadline) }) : '';
  return html`<p part="dialog-time" role="timer" aria-label=${words.timeLeft}>
    <span part="time"></span>
    <span part="end-time" .textContent=${end}></span>
  </p>`;
}

function textOf(mode: DialogMode, view: PanelsView): string {
  const { words, choice, snapshot } = view;
  if (mode === 'extend' && !choice) return reasonText(view);
  return mode === 'end' && snapshot.state === 'waiting' ? words.endWaitingText : words[`${mode}Text`];
}

function body(mode: DialogMode, view: PanelsView): Content {
  const { words, choice } = view;
  const text = textOf(mode, view);
  const more = mode === 'warning' && choice && words.canAddTime;
  return html`<div part="dialog-body">
    <p part="dialog-text" id="text">
      <slot name="${mode}-text" .textContent=${sentences(text, more)}></slot>
    </p>
    ${canExtend(mode) ? optionList(view) : nothing}
  </div>`;
}

/** What costs stands above; below it what is safe at the start, and what is final at the end: in every dialog. */
function actions(mode: DialogMode, view: PanelsView): Content {
  const { words, keepGoing } = view;
  const isGoingOn = mode === 'warning' || mode === 'end';
  // Those of another question are others, and start with the focus on what is safe.
  return keyed(
    mode,
    html`<div part="actions">
      ${canExtend(mode) ? (confirmButton(view) ?? topUpLink(view, true)) : nothing}
      ${mode === 'pay' ? payLink(view) : nothing}
      ${
        // Focus starts on what neither costs nor ends anything.
        button('keep', isGoingOn ? words.keepGoing : words.notNow, keepGoing, { autofocus: mode !== 'pay' })
      }
      ${isGoingOn && isAllowed(view.snapshot.session, 'end') ? endButton(mode, view) : nothing}
    </div>`,
  );
}

/** The page stays: what is under way in it goes on, and the new deadline comes by itself. */
const payLink = ({ checkout, words }: PanelsView): Content =>
  html`<a
    part="button primary-button pay-link"
    href=${checkout ?? nothing}
    target="_blank"
    rel="noopener noreferrer"
    autofocus
    .textContent=${words.pay}
  ></a>`;

function endButton(mode: DialogMode, view: PanelsView): Content {
  const { words, act, snapshot } = view;
  if (mode === 'warning') return button('end', words.endNow, () => act('end'));
  const label = snapshot.pending ? words.working : words.endNow;
  return button('end', label, (event) => confirm(event, view), { isBusy: isBlocked(snapshot) });
}

/** The second half of a double press was meant for what stood there before. */
function confirm({ detail }: UIEvent, { snapshot, confirmEnd }: PanelsView): void {
  if (detail < 2 && !isBlocked(snapshot)) confirmEnd();
}
