/** Something that happened, as streams tell it. `at` is ms since the epoch. */
export interface LoggedEvent {
  id: number;
  subject: string;
  type: string;
  payload: object;
  at: number;
}

/** All that has happened, in its order, and who listens to it. */
export class EventLog {
  readonly #events: LoggedEvent[] = [];
  readonly #listeners = new Map<string, Set<() => void>>();

  get lastId(): number {
    return this.#events.length;
  }

  append(subject: string, type: string, payload: object, at: number): void {
    this.#events.push({ id: this.lastId + 1, subject, type, payload, at });
    this.wake(subject);
  }

  /** What happened to it behind that event. */
  after(subject: string, id: number): LoggedEvent[] {
    return this.#events.slice(id).filter((event) => event.subject === subject);
  }

  /** Has whoever listens to it look again. */
  wake(subject: string): void {
    for (const listener of [...(this.#listeners.get(subject) ?? [])]) listener();
  }

  /** @returns a function that ends it. */
  listen(subject: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(subject) ?? new Set();
    this.#listeners.set(subject, listeners.add(listener));
    return () => listeners.delete(listener);
  }
}
