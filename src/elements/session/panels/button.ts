import { html, nothing, type TemplateResult } from 'lit/html.js';

interface ButtonOptions {
  /** Whether it is drawn as the one that is most likely wanted. */
  isPrimary?: boolean;
  /** Whether a press does nothing just now. */
  isBusy?: boolean;
  /** Whether focus starts here. */
  autofocus?: boolean;
  /** Its name, where the label is a sign. */
  name?: string;
  /** Where the page may put a label of its own. */
  slot?: string;
  /** A label for which there is room, too. */
  other?: string | undefined;
}

/** A button with a part of its own. */
export function button(
  part: string,
  label: string,
  onclick: (event: UIEvent) => void,
  { isPrimary, isBusy, autofocus = false, name, slot, other }: ButtonOptions = {},
): TemplateResult {
  const content = slot
    ? html`<slot name=${slot} .textContent=${label}></slot>`
    : html`<span .textContent=${label}></span>`;
  // Its label is all the text that it has.
  // prettier-ignore
  return html`<button
    type="button"
    part="button ${isPrimary ? 'primary-button ' : ''}${part}-button"
    aria-disabled=${isBusy ? 'true' : nothing}
    aria-label=${name ?? nothing}
    data-other=${other ?? nothing}
    ?autofocus=${autofocus}
    @click=${onclick}
  >${content}</button>`;
}

/** Puts a line away. A sign, so that in no language it takes a line of its own. */
export const dismissButton = (name: string, onclick: () => void): TemplateResult =>
  button('dismiss', '×', onclick, { name });
