import { latePart } from '../../controller/late-part.js';
import type { Panels, PanelsHost } from './panels-host.js';

const panelsFile = latePart(() => import('./panels/panels.js'));

/** The late part of an element, fetched when it is needed first. */
export class LatePanels {
  readonly #host: PanelsHost;
  readonly #signal: AbortSignal | undefined;
  #loading: Promise<Panels | undefined> | undefined;
  /** Once it is there. */
  declare current: Panels | undefined;

  /** @param signal takes away what it has drawn, for good. */
  constructor(host: PanelsHost, signal?: AbortSignal) {
    this.#host = host;
    this.#signal = signal;
  }

  /** Fetches the late part, and calls back as soon as it is there with its words. */
  with(use?: (panels: Panels) => void): void {
    const host = this.#host;
    const signal = this.#signal;
    const isNeeded = () => !signal?.aborted && host.controller.state !== 'idle';
    this.#loading ??= Promise.all([panelsFile(isNeeded), host.language.load()]).then(
      ([{ SessionPanels }]) => (this.current = signal?.aborted ? undefined : new SessionPanels(host, signal)),
    );
    this.#loading.then(
      (panels) => panels && use?.(panels),
      () => (this.#loading = undefined),
    );
  }
}
