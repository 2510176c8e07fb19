import { ReactiveElement } from '@lit/reactive-element';
import { oneOf, type Reader } from '../../controller/option-values.js';
import { sheetOf } from './style-sheets.js';

/** A property of an element. */
export interface Property {
  /** Reads what is set, by the attribute or by a program. */
  read: Reader;
  /** Only programs set it. */
  attribute?: false;
  /** Style sheets read its attribute, so that a property that is set becomes one. */
  isLook?: true;
}

export type Theme = 'auto' | 'light' | 'dark';
/** Reads the property that all elements have. */
export const themes = oneOf('auto', 'light', 'dark');

// A page that is built for development is told of our own mistakes, not of how Lit was loaded.
((globalThis as { litIssuedWarnings?: Set<string> }).litIssuedWarnings ??= new Set()).add('dev-mode');

/** `noTimer` is written `no-timer`. */
const attributeOf = (name: string): string => name.replace(/[A-Z]/g, '-$&').toLowerCase();

/**
 * What our elements have in common: attributes with dashes, properties that take what attributes take, a shadow root
 * that a server may have filled, and style sheets that go with them into another document.
 */
export class BaseElement extends ReactiveElement {
  /** Texts of style sheets. */
  static sheets: readonly string[] = [];

  static override properties: Record<string, Property> = {};

  /** Getters give legal values only, whatever is set. */
  protected static override finalize(): void {
    if (Object.hasOwn(this, 'finalized')) return;
    for (const [name, property] of Object.entries(this.properties as Record<string, Property>)) {
      const { read, isLook } = property;
      const attribute = attributeOf(name);
      const legal = (value: unknown) => read(value) ?? read(undefined);
      Object.assign(property, {
        converter: (written: string | null) => written,
        attribute,
        noAccessor: true,
        ...property,
      });
      Object.defineProperty(this.prototype, name, {
        get(this: BaseElement) {
          return legal(this.written[name]);
        },
        set(this: BaseElement, value: unknown) {
          const before = this.written[name];
          this.written[name] = value;
          this.requestUpdate(name, before);
          if (isLook && legal(value) !== legal(this.getAttribute(attribute)))
            this.setAttribute(attribute, legal(value) as string);
        },
        enumerable: true,
      });
    }
    super.finalize();
  }

  /** What was set, by the names of properties, also what is not legal. @internal */
  readonly written: Record<string, unknown> = {};

  readonly #sheets = new Set((this.constructor as typeof BaseElement).sheets);

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
