import pg from 'pg';
import type { NotificationListener } from './database.js';
import { endWithin, giveUpAfter } from './give-up.js';

const reconnectDelayMs = 1_000;

export interface NotificationOptions {
  connection: pg.ClientConfig;
  /** How often the connection, on which nothing else is ever asked, is tried, ms. */
  tryEveryMs: number;
  /** No answer to that, ms. */
  answerMs: number;
  /** How long it may take to end, ms. */
  endMs: number;
}

/**
 * What a server announces (LISTEN), over one connection for all channels, which comes back after a break; null tells that
 * news may be lost. It is there while anybody listens.
 */
export class Notifications {
  readonly #options: NotificationOptions;
  readonly #listeners = new Map<string, Set<NotificationListener>>();
  #client: pg.Client | undefined;
  #lastTurn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: NotificationOptions) {
    this.#options = options;
  }

  /** @returns a function that ends it. */
  async listen(channel: string, listener: NotificationListener): Promise<() => Promise<void>> {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    const stop = () => this.#inTurn(() => this.#stop(channel, listener));
    try {
      await this.#inTurn(() => (this.#client ? this.#listenToAll(this.#client) : this.#connect()));
    } catch (error) {
      await stop();
      throw error;
    }
    return stop;
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#inTurn(() => this.#end());
  }

  /** One thing at a time: a connection that is being made is not made twice. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(work, work);
    this.#lastTurn = turn.catch(() => {});
    return turn;
  }

  async #connect(): Promise<void> {
    const client = new pg.Client(this.#options.connection);
    giveUpAfter(this.#options.answerMs, client);
    client.on('notification', ({ channel, payload = '' }) => {
      for (const listener of this.#listeners.get(channel) ?? []) listener(payload);
    });
    client.on('error', () => {});
    client.on('end', () => {
      if (this.#client === client) this.#reconnectLater();
    });
    await client.connect();
    this.#client = client;
    await this.#listenToAll(client);
    this.#tryLater();
  }

  /** To listen again changes nothing, and shows that the connection is one. */
  async #listenToAll(client: pg.Client): Promise<void> {
    const channels = [...this.#listeners.keys()].map(
      (channel) => `listen ${client.escapeIdentifier(channel)}`,
    );
    await client.query(channels.join('; '));
  }

  #tryLater(): void {
    this.#later(this.#options.tryEveryMs, async () => {
      // Where it fails the connection is over, and the next one goes on.
      if (this.#client) await this.#listenToAll(this.#client);
      this.#tryLater();
    });
  }

  #reconnectLater(): void {
    this.#client = undefined;
    this.#later(reconnectDelayMs, async () => {
      try {
        await this.#connect();
      } catch {
        return this.#reconnectLater();
      }
      for (const listener of [...this.#listeners.values()].flatMap((set) => [...set])) listener(null);
    });
  }

  #later(ms: number, work: () => Promise<void>): void {
    clearTimeout(this.#timer);
    if (this.#listeners.size === 0) return;
    this.#timer = setTimeout(() => void this.#inTurn(work).catch(() => {}), ms);
    this.#timer.unref();
  }

  async #stop(channel: string, listener: NotificationListener): Promise<void> {
    const listeners = this.#listeners.get(channel);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#listeners.delete(channel);
    // What is still announced on a channel that nobody listens to is dropped.
    if (this.#listeners.size === 0) await this.#end();
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    if (client) await endWithin(this.#options.endMs, client.end(), [client]);
  }
}
