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
  readonly #storage: World['tabStorage'];
  readonly #key: string;

  constructor(storage: World['tabStorage'], apiEndpoint: string, applicationId = '') {
    this.#storage = storage;
    this.#key = `marketplace-session:${applicationId}@${apiEndpoint}`;
  }

  load(): string | null {
    return this.#storage?.getItem(this.#key) ?? null;
  }

  save(token: string): void {
    try {
      this.#storage?.setItem(this.#key, token);
    } catch {
      // A full or forbidden storage costs the reload, not the session.
    }
  }

  clear(): void {
    this.#storage?.removeItem(this.#key);
  }
}
