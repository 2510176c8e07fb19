import type { Speaker } from '../shared/language.js';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };
const escape = (text: string) => text.replace(/[&<"]/g, (character) => escapes[character]!);

/** A place in a page where that language is spoken. */
export function placeOf(lang: string): Speaker {
  const place: Partial<Speaker> = {
    getAttribute: () => lang,
    hasAttribute: () => false,
    getRootNode: () => ({}) as Node,
    requestUpdate() {},
    addController() {},
  };
  return place as Speaker;
}

/** As much of an element as it takes to be written down: what the timer and its frame are made of, without a page. */
export class TextElement {
  readonly #tag: string;
  readonly #attributes = new Map<string, string>();
  readonly #children: TextElement[] = [];
  readonly ownerDocument = { createElement: (tag: string) => new TextElement(tag) };
  readonly classList = { toggle: () => {} };
  textContent = '';
  hidden = false;

  constructor(tag: string) {
    this.#tag = tag;
  }

  set lang(value: string) {
    this.setAttribute('lang', value);
  }

  set dir(value: string) {
    if (value) this.setAttribute('dir', value);
  }

  set ariaLabel(value: string) {
    this.setAttribute('aria-label', value);
  }

  get firstChild(): null {
    return null;
  }

  setAttribute(name: string, value: string): void {
    this.#attributes.set(name, value);
  }

  appendChild(child: TextElement): TextElement {
    this.#children.push(child);
    return child;
  }

  get innerHTML(): string {
    return escape(this.textContent) + this.#children.map((child) => child.outerHTML).join('');
  }

  get outerHTML(): string {
    const attributes = [...this.#attributes].map(([name, value]) => ` ${name}="${escape(value)}"`).join('');
    return `<${this.#tag}${attributes}${this.hidden ? ' hidden' : ''}>${this.innerHTML}</${this.#tag}>`;
  }
}
