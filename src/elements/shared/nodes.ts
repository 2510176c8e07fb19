import type { Language } from './language.js';

/** Writes a text where it differs. Translators and extensions wrap, precede, replace and split what they find there. */
export function write(element: Element, text = ''): void {
  const node = element.firstChild as Text | null;
  const isOurs = node?.nodeType === 3 && !node.nextSibling;
  if ((isOurs ? node.data : element.textContent) === text) return;
  if (isOurs) node.data = text;
  else element.textContent = text;
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
