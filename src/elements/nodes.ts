import type { Language } from './language.js';

/** Writes a text where it differs. */
export function write(element: Element, text = ''): void {
  const node = element.firstChild as Text | null;
  if (!node) element.textContent = text;
  else if (node.data !== text) node.data = text;
}

export function create(parent: Node, tag: string, attributes: Record<string, string> = {}): HTMLElement {
  const element = parent.ownerDocument!.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent.appendChild(element);
  return element;
}

/** Says in which language and direction the words in an element are (WCAG 3.1.2). */
export function mark(element: HTMLElement, { code, direction }: Language): void {
  element.lang = code;
  element.dir = direction;
}
