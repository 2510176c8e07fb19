import { h, type Drawable } from './draw.js';

interface ButtonOptions {
  /** Whether it is drawn as the one that is most likely wanted. */
  isPrimary?: boolean;
  /** Whether a press does nothing just now. */
  isBusy?: boolean;
  /** Whether focus starts here. */
  autofocus?: boolean;
  /** Where another button takes its place, and its focus. */
  key?: string | undefined;
}

/** A button with a part of its own. Without anything to do on a press it submits the dialog. */
export function button(
  name: string,
  label: Drawable,
  onclick?: () => void,
  { isPrimary, isBusy, autofocus = false, key }: ButtonOptions = {},
): Drawable {
  return h(
    `button.button ${isPrimary ? 'primary-button ' : ''}${name}-button`,
    {
      key,
      type: onclick ? 'button' : 'submit',
      onclick: onclick ?? false,
      'aria-disabled': isBusy ? 'true' : null,
      autofocus,
    },
    label,
  );
}
