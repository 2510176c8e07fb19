import {
  maxPageAmount,
  maxPageCounts,
  pageMetricName,
  type PageReport,
} from '../../protocol/page-metrics.js';

/** What this tab counts, until the service has it. Numbers by name, and nothing else. */
export class PageCounts {
  readonly #page: string;
  #counts = new Map<string, number>();
  #sequence = 0;
  #underway: PageReport | undefined;

  /** @param page a random name of this tab. */
  constructor(page: string) {
    this.#page = page;
  }

  /** Adds an amount; one that cannot be counted is left out. */
  add(name: string, amount = 1): void {
    if (!amount || !Number.isFinite(amount) || !pageMetricName.test(name)) return;
    const sum = (this.#counts.get(name) ?? 0) + amount;
    this.#counts.set(name, Math.max(-maxPageAmount, Math.min(maxPageAmount, sum)));
  }

  /** Everything that is not on its way, which is forgotten here: another tab has it. Undefined where that is nothing. */
  takeAll(): Record<string, number> | undefined {
    if (!this.#counts.size) return undefined;
    const counts = Object.fromEntries(this.#counts);
    this.#counts.clear();
    return counts;
  }

  /** What the next request brings: the same report, until it was taken. */
  next(): PageReport | undefined {
    if (this.#underway || !this.#counts.size) return this.#underway;
    const some = [...this.#counts].slice(0, maxPageCounts);
    for (const [name] of some) this.#counts.delete(name);
    return (this.#underway = {
      page: this.#page,
      sequence: ++this.#sequence,
      counts: Object.fromEntries(some),
    });
  }

  /** The service has it, or wants none of it. */
  taken(report: PageReport): void {
    if (this.#underway === report) this.#underway = undefined;
  }
}
