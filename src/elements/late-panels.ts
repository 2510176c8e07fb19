import type { Panels, PanelsHost } from './panels-host.js';

/** The late part of an element, fetched when it is needed first; asked for again where the fetch failed. */
export class LatePanels {
  readonly #host: PanelsHost;
  #loading: Promise<Panels | undefined> | undefined;
  #isOver = false;
  /** Once it is there. */
  current: Panels | undefined;

  constructor(host: PanelsHost) {
    this.#host = host;
  }

  /** Calls back with the late part, as soon as it is there with its words. */
  with(use: (panels: Panels) => void): void {
    this.#loading ??= Promise.all([import('./panels/panels.js'), this.#host.language.load()]).then(
      ([{ SessionPanels }]) => (this.current = this.#isOver ? undefined : new SessionPanels(this.#host)),
    );
    this.#loading.then(
      (panels) => panels && use(panels),
      () => (this.#loading = undefined),
    );
  }

  /** Takes away what it has drawn, for good. */
  end(): void {
    this.#isOver = true;
    this.current?.detach();
  }
}
