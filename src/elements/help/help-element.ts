import type { PropertyValues } from '@lit/reactive-element';
import { browserWorld } from '../../controller/browser-world.js';
import { BaseElement, themes, type Property, type Theme } from '../shared/base-element.js';
import { Language } from '../shared/language.js';
import { create, mark } from '../shared/nodes.js';
import { timerStyles } from '../session/styles.js';
import { LateDrawing, type DrawingPart } from './late-drawing.js';

/** An element of live help that needs no session: small at first, and drawn by a part that comes when the page is idle. */
export abstract class HelpElement<Part extends DrawingPart> extends BaseElement {
  static override sheets = [timerStyles];
  static override properties: Record<string, Property> = {
    strings: { read: (own) => own ?? {}, attribute: false },
    theme: { read: themes, isLook: true },
  };

  declare theme: Theme;

  /** @internal */
  readonly language = new Language(this, () => []);
  /** Around everything that is drawn. @internal */
  declare whole: HTMLElement;
  readonly #internals = this.attachInternals();
  readonly #firstState: string;
  readonly #drawing = new LateDrawing<Part>(this, (isNeeded) => this.makePart(isNeeded));

  /** @param firstState what `:state(…)` selectors are told until the part is there. */
  constructor(firstState: string) {
    super();
    this.#firstState = firstState;
  }

  /** Fetches the part and makes it. */
  protected abstract makePart(isNeeded: () => unknown): Promise<Part>;

  /** What draws, once it is there. */
  protected get drawing(): Part | undefined {
    return this.#drawing.current;
  }

  /** Tells `:state(…)` selectors. @internal */
  showState(...states: string[]): void {
    this.#internals.states.clear();
    for (const state of states) this.#internals.states.add(state);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    browserWorld().whenIdle(() => this.load().catch(() => {}));
  }

  /** @throws {SessionError} `SCRIPT_INCOMPLETE` where the element has left the page before its script was there. */
  protected load(): Promise<Part> {
    return this.#drawing.load();
  }

  protected override update(changed: PropertyValues): void {
    if (!this.whole) {
      this.whole = create(this.shadowRoot!, 'div', { part: 'session' });
      this.showState(this.#firstState);
    }
    this.language.look();
    mark(this.whole, this.language);
    super.update(changed);
    this.drawing?.draw();
  }
}
