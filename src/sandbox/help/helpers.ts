import { SessionError } from '../../protocol/errors.js';
import type { Availability, HelpCategory } from '../../protocol/help-request.js';
import type { SandboxClock } from '../clock.js';
import type { Settings } from '../options.js';

export interface Helper {
  id: string;
  display_name: string;
  skills: string[];
  max_concurrent: number;
  availability: Availability;
  /** Requests that he has claimed, or is at. */
  active_count: number;
  created_at: number;
}

export interface Category extends HelpCategory {
  provider_id: string;
  skills: string[];
  /** How long each of the two rounds looks for somebody, seconds. */
  search_seconds: number;
  created_at: number;
}

/** Who helps, and with what. */
export class Helpers {
  readonly #settings: Settings;
  readonly #clock: SandboxClock;
  readonly #helpers = new Map<string, Helper>();
  readonly #categories = new Map<string, Category>();

  constructor(settings: Settings, clock: SandboxClock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  add(helper: Pick<Helper, 'id' | 'display_name' | 'skills' | 'max_concurrent'>): Helper {
    if (this.#helpers.has(helper.id)) throw new SessionError('ALREADY_EXISTS');
    const added: Helper = {
      ...helper,
      ...{ availability: 'offline', active_count: 0, created_at: Math.floor(this.#clock.now() / 1000) },
    };
    this.#helpers.set(helper.id, added);
    return added;
  }

  all(): Helper[] {
    return [...this.#helpers.values()];
  }

  /** @throws {SessionError} `HELPER_NOT_FOUND` */
  find(id: string): Helper {
    const helper = this.#helpers.get(id);
    if (!helper) throw new SessionError('HELPER_NOT_FOUND');
    return helper;
  }

  /** @throws {SessionError} `HELPER_NOT_FOUND`, `HELPER_BUSY` */
  remove(id: string): void {
    if (this.find(id).active_count > 0) throw new SessionError('HELPER_BUSY');
    this.#helpers.delete(id);
  }

  addCategory(category: Omit<Category, 'provider_id' | 'created_at'>): Category {
    if (this.#categories.has(category.id)) throw new SessionError('ALREADY_EXISTS');
    const created_at = Math.floor(this.#clock.now() / 1000);
    const added = { ...category, provider_id: this.#settings.providerId, created_at };
    this.#categories.set(category.id, added);
    return added;
  }

  categories(): Category[] {
    return [...this.#categories.values()];
  }

  /** @throws {SessionError} `HELP_CATEGORY_NOT_FOUND` */
  category(id: string): Category {
    const category = this.#categories.get(id);
    if (!category) throw new SessionError('HELP_CATEGORY_NOT_FOUND');
    return category;
  }
}
