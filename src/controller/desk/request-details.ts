import { SessionError } from '../../protocol/errors.js';
import type { DeskRequest } from '../../protocol/help-request.js';
import { isUnavailable } from '../network/http-client.js';
import { pageOf } from '../page/browser-page.js';
import type { World } from '../world.js';
import type { DeskLink } from './desk-link.js';

interface Detail {
  description: string | null;
  isCustomerAbsent: boolean;
}

const unknown: Detail = { description: null, isCustomerAbsent: false };
/** A category that is not there may have been made a moment ago: asked for again after this, ms. */
const lookAgainMs = 60_000;

/**
 * What people wrote about requests, which no stream holds: read by one request at a time, for those that are shown, while
 * somebody looks. What cannot be read is left out, and tried with the next news.
 */
export class RequestDetails {
  readonly #world: World;
  readonly #link: DeskLink;
  readonly #onRead: () => void;
  readonly #signal: AbortSignal;
  readonly #details = new Map<string, Detail>();
  #categories = new Map<string, string>();
  #categoriesAt = -Infinity;
  #wanted: readonly DeskRequest[] = [];
  #isReading = false;

  constructor(world: World, link: DeskLink, onRead: () => void, signal: AbortSignal) {
    this.#world = world;
    this.#link = link;
    this.#onRead = onRead;
    this.#signal = signal;
    pageOf(world).listen((news) => news === 'shown' && this.read(this.#wanted), signal);
  }

  of(id: string): Detail {
    return this.#details.get(id) ?? unknown;
  }

  category(id: string): string {
    return this.#categories.get(id) ?? id;
  }

  /** Reads what is not known of these; others are forgotten. */
  read(requests: readonly DeskRequest[]): void {
    this.#wanted = requests;
    for (const id of this.#details.keys())
      if (!requests.some((one) => one.id === id)) this.#details.delete(id);
    if (this.#isReading || !pageOf(this.#world).isVisible) return;
    this.#isReading = true;
    this.#readAll()
      .catch(() => {})
      .finally(() => (this.#isReading = false));
  }

  /** What was read of it has become another. */
  readAgain(id: string): void {
    this.#details.delete(id);
  }

  async #readAll(): Promise<void> {
    for (;;) {
      const next = this.#wanted.find(({ id }) => !this.#details.has(id));
      if (this.#wanted.some(({ category_id }) => !this.#categories.has(category_id)))
        await this.#readCategories();
      if (!next || this.#signal.aborted) return;
      this.#details.set(next.id, await this.#readOne(next.id));
      this.#onRead();
    }
  }

  async #readOne(id: string): Promise<Detail> {
    type Answer = { description: string | null; reason: string | null };
    try {
      const path = `/help-requests/${encodeURIComponent(id)}`;
      const { description, reason } = await this.#link.request<Answer>({ method: 'GET', path });
      return { description, isCustomerAbsent: reason === 'customer_absent' };
    } catch (error) {
      // What this helper may not read keeps nobody from reading the next one.
      if (error instanceof SessionError && !isUnavailable(error)) return unknown;
      throw error;
    }
  }

  async #readCategories(): Promise<void> {
    if (this.#world.monotonicNow() < this.#categoriesAt + lookAgainMs) return;
    this.#categoriesAt = this.#world.monotonicNow();
    const { categories } = await this.#link.request<{ categories: { id: string; name: string }[] }>({
      method: 'GET',
      path: '/help-categories?limit=100',
    });
    this.#categories = new Map(categories.map(({ id, name }) => [id, name]));
    this.#onRead();
  }
}
