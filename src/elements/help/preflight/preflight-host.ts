import type { PreflightOptions } from '../../../controller/preflight/preflight.js';
import type { Language } from '../../shared/language.js';
import type { OwnPreflightWords } from './preflight-words.js';

/** How the whole of it stands. */
export type PreflightState = 'idle' | 'checking' | 'passed' | 'failed';

/** What the late part needs of the element. */
export interface PreflightHost extends HTMLElement {
  readonly language: Language;
  readonly options: PreflightOptions;
  readonly strings: OwnPreflightWords;
  /** Around everything that is drawn. */
  readonly whole: HTMLElement;
  requestUpdate(): void;
  wear(styles: string): void;
  /** Tells `:state(…)` selectors. */
  showState(state: PreflightState): void;
}
