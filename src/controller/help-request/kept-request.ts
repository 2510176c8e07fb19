import type { World } from '../world.js';

/** The id of a tab's request, in its own storage, which may be forbidden or full: then it is found in the list of the person's requests. */
export class KeptRequest {
  readonly #world: World;
  readonly #key: string;

  /** @param name of the place that asks: requests of other places are others. */
  constructor(world: World, name: string) {
    this.#world = world;
    this.#key = `marketplace-session:help-request:${name}`;
  }

  get id(): string | undefined {
    try {
      return this.#world.tabStorage?.getItem(this.#key) || undefined;
    } catch {
      return undefined;
    }
  }

  set id(id: string | undefined) {
    try {
      if (id) this.#world.tabStorage?.setItem(this.#key, id);
      else this.#world.tabStorage?.removeItem(this.#key);
    } catch {
      // See above.
    }
  }
}
