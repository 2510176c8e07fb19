import { fixture, html, waitUntil } from '@open-wc/testing';
import type { MarketplaceSessionElement } from '../../src/index.js';
import '../../src/index.js';
import type { PageBackend } from './page-backend.js';

/** Drives the element as a person would: by what is seen and pressed. */
export class SessionPage {
  readonly element: MarketplaceSessionElement;

  constructor(element: MarketplaceSessionElement) {
    this.element = element;
  }

  /** A page with the tag, opened with the session token of the backend. */
  static async open(backend: PageBackend, attributes: Record<string, string> = {}): Promise<SessionPage> {
    const element = document.createElement('marketplace-session');
    const all = { 'api-endpoint': backend.endpoint, 'session-token': backend.token, ...attributes };
    for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
    await fixture(html`<main>${element}</main>`);
    return new SessionPage(element);
  }

  static async openRunning(backend: PageBackend, attributes?: Record<string, string>): Promise<SessionPage> {
    const page = await SessionPage.open(backend, attributes);
    await page.see('end-button');
    return page;
  }

  part(name: string, within: ParentNode = this.element.shadowRoot!): HTMLElement | null {
    const found = [...within.querySelectorAll<HTMLElement>(`[part~="${name}"]`)];
    return found.find((element) => element.checkVisibility()) ?? null;
  }

  /** There once the session runs. */
  get dialog(): HTMLDialogElement {
    return this.element.shadowRoot!.querySelector('dialog')!;
  }

  inDialog(name: string): HTMLElement | null {
    return this.part(name, this.dialog);
  }

  text(name: string): string {
    return this.part(name)?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
  }

  get announced(): string {
    const root = this.dialog?.open
      ? this.dialog
      : this.element.shadowRoot!.querySelector('[part="session"]')!;
    return [...root.querySelectorAll('[part="announcement"]')].at(-1)!.textContent!;
  }

  get focused(): Element | null {
    return this.element.shadowRoot!.activeElement;
  }

  async see(name: string): Promise<HTMLElement> {
    await waitUntil(() => this.part(name), `the part ${name} is seen`, { timeout: 60_000 });
    return this.part(name)!;
  }

  async until(condition: () => unknown, what: string): Promise<void> {
    await waitUntil(() => Boolean(condition()), what, { timeout: 60_000 });
  }

  /** Has the service asked until something is so: this tab may be about to lead only. */
  async askUntil(condition: () => unknown, what: string): Promise<void> {
    await this.until(() => {
      void this.element.controller.refresh();
      return condition();
    }, what);
  }

  async press(name: string): Promise<void> {
    (await this.see(name)).click();
    await this.element.updateComplete;
  }

  /** The next event of a type, or all of them as they come. */
  events<T extends keyof HTMLElementEventMap>(type: T): HTMLElementEventMap[T][] {
    const events: HTMLElementEventMap[T][] = [];
    this.element.addEventListener(type, (event) => events.push(event));
    return events;
  }
}
