/** How a property comes from an attribute. */
export interface PropertyOptions {
  /** False where there is none. */
  attribute?: false;
  /** Text where it is left out. */
  type?: typeof Boolean | typeof Number;
  converter?: (text: string | null) => unknown;
}

/** The properties that changed since the last update, with what they were. */
export type Changed = ReadonlyMap<string, unknown>;

/** A part of an element that follows its life. */
export interface Follower {
  hostConnected?(): void;
  hostDisconnected?(): void;
  /** After each update. */
  hostUpdated?(): void;
}

/** `noTimer` is written `no-timer`. */
const attributeOf = (name: string): string => name.replace(/[A-Z]/g, '-$&').toLowerCase();

const sheets = new Map<string, CSSStyleSheet>();

/** The style sheet of a text; one for all elements that wear it. */
export function sheetOf(text: string): CSSStyleSheet {
  let sheet = sheets.get(text);
  if (!sheet) {
    sheets.set(text, (sheet = new CSSStyleSheet()));
    sheet.replaceSync(text);
  }
  return sheet;
}

/** Marks a style sheet's text, for editors and for what makes it small. */
export const css = ([text]: TemplateStringsArray): string => text!;

// There is none on a server, where the module may still be imported.
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/**
 * A custom element whose attributes are properties, and which is drawn anew, once, after any number of changes. The
 * shape is that of Lit's `ReactiveElement`, of which a page would load four times as much.
 */
export class ReactiveElement extends Base {
  /** By name; read once, when the element is defined. */
  static properties: Record<string, PropertyOptions> = {};
  static styles = '';

  static get observedAttributes(): string[] {
    for (const [name, { type }] of Object.entries(this.properties)) {
      Object.defineProperty(this.prototype, name, {
        configurable: true,
        enumerable: true,
        get(this: ReactiveElement) {
          const value = this.#values.get(name);
          return type === Boolean ? !!value : value;
        },
        set(this: ReactiveElement, value: unknown) {
          const before = this.#values.get(name);
          if (Object.is(before, value)) return;
          this.#values.set(name, value);
          if (!this.#changed.has(name)) this.#changed.set(name, before);
          this.requestUpdate();
        },
      });
    }
    return Object.keys(this.properties).map(attributeOf);
  }

  readonly #values = new Map<string, unknown>();
  readonly #followers = new Set<Follower>();
  /** What was set before the element was defined. */
  readonly #early: Record<string, unknown> = {};
  #changed = new Map<string, unknown>();
  #isPending = true;
  #update = Promise.resolve();

  constructor() {
    super();
    for (const name of Object.keys(this.#class.properties)) {
      if (!Object.hasOwn(this, name)) continue;
      this.#early[name] = this[name as keyof this];
      delete this[name as keyof this];
    }
  }

  get #class(): typeof ReactiveElement {
    return this.constructor as typeof ReactiveElement;
  }

  /** Fulfilled once the element shows all that was changed before. */
  get updateComplete(): Promise<void> {
    return this.#update;
  }

  connectedCallback(): void {
    if (!this.shadowRoot?.adoptedStyleSheets.length) {
      const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
      // A server may have written what stands there until now.
      root.replaceChildren();
      root.adoptedStyleSheets = [sheetOf(this.#class.styles)];
      Object.assign(this, this.#early);
      this.#isPending = false;
    }
    this.requestUpdate();
    for (const follower of this.#followers) follower.hostConnected?.();
  }

  disconnectedCallback(): void {
    for (const follower of this.#followers) follower.hostDisconnected?.();
  }

  attributeChangedCallback(attribute: string, _: string | null, text: string | null): void {
    for (const [name, options] of Object.entries(this.#class.properties)) {
      if (attributeOf(name) !== attribute || options.attribute === false) continue;
      const {
        type,
        converter = (value: string | null) => (value === null ? undefined : (type ?? String)(value)),
      } = options;
      this[name as keyof this] = (type === Boolean ? text !== null : converter(text)) as never;
    }
  }

  addFollower(follower: Follower): void {
    this.#followers.add(follower);
    if (this.isConnected) follower.hostConnected?.();
  }

  removeFollower(follower: Follower): void {
    this.#followers.delete(follower);
  }

  /** Has the element drawn anew soon; the first time once it stands in a page. */
  requestUpdate(): void {
    if (this.#isPending) return;
    this.#isPending = true;
    this.#update = Promise.resolve().then(() => {
      this.#isPending = false;
      const changed = this.#changed;
      this.#changed = new Map();
      this.update?.(changed);
      for (const follower of this.#followers) follower.hostUpdated?.();
      this.updated?.(changed);
    });
  }

  /** Draws what is there. */
  protected update?(changed: Changed): void;

  /** After the element and all that follows it have drawn. */
  protected updated?(changed: Changed): void;
}
