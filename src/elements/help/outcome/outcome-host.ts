import type { OutcomeFormOptions } from '../../../controller/outcome/outcome-form.js';
import type { Language } from '../../shared/language.js';
import type { OwnOutcomeWords } from './outcome-words.js';

/** What the late part needs of the element. */
export interface OutcomeHost extends HTMLElement {
  readonly language: Language;
  readonly strings: OwnOutcomeWords;
  /** Undefined where an attribute is missing that it cannot do without. */
  readonly options: OutcomeFormOptions | undefined;
  /** Around everything that is drawn. */
  readonly whole: HTMLElement;
  requestUpdate(): void;
  wear(styles: string): void;
  /** Tells `:state(…)` selectors. */
  showState(state: string): void;
}
