import { ReactiveElement, type PropertyDeclaration } from '@lit/reactive-element';
import { sheetOf } from './style-sheets.js';

/** `noTimer` is written `no-timer`. */
const attributeOf = (name: string): string => name.replace(/[A-Z]/g, '-$&').toLowerCase();

/** A property from its attribute. What is not written is false or undefined, never null. */
const converter = (text: string | null, type: unknown): unknown =>
  type === Boolean ? text !== null : (text ?? undefined);

/**
 * What our elements have in common: attributes with dashes, a shadow root that a server may have filled, and style
 * sheets that go with them into another document.
 */
export class BaseElement extends ReactiveElement {
  /** Texts of style sheets. */
  static sheets: readonly string[] = [];

  static override createProperty(name: string, options: PropertyDeclaration): void {
    super.createProperty(name, { attribute: attributeOf(name), converter, ...options });
  }

  readonly #sheets: Set<string>;

  constructor() {
    super();
    const { elementProperties, sheets } = this.constructor as typeof BaseElement;
    this.#sheets = new Set(sheets);
    for (const [name, { type }] of elementProperties)
      if (type === Boolean) this[name as 'isUpdatePending'] = false;
  }

  /** Puts on one more style sheet. */
  wear(text: string): void {
    this.#sheets.add(text);
    this.adoptedCallback();
  }

  /** A style sheet stays with the document that it was made for. */
  adoptedCallback(): void {
    if (this.shadowRoot)
      this.shadowRoot.adoptedStyleSheets = [...this.#sheets].flatMap((text) =>
        sheetOf(text, this.ownerDocument),
      );
  }

  protected override createRenderRoot(): ShadowRoot {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.replaceChildren();
    this.adoptedCallback();
    return root;
  }
}
