import type { PropertyValues } from '@lit/reactive-element';
import type { SessionController } from '../../controller/session-controller.js';
import { text } from '../../controller/option-values.js';
import { initialSnapshot, type SessionSnapshot } from '../../controller/snapshot.js';
import { browserWorld } from '../../controller/browser-world.js';
import { BaseElement, themes, type Property, type Theme } from '../shared/base-element.js';
import { Language } from '../shared/language.js';
import { create, mark } from '../shared/nodes.js';
import { sharedPage, type SessionElement } from '../session/session-elements.js';
import { showStates } from '../session/states.js';
import type { OwnWords } from '../shared/words.js';
import { findSession } from './find-session.js';

/**
 * A part of the session for another place of the page. It finds its session by itself, whichever of the two comes
 * first, and follows it until it leaves.
 */
export abstract class SessionPiece extends BaseElement {
  static override properties: Record<string, Property> = {
    for: { read: text },
    session: { read: (given) => given || undefined, attribute: false },
    strings: { read: (own) => own ?? {}, attribute: false },
    theme: { read: themes, isLook: true },
  };

  /** Id of the session's element; only needed where a page has several. */
  declare for: string | undefined;
  /** The session: its element, or a controller without one. */
  declare session: SessionElement | SessionController | undefined;
  /** Words in place of the piece's own, beside those of the session's element. */
  declare strings: OwnWords;
  declare theme: Theme;

  /** The words, in the language of the piece's place. @internal */
  readonly language = new Language(this, () => [this.#served, this.element?.strings, this.strings]);
  /** Around everything that is drawn. @internal */
  declare whole: HTMLElement;
  /** What `:state(…)` selectors are told beside the states of the session. */
  protected ownStates: readonly string[] = [];
  readonly #internals = this.attachInternals();
  /** Words that a server has written into the piece, until the language's own are there. */
  #served: OwnWords = {};
  #element: SessionElement | undefined;
  #controller: SessionController | undefined;
  #ids: MutationObserver | undefined;
  /** Ends with the session, and with the place. */
  #abort: AbortController | undefined;
  #place: AbortController | undefined;

  /** The controller of its session, once it is found. */
  get controller(): SessionController | undefined {
    return this.#controller;
  }

  /** The element that runs the session, where one does. @internal */
  get element(): SessionElement | undefined {
    return this.#element;
  }

  /** What is known of its session. */
  get snapshot(): SessionSnapshot {
    return this.#controller?.snapshot ?? initialSnapshot;
  }

  override connectedCallback(): void {
    const timeLeft = this.whole ? null : this.shadowRoot?.querySelector('[part=timer-label]')?.textContent;
    super.connectedCallback();
    if (timeLeft) this.#keep({ timeLeft });
    this.#place = new AbortController();
    const { signal } = this.#place;
    // An id may be set after the element has come.
    this.#ids = new MutationObserver(() => this.requestUpdate());
    const look = () => {
      this.requestUpdate();
      for (const element of sharedPage.elements) this.#ids!.observe(element, { attributeFilter: ['id'] });
    };
    look();
    sharedPage.watchers.add(look);
    signal.addEventListener('abort', () => sharedPage.watchers.delete(look));
    // With its words it learns to follow a change of them.
    browserWorld().whenIdle(() => this.language.load().catch(() => {}));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#place?.abort();
    this.#ids?.disconnect();
    // Moving an element removes it first; that must not lose what is open in it.
    browserWorld().setTimeout(() => this.isConnected || this.#follow(undefined, undefined), 0);
  }

  #keep(served: OwnWords): void {
    this.#served = served;
    this.language.look();
    this.language.load().then(
      () => (this.#served = {}),
      () => {},
    );
  }

  protected override update(changed: PropertyValues): void {
    this.whole ??= create(this.shadowRoot!, 'div', { part: 'session' });
    if (this.isConnected) {
      const found = findSession(this);
      this.#follow(found?.controller, found?.element);
    }
    this.language.look();
    mark(this.whole, this.language);
    this.show();
    showStates(this.#internals, this.snapshot);
    for (const state of this.ownStates) this.#internals.states.add(state);
    // What has asked for an update meanwhile has been drawn.
    super.update(changed);
  }

  #follow(controller: SessionController | undefined, element: SessionElement | undefined): void {
    if (controller === this.#controller && element === this.#element) return;
    this.#abort?.abort();
    this.#controller = controller;
    this.#element = element;
    if (!controller) return this.requestUpdate();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    signal.addEventListener(
      'abort',
      controller.subscribe(() => this.requestUpdate()),
    );
    this.followed(controller, signal);
  }

  /** A session has been found. @param signal aborts when another takes its place, or none. */
  protected abstract followed(controller: SessionController, signal: AbortSignal): void;

  /** Draws what the snapshot says. */
  protected abstract show(): void;
}
