import { ReactiveElement } from '@lit/reactive-element';
import { oneOf, type Reader } from '../../controller/option-values.js';

/** A property of an element. */
export interface Property {
  /** Reads what is set, by the attribute or by a program. */
  read: Reader;
  /** Its attribute; false where only programs set it. */
  attribute?: string | false;
  /** Style sheets read its attribute, so that a property that is set becomes one. */
  isLook?: true;
}

export type Theme = 'auto' | 'light' | 'dark';
/** Reads the property that all elements have. */
export const themes = oneOf('auto', 'light', 'dark');

/**
 * What our elements have in common: attributes with dashes, properties that take what attributes take, a shadow root
 * that a server may have filled, and style sheets that go with them into another document.
 */
export class BaseElement extends ReactiveElement {
  /** Texts of style sheets. */
  declare static sheets: readonly string[];

  static override properties: Record<string, Property> = {};

  /** Getters give legal values only, whatever is set. Lit's own accessors go around these. */
  protected static override finalize(): void {
    if (Object.hasOwn(this, 'finalized')) return;
    // Those that a class inherits are on the prototype of the other one.
    for (const [name, property] of Object.entries(Object.hasOwn(this, 'properties') && this.properties)) {
      const { read, isLook } = property;
      // `noTimer` is written `no-timer`.
      const attribute = (property.attribute ??= name.replace(/[A-Z]/g, '-$&').toLowerCase());
      const legal = (value: unknown) => read(value) ?? read(undefined);
      Object.defineProperty(this.prototype, name, {
        get(this: BaseElement) {
          return legal(this.written[name]);
        },
        set(this: BaseElement, value: unknown) {
          this.written[name] = value;
          if (isLook && legal(value) !== legal(this.getAttribute(attribute as string)))
            this.setAttribute(attribute as string, legal(value) as string);
        },
        configurable: true,
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

  /** A style sheet stays with the document that it was made for (CSSOM, 6.2.1); where no window shows it nothing is drawn. */
  adoptedCallback(): void {
    const { defaultView } = this.ownerDocument;
    if (!this.shadowRoot || !defaultView) return;
    const sheet = new defaultView.CSSStyleSheet();
    sheet.replaceSync([...this.#sheets].join(''));
    this.shadowRoot.adoptedStyleSheets = [sheet];
  }

  protected override createRenderRoot(): ShadowRoot {
    const root = super.createRenderRoot() as ShadowRoot;
    root.replaceChildren();
    this.adoptedCallback();
    return root;
  }
}
