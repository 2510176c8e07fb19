import { perRun } from '../run/per-run.js';

/** Failures in a row after which the connection counts as lost. */
const failuresUntilOpen = 3;
/** Tries in a row that were not answered after which a person is told, whatever becomes of their requests. */
const triesUntilLost = 3;
/** Retries that may be on credit; each request that succeeds earns one back. */
const retryBudget = 6;

/**
 * Decides how hard a service that fails is asked: a circuit breaker with a retry budget. While it is open nothing is
 * retried, and the service is asked at intervals that grow, so that a thousand pages do not hold down what is getting up.
 */
class Circuit {
  #failures = 0;
  #lostTries = 0;
  #retriesLeft = retryBudget;

  /** Whether the service counts as lost. */
  get isOpen(): boolean {
    return this.#failures >= failuresUntilOpen;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#lostTries = 0;
    this.#retriesLeft = Math.min(retryBudget, this.#retriesLeft + 1);
  }

  failed(): void {
    this.#failures += 1;
  }

  /** Takes note of tries that were not answered. @returns whether the service seems gone by now. */
  tryLost(count = 1): boolean {
    this.#lostTries += count;
    return this.#lostTries >= triesUntilLost;
  }

  /** Whether a failed request may be sent once more. */
  takeRetry(): boolean {
    return !this.isOpen && this.#retriesLeft > 0 && this.#retriesLeft-- > 0;
  }

  /** How long to wait before asking a lost service again, ms: at first about the usual interval, later twice that. */
  probeDelayMs(intervalMs: number, random: number): number {
    const longest = intervalMs * Math.min(2, this.#failures - failuresUntilOpen + 1);
    return longest * (0.5 + random / 2);
  }
}

export const circuitOf = perRun(() => new Circuit());
