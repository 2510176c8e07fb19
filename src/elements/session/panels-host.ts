import type { ReactiveController } from '@lit/reactive-element';
import type { SessionEventFields } from '../../controller/events.js';
import type { SessionController } from '../../controller/session-controller.js';
import type { BaseElement } from '../shared/base-element.js';
import type { Language } from '../shared/language.js';
import type { SharedPage } from './session-elements.js';

/** Where the late part draws. */
export interface Places {
  /** The buttons of the bar. */
  readonly buttons: HTMLElement;
  /** Everything below the bar. */
  readonly panels: HTMLElement;
  /** What is said, not seen. */
  readonly announcement: HTMLElement;
}

/** What an element may draw. */
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
  /** What a tag shares with all others. */
  readonly page?: SharedPage;
  /** What a piece draws. */
  readonly draws?: (what: Drawing) => boolean;
  /** Of a tag whose service is one in memory. */
  readonly sandbox?: readonly string[] | undefined;
  /** What the tag does not draw. */
  readonly noConnection?: boolean;
  readonly noWarning?: boolean;
  readonly noExtend?: boolean;
}

/** What can be asked for by a button. */
export type SessionAction = 'extend' | 'pause' | 'resume' | 'end';

/** A threshold that was passed. */
export interface Warning extends Pick<SessionEventFields['warning'], 'isLast' | 'remainingSeconds'> {
  /** The page has prevented it. */
  readonly defaultPrevented?: boolean;
}

/** Everything that is not there in the first second: buttons, warning, dialog, errors, the end. */
export interface Panels extends ReactiveController {
  /** Does what a button of the page asks for (Invoker Commands); what is none of ours is let be. */
  obey(command: string): void;
  showWarning(warning: Warning): void;
}
