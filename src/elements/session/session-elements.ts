import type { SessionController } from '../../controller/session-controller.js';
import type { OwnWords } from '../shared/words.js';

/** An element that runs a session. */
export interface SessionElement extends HTMLElement {
  readonly controller: SessionController;
  strings: OwnWords;
}

/** Called after each coming and going. */
export const presenceWatchers = new Set<() => void>();

/** Those that stand in the page, so that pieces find them: before and after, near and far, through shadow roots. */
export const sessionElements = new Set<SessionElement>();

/** Tells that an element has come into the page, or has left it. */
export function setPresent(element: SessionElement, isPresent: boolean): void {
  sessionElements[isPresent ? 'add' : 'delete'](element);
  for (const watcher of presenceWatchers) watcher();
}
