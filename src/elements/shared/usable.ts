import { renderedIn } from './ancestors.js';

/**
 * Whether something that is drawn in an element can be seen and used: the element is rendered, and nothing around it is
 * inert. A modal dialog anywhere else blocks the page and cannot be answered: the top layer saves it from clipping and
 * from `visibility`, but not from a box that is missing (`display`, `content-visibility`) or from `inert` (HTML, 6.3).
 */
export const isUsable = (element: Element): boolean =>
  element.checkVisibility() && ![...renderedIn(element)].some((node) => node.hasAttribute('inert'));
