import type { SessionControllerOptions } from '../options.js';
import type { World } from '../world.js';

/**
 * Keeps the session token for a reload, in sessionStorage alone. Applications and marketplaces on one origin do not
 * see each other's.
 */
export class SessionTokenStore {
  /** Names what belongs together: one application of one marketplace. */
  declare readonly key: string;
  /** Where the session token of this place of the page is kept. */
  readonly #tokenKey: string;
  readonly #world: World;

  constructor({
    world,
    options,
    endpoint,
  }: {
    world: World;
    options: SessionControllerOptions;
    endpoint: string;
  }) {
    this.#world = world;
    const { applicationId = '', id, tokenParam } = options;
    const place = id || tokenParam;
    this.key = `marketplace-session:${applicationId}@${endpoint}`;
    this.#tokenKey = this.key + (place ? `#${place}` : '');
  }

  load(): string | null {
    return this.#try((storage) => storage.getItem(this.#tokenKey));
  }

  save(token: string): void {
    this.#try((storage) => storage.setItem(this.#tokenKey, token));
  }

  clear(): void {
    this.#try((storage) => storage.removeItem(this.#tokenKey));
  }

  #try<T>(use: (storage: NonNullable<World['tabStorage']>) => T): T | null {
    try {
      return use(this.#world.tabStorage!);
    } catch {
      // A full, missing or forbidden storage costs the reload, not the session.
      return null;
    }
  }
}
