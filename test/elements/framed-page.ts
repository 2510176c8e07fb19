import { waitUntil } from '@open-wc/testing';
import type { MarketplaceSessionElement } from '../../src/index.js';
import type { PageBackend } from './page-backend.js';

const patience = { timeout: 30_000 };

/** Where the script tag's files come from; `fault` as in `unsteady-files.mjs`. */
export const scriptAddress = (fault = 'never-none'): string =>
  `${location.origin}/unsteady/${fault}/${crypto.randomUUID()}/marketplace-session.js`;

interface Setting {
  attributes?: Record<string, string>;
  /** What the page is like before the script comes. */
  prepare?: (window: Window & typeof globalThis) => void;
  /** Where the tag stands, if not in the body. */
  place?: (document: Document) => Element;
  /** Address of the script. */
  script?: string;
}

/** A page of its own in a frame, with the tag in it as a script tag brings it: what was built, not its sources. */
export class FramedPage {
  readonly frame: HTMLIFrameElement;
  readonly window: Window & typeof globalThis;
  readonly element: MarketplaceSessionElement;
  /** What nobody has caught. */
  readonly faults: unknown[] = [];
  readonly #backend: PageBackend;

  /** A page with an address of its own. @param query of the address. */
  static async at(query: string, backend: PageBackend, setting: Setting): Promise<FramedPage> {
    const frame = document.createElement('iframe');
    frame.src = `/test/elements/empty.html${query}`;
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    document.body.append(frame);
    await loaded;
    return new FramedPage(backend, setting, frame);
  }

  constructor(
    backend: PageBackend,
    { attributes = {}, prepare, place, script = scriptAddress() }: Setting,
    frame = document.body.appendChild(document.createElement('iframe')),
  ) {
    this.#backend = backend;
    this.frame = frame;
    this.frame.style.cssText = 'width: 800px; height: 600px';
    this.window = this.frame.contentWindow as Window & typeof globalThis;
    const { document: inside } = this.window;
    this.window.fetch = window.fetch;
    this.window.addEventListener('error', ({ error }) => this.faults.push(error));
    this.window.addEventListener('unhandledrejection', ({ reason }) => this.faults.push(reason));
    prepare?.(this.window);
    this.element = inside.createElement('marketplace-session');
    const all = { 'api-endpoint': backend.endpoint, 'session-token': backend.token, ...attributes };
    for (const [name, value] of Object.entries(all)) this.element.setAttribute(name, value);
    (place?.(inside) ?? inside.body).append(this.element);
    this.load(script);
  }

  load(script: string): void {
    const tag = this.window.document.createElement('script');
    tag.type = 'module';
    tag.src = script;
    this.window.document.head.append(tag);
  }

  part(name: string): HTMLElement | null {
    return this.element.shadowRoot?.querySelector<HTMLElement>(`[part~="${name}"]`) ?? null;
  }

  /** The dialog, while it is open. */
  get openDialog(): HTMLElement | null {
    return this.element.shadowRoot?.querySelector('dialog[open]') ?? null;
  }

  inDialog(name: string): HTMLElement | null {
    return this.openDialog?.querySelector<HTMLElement>(`[part~="${name}"]`) ?? null;
  }

  /** All that the tag says, in words. */
  get text(): string {
    return this.element.shadowRoot?.querySelector('[part="session"]')?.textContent ?? '';
  }

  async until(condition: () => unknown, what: string): Promise<void> {
    await waitUntil(() => Boolean(condition()), what, patience);
  }

  /** It starts, the heart beats, a warning is seen, time is bought, and it ends with its bill. */
  async runWhole(): Promise<void> {
    const { element } = this;
    const backend = this.#backend;
    await this.until(() => element.snapshot?.state === 'active', 'it runs');
    await this.until(() => this.part('end-button'), 'the buttons are there');
    await this.until(() => this.part('warning'), 'the warning is there');
    await this.until(() => backend.calls('heartbeat').length > 0, 'the heart beats');
    await element.extend(15);
    await this.until(() => element.remainingSeconds! > 900, 'the time is there');
    await element.end();
    await this.until(() => element.snapshot.state === 'ended', 'it has ended');
    await this.until(() => this.part('receipt'), 'the bill is there');
  }

  close(): void {
    this.frame.remove();
  }
}
