import type { SessionEventMap } from '../controller/event-map.js';
import type { SessionController } from '../controller/session-controller.js';
import type { Frame } from './frame.js';

/** What the late part needs from the element that it draws in. */
export interface PanelsHost extends HTMLElement {
  readonly controller: SessionController;
  readonly frame: Frame;
  readonly locale: string | undefined;
  readonly noExtend: boolean;
  /** Words that the page has set itself. */
  readonly strings: object;
  requestUpdate(): void;
}

/** What can be asked for by a button. */
export type SessionAction = 'extend' | 'pause' | 'resume' | 'end';

/** Everything that is not there in the first second: buttons, warning, dialog, errors, the end. */
export interface Panels {
  update(): void;
  act(action: SessionAction): void;
  showWarning(event: SessionEventMap['warning']): void;
}
