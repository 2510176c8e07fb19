import { ApiPromise, type Answered } from './api-promise.js';

/** What one page of a list holds. */
export interface PageContent<T> {
  data: T[];
  /** Null on the last page. */
  nextCursor: string | null;
}

type LoadPage<T> = (cursor: string | undefined) => Promise<Answered<PageContent<T>>>;

/** One page of a list. Iterated, it goes on with the pages behind it. */
export class Page<T> implements AsyncIterable<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
  readonly #load: LoadPage<T>;

  constructor({ data, nextCursor }: PageContent<T>, load: LoadPage<T>) {
    this.data = data;
    this.nextCursor = nextCursor;
    this.#load = load;
  }

  hasNextPage(): boolean {
    return this.nextCursor !== null;
  }

  /** @throws {TypeError} on the last page: ask `hasNextPage()` first. */
  getNextPage(): PagePromise<T> {
    if (this.nextCursor === null) throw new TypeError('There is no next page');
    return new PagePromise(this.#load, this.nextCursor);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    yield* this.data;
    if (this.hasNextPage()) yield* this.getNextPage();
  }
}

/** A list that was asked for: await it for a page, iterate it for all members, page after page. */
export class PagePromise<T> extends ApiPromise<Page<T>> implements AsyncIterable<T> {
  constructor(load: LoadPage<T>, cursor?: string) {
    super(load(cursor).then(({ data, response }) => ({ data: new Page(data, load), response })));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    yield* await this;
  }

  /** @param limit how many members at most, over all pages. */
  async toArray({ limit }: { limit: number }): Promise<T[]> {
    const members: T[] = [];
    if (limit > 0) {
      for await (const member of this) if (members.push(member) >= limit) break;
    }
    return members;
  }
}
