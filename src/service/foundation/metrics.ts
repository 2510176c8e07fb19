import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { within } from './within.js';

/** Of one answered request. Labels are patterns and kinds: nothing in a metric names anybody. */
export interface AnsweredRequest {
  method: string;
  /** As it is described: `/api/v1/sessions/{id}`; empty where no route took it. */
  route: string;
  status: number;
  durationMs: number;
}

const prefix = 'marketplace_session_';
/** A figure that takes longer is left out: whoever scrapes waits for the rest, ms. */
const readTimeoutMs = 2_000;

/** A figure that is looked at with each scrape. */
export interface Figure {
  /** Without the prefix that all have. */
  name: string;
  help: string;
  /** What its values differ by; undefined where there is one. */
  label?: string;
  /** The values by that label. One that takes too long or fails is left out: the others are wanted most then. */
  read(): Promise<Map<string, number>> | Map<string, number> | number;
}

/** What one instance counts (Prometheus, text format). */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: `${prefix}http_request_duration_seconds`,
    help: 'How long requests took until their answer began',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.#registry],
  });
  readonly #refused = new Counter({
    name: `${prefix}rate_limited_total`,
    help: 'Requests that were one too many',
    labelNames: ['policy'],
    registers: [this.#registry],
  });
  readonly #lateness = new Histogram({
    name: `${prefix}due_work_lateness_seconds`,
    help: 'How long after its due time a session was ended, resumed or warned by this instance',
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 60, 3600],
    registers: [this.#registry],
  });
  readonly #failures = new Counter({
    name: `${prefix}work_failures_total`,
    help: 'Work of this instance that failed for one row or one caller alone, each try',
    labelNames: ['work'],
    registers: [this.#registry],
  });
  #hasDefaults = false;

  /** Adds what a part of the service tells of itself. */
  add({ name, help, label, read }: Figure): void {
    new Gauge({
      name: `${prefix}${name}`,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [this.#registry],
      async collect() {
        this.reset();
        const values = await within(readTimeoutMs, Promise.resolve().then(read)).catch(() => undefined);
        if (typeof values === 'number') this.set(values);
        else for (const [of, value] of values ?? []) this.set({ [label!]: of }, value);
      },
    });
  }

  request({ method, route, status, durationMs }: AnsweredRequest): void {
    this.#requests.observe({ method, route, status }, durationMs / 1000);
  }

  rateLimited(policy: string): void {
    this.#refused.inc({ policy });
  }

  workFailed(work: string): void {
    this.#failures.inc({ work });
  }

  dueWorkDone(latenessMs: number): void {
    this.#lateness.observe(Math.max(0, latenessMs) / 1000);
  }

  /** @returns the text, and its content type. */
  async read(): Promise<{ text: string; contentType: string }> {
    // They watch the process from then on, so they begin with the first who wants to know.
    if (!this.#hasDefaults) collectDefaultMetrics({ register: this.#registry });
    this.#hasDefaults = true;
    return { text: await this.#registry.metrics(), contentType: this.#registry.contentType };
  }
}
