import type { WebhookEvent } from '../../src/sdk/index.js';

/** A webhook that came: what it said, or why it was not believed. */
export interface ReceivedWebhook {
  /** `webhook-id`, where it was believed. */
  id: string;
  receivedAt: Date;
  /** How often it came: what was told already is told again where the answer got lost. */
  times: number;
  /** Null where it was refused. */
  event: WebhookEvent | null;
  refusal: string | null;
}

/** How many are remembered; a real marketplace would act on each and keep none. */
const maxKept = 50;

/** What the session service has told this marketplace, in memory. */
export class WebhookInbox {
  #received: ReceivedWebhook[] = [];
  readonly #now: () => number;
  #waiting: (() => void)[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Newest first. */
  get received(): readonly ReceivedWebhook[] {
    return this.#received;
  }

  /** Takes an event that is verified, once for each id. */
  take(id: string, event: WebhookEvent): void {
    const known = this.#received.find((one) => one.id === id);
    if (known) known.times += 1;
    else this.#keep({ id, event, refusal: null });
  }

  refuse(refusal: string): void {
    this.#keep({ id: crypto.randomUUID(), event: null, refusal });
  }

  /** Waits until a webhook has come. @returns it, or undefined where it did not come in time. */
  async waitFor(id: string, withinMs: number): Promise<ReceivedWebhook | undefined> {
    const giveUpAt = Date.now() + withinMs;
    for (;;) {
      const found = this.#received.find((one) => one.id === id);
      const leftMs = giveUpAt - Date.now();
      if (found || leftMs <= 0) return found;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#waiting.push(() => (clearTimeout(timer), resolve()));
      });
    }
  }

  #keep(received: Pick<ReceivedWebhook, 'id' | 'event' | 'refusal'>): void {
    const entry = { ...received, receivedAt: new Date(this.#now()), times: 1 };
    this.#received = [entry, ...this.#received].slice(0, maxKept);
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
