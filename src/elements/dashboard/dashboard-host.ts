import type { ReactiveController } from '@lit/reactive-element';
import type { DashboardOptions } from '../../controller/dashboard/dashboard-options.js';
import type { Language } from '../shared/language.js';
import type { OwnDashboardWords } from './dashboard-words.js';

/** What the late part needs of the element. */
export interface DashboardHost extends HTMLElement {
  readonly language: Language;
  /** Undefined until everything that it takes is set. */
  readonly options: DashboardOptions | undefined;
  /** Before the names of filters in the page's address; undefined: they do not stand there. */
  readonly addressPrefix: string | undefined;
  /** Where what waits is listed, with `{kind}`. */
  readonly attentionUrl: string | undefined;
  readonly strings: OwnDashboardWords;
  /** Around everything that is drawn. */
  readonly whole: HTMLElement;
  addController(controller: ReactiveController): void;
  requestUpdate(): void;
  wear(styles: string): void;
  /** Tells `:state(…)` selectors. */
  showState(...states: string[]): void;
}
