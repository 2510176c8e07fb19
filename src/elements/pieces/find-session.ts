import type { SessionController } from '../../controller/session-controller.js';
import { sharedPage, type SessionElement } from '../session/session-elements.js';

/** Whose session a piece shows. */
export interface Found {
  controller: SessionController;
  /** The element that runs it; none where a program does. */
  element?: SessionElement;
}

/** A piece's own ways to say whose it is. */
interface Seeker extends Element {
  for: string | undefined;
  session: SessionElement | SessionController | undefined;
}

/**
 * The session of a piece: the one that is set as a property; the one that `for` names, in the piece's own root, then
 * outwards; the one that it stands in; else the only one of the page.
 */
export function findSession(piece: Seeker): Found | undefined {
  const { session, for: id } = piece;
  if (session && isController(session)) return { controller: session };
  const element = session ?? (id ? named(piece, id) : (around(piece) ?? onlyOne()));
  return element && { controller: element.controller, element };
}

/** By what it can do: it may be of another copy of the package. */
const isController = (session: SessionElement | SessionController): session is SessionController =>
  'subscribe' in session && !('controller' in session);

function named(piece: Element, id: string): SessionElement | undefined {
  for (let place: Element | undefined = piece; place;) {
    const root: Node = place.getRootNode();
    for (const element of sharedPage.elements) {
      if (element.id === id && element.getRootNode() === root) return element;
    }
    place = (root as ShadowRoot).host;
  }
  return undefined;
}

function around(piece: Element): SessionElement | undefined {
  for (let node: Node | null = piece; node; node = node.parentNode ?? (node as ShadowRoot).host ?? null) {
    if (sharedPage.elements.has(node as SessionElement)) return node as SessionElement;
  }
  return undefined;
}

function onlyOne(): SessionElement | undefined {
  return sharedPage.elements.size === 1 ? [...sharedPage.elements][0] : undefined;
}
