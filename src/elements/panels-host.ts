import type { ReactiveController } from '@lit/reactive-element';
import type { SessionEventFields } from '../controller/events.js';
import type { SessionController } from '../controller/session-controller.js';
import type { BaseElement } from './base-element.js';
import type { Language } from './language.js';

/** Where the late part draws. */
export interface Places {
  /** The buttons of the bar. */
  readonly buttons: HTMLElement;
  /** Everything below the bar. */
  readonly panels: HTMLElement;
  /** What is said, not seen. */
  readonly announcement: HTMLElement;
}

/** What an element may draw: the all-in-one draws most of it, a piece its own. */
export type Drawing =
  'extend' | 'extend-button' | 'other-buttons' | 'warning' | 'connection' | 'notice' | 'outcome';

/** What the late part needs from the element that it draws in. */
export interface PanelsHost extends BaseElement {
  readonly controller: SessionController;
  readonly frame: Places;
  readonly language: Language;
  draws(what: Drawing): boolean;
}

/** What can be asked for by a button. */
export type SessionAction = 'extend' | 'pause' | 'resume' | 'end';

/** A threshold that was passed. */
export type Warning = Pick<SessionEventFields['warning'], 'isLast' | 'remainingSeconds'>;

/** Everything that is not there in the first second: buttons, warning, dialog, errors, the end. */
export interface Panels extends ReactiveController {
  act(action: SessionAction): void;
  showWarning(warning: Warning): void;
  /** Takes away what it has drawn, and lets go of the session. */
  detach(): void;
}
