import type { HelpRequestOptions } from '../../../controller/help-request/help-request.js';
import type { CheckName } from '../../../controller/preflight/check-state.js';
import type { HelpCategory } from '../../../protocol/help-request.js';
import type { Theme } from '../../shared/base-element.js';
import type { Language } from '../../shared/language.js';
import type { OwnHelpRequestWords } from './help-request-words.js';

/** What the late part needs of the element. */
export interface HelpRequestHost extends HTMLElement {
  readonly language: Language;
  readonly strings: OwnHelpRequestWords;
  /** What the page says can be asked for. */
  readonly categories: readonly HelpCategory[] | undefined;
  /** What is looked at before the customer joins, and what of it has to pass. */
  readonly checks: readonly CheckName[];
  readonly require: readonly CheckName[];
  readonly theme: Theme;
  /** Undefined where an attribute is missing that it cannot do without. */
  readonly options: HelpRequestOptions | undefined;
  /** Around everything that is drawn. */
  readonly whole: HTMLElement;
  requestUpdate(): void;
  wear(styles: string): void;
  /** Tells `:state(…)` selectors. */
  showState(state: string): void;
}
