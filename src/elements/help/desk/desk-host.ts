import type { ReactiveController } from '@lit/reactive-element';
import type { DeskOptions } from '../../../controller/desk/desk-options.js';
import type { Language } from '../../shared/language.js';
import type { OwnDeskWords } from './desk-words.js';

/** What the late part needs of the element. */
export interface DeskHost extends HTMLElement {
  readonly language: Language;
  /** Undefined until both addresses are set. */
  readonly options: DeskOptions | undefined;
  /** Where a session is opened, with `{session_id}` and `{request_id}` in the places of ids. */
  readonly sessionUrl: string | undefined;
  readonly strings: OwnDeskWords;
  /** Around everything that is drawn. */
  readonly whole: HTMLElement;
  addController(controller: ReactiveController): void;
  requestUpdate(): void;
  wear(styles: string): void;
  /** Tells `:state(…)` selectors. */
  showState(...states: string[]): void;
}
