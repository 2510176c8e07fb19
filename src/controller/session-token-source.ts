import type { World } from './world.js';

/**
 * Takes the session token out of the page's address: neither history nor Referer nor analytics sees it afterwards.
 * The rest of the address stays as it was written.
 * @returns every token that the address held; more than one is a mistake of whoever wrote it.
 */
export function takeTokensFromAddress(world: World, param: string): string[] {
  const [, path = '', query = '', hash = ''] = /^([^?#]*)(?:\?([^#]*))?(.*)$/s.exec(world.address)!;
  const found: string[] = [];
  const kept = query.split('&').filter((pair) => {
    const [[name, value] = ['', '']] = new URLSearchParams(pair);
    if (name === param) found.push(value);
    return name !== param;
  });
  if (found.length) world.replaceAddress(path + (kept.length ? `?${kept.join('&')}` : '') + hash);
  return found;
}

/**
 * Keeps the session token for a reload, in sessionStorage alone. Applications and marketplaces on one origin do not
 * see each other's.
 */
export class SessionTokenStore {
  /** Names what belongs together: one application of one marketplace. */
  readonly key: string;
  readonly #storage: World['tabStorage'];

  constructor(storage: World['tabStorage'], apiEndpoint: string, applicationId = '') {
    this.#storage = storage;
    this.key = `marketplace-session:${applicationId}@${apiEndpoint}`;
  }

  load(): string | null {
    return this.#try((storage) => storage.getItem(this.key));
  }

  save(token: string): void {
    this.#try((storage) => storage.setItem(this.key, token));
  }

  clear(): void {
    this.#try((storage) => storage.removeItem(this.key));
  }

  #try<T>(use: (storage: NonNullable<World['tabStorage']>) => T): T | null {
    try {
      return this.#storage && use(this.#storage);
    } catch {
      // A full or forbidden storage costs the reload, not the session.
      return null;
    }
  }
}
