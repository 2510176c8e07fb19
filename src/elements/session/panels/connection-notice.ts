import type { Connection } from '../../../controller/snapshot.js';
import { browserWorld } from '../../../controller/browser-world.js';

/** A loss that is shorter than this shows nothing, ms. */
const blipMs = 2000;
/** What has been shown stays at least this long, so that it can be read, ms. */
const readingMs = 5000;

/** What is told of the connection, and when: not each blip, and never for the blink of an eye. */
export class ConnectionNotice {
  readonly #onChange: (told: Connection) => void;
  #told: Connection = 'online';
  #shownAt = 0;
  readonly #world = browserWorld();
  #timer: number | undefined;
  #awaited: Connection | undefined;

  /** @param onChange called with what is told from now on; `online` is the recovery. */
  constructor(onChange: (told: Connection) => void) {
    this.#onChange = onChange;
  }

  get told(): Connection {
    return this.#told;
  }

  /** Follows the connection as it is. */
  follow(connection: Connection): void {
    if (connection === (this.#awaited ?? this.#told)) return;
    // From one loss to another during a blip: its time goes on.
    if (connection !== 'online' && this.#told === 'online' && this.#awaited) {
      this.#awaited = connection;
      return;
    }
    this.stop();
    if (connection === this.#told) return;
    this.#awaited = connection;
    // Another loss than the one that is shown may be a blip too, such as the first moment of a network that is back.
    const delayMs = connection === 'online' ? this.#shownAt + readingMs - this.#world.now() : blipMs;
    this.#timer = this.#world.setTimeout(() => this.#tell(this.#awaited!), Math.max(0, delayMs));
  }

  /** Waits for nothing any more. */
  stop(): void {
    this.#world.clearTimeout(this.#timer);
    this.#awaited = undefined;
  }

  #tell(connection: Connection): void {
    this.stop();
    if (this.#told === 'online') this.#shownAt = this.#world.now();
    this.#told = connection;
    this.#onChange(connection);
  }
}
