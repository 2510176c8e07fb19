import { latePart } from '../../controller/late-part.js';
import type { Panels, PanelsHost } from './panels-host.js';

const panelsFile = latePart(() => import('./panels/panels.js'));

/** The late part of an element, fetched when it is needed first. */
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
    const isNeeded = () => !this.#isOver && this.#host.controller.state !== 'idle';
    this.#loading ??= Promise.all([panelsFile(isNeeded), this.#host.language.load()]).then(
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
