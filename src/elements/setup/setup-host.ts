import type { ReactiveController } from '@lit/reactive-element';
import type { SetupOptions } from '../../controller/setup/setup-options.js';
import type { Language } from '../shared/language.js';
import type { OwnSetupWords } from './setup-words.js';

/** What the late part needs of the element. */
export interface SetupHost extends HTMLElement {
  readonly language: Language;
  /** Undefined until everything that it takes is set. */
  readonly options: SetupOptions | undefined;
  /** Before the names of what the page's address keeps; undefined: it keeps nothing. */
  readonly addressPrefix: string | undefined;
  readonly strings: OwnSetupWords;
  /** Around everything that is drawn. */
  readonly whole: HTMLElement;
  readonly updateComplete: Promise<boolean>;
  addController(controller: ReactiveController): void;
  requestUpdate(): void;
  wear(styles: string): void;
  /** Tells `:state(…)` selectors. */
  showState(...states: string[]): void;
}
