import type { SessionController } from '../../controller/session-controller.js';
import type { OwnWords } from '../shared/words.js';
import { version } from '../shared/version.js';

/** An element that runs a session. */
export interface SessionElement extends HTMLElement {
  readonly controller: SessionController;
  strings: OwnWords;
}

/** What all copies of the package share in a page: each of two applications on it may have bundled its own. */
export interface SharedPage {
  /** Those that stand in the page, so that pieces find them: before and after, near and far, through shadow roots. */
  readonly elements: Set<SessionElement>;
  /** Called after each coming and going. */
  readonly watchers: Set<() => void>;
  /** Those of the copies. */
  readonly versions: Set<string>;
}

// A symbol: ids of elements are names of the window.
export const sharedPage = ((globalThis as Record<symbol, unknown>)[Symbol.for('marketplace-session')] ??= {
  elements: new Set(),
  watchers: new Set(),
  versions: new Set(),
}) as SharedPage;
sharedPage.versions.add(version);

/** Tells that an element has come into the page, or has left it. */
export function setPresent(element: SessionElement, isPresent: boolean): void {
  sharedPage.elements[isPresent ? 'add' : 'delete'](element);
  for (const watcher of sharedPage.watchers) watcher();
}
