import type { ReactiveController } from '@lit/reactive-element';
import type { SessionEventFields } from '../../controller/events.js';
import type { SessionController } from '../../controller/session-controller.js';
import type { BaseElement } from '../shared/base-element.js';
import type { Language } from '../shared/language.js';

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
  /** Where the service is and what may be returned to, where the element knows. */
  readonly apiEndpoint?: string;
  readonly returnOrigins?: readonly string[] | undefined;
  draws(what: Drawing): boolean;
}

/** What can be asked for by a button. */
export type SessionAction = 'extend' | 'pause' | 'resume' | 'end';

/** A threshold that was passed. */
export type Warning = Pick<SessionEventFields['warning'], 'isLast' | 'remainingSeconds'>;

/** Everything that is not there in the first second: buttons, warning, dialog, errors, the end. */
export interface Panels extends ReactiveController {
  /** Does what a button of the page asks for (Invoker Commands); what is none of ours is let be. */
  obey(command: string): void;
  showWarning(warning: Warning): void;
  /** Takes away what it has drawn, and lets go of the session. */
  detach(): void;
}
