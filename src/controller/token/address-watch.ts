import { takeParameter } from '../../protocol/take-parameter.js';
import type { SessionRun } from '../run/session-run.js';
import { pageOf } from '../page/browser-page.js';
import { perRun } from '../run/per-run.js';

/** Between two times, ms: what puts a token back each time is not fought, and browsers take no more than 100 in 30 s. */
const pauseMs = 500;

/**
 * Takes the session token out of the page's address again whenever it shows up there: a router that keeps the query of its
 * first moment writes it back with each step. Another value of the parameter is the page's own.
 */
class AddressWatch {
  readonly #run: SessionRun;
  /** Session tokens that this page came with. */
  readonly #tokens = new Set<string>();
  /** As it was looked at last. */
  #address = '';
  #isPausing = false;

  constructor(run: SessionRun) {
    this.#run = run;
    const { world, signal } = run;
    // After the step that changed it, not in the middle of it.
    pageOf(world).onAddressChange(() => void Promise.resolve().then(this.#look), signal);
  }

  keepOut(token: string): void {
    if (token) this.#tokens.add(token);
    this.#look();
  }

  readonly #look = (): void => {
    const { world, options, signal } = this.#run;
    const { address } = world;
    if (signal.aborted || this.#isPausing || address === this.#address) return;
    this.#address = address;
    const param = options.tokenParam || 'session';
    const isOurs = (name: string, value: string) => name === param && this.#tokens.has(value);
    const { rest, values } = takeParameter(address, isOurs);
    if (!values.length) return;
    this.#isPausing = true;
    world.setTimeout(() => {
      this.#isPausing = false;
      this.#look();
    }, pauseMs);
    try {
      world.replaceAddress(rest);
      this.#address = rest;
    } catch {
      // The browser has had enough of it for a moment.
      this.#address = '';
    }
  };
}

export const addressWatchOf = perRun((run) => new AddressWatch(run));
