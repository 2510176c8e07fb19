import type { ReactiveController } from '@lit/reactive-element';
import type { DeskOptions } from '../../../controller/desk/desk-options.js';
import type { Language } from '../../shared/language.js';
import type { OwnNotificationsWords } from './notifications-words.js';

/** What the late part needs of the element. */
export interface NotificationsHost extends HTMLElement {
  readonly language: Language;
  /** Undefined until both addresses are set. */
  readonly options: DeskOptions | undefined;
  /** Where the desk is, with `{request_id}` in the place of a request's id. */
  readonly deskUrl: string | undefined;
  readonly strings: OwnNotificationsWords;
  /** Around everything that is drawn. */
  readonly whole: HTMLElement;
  readonly updateComplete: Promise<boolean>;
  addController(controller: ReactiveController): void;
  requestUpdate(): void;
  wear(styles: string): void;
  /** Tells `:state(…)` selectors. */
  showState(...states: string[]): void;
}
