import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Kysely } from 'kysely';
import type { SessionStatus } from '../protocol/session.js';
import type { Tables } from './database/schema.js';
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
/** A count that takes longer is left out: whoever scrapes waits for the rest, ms. */
const countTimeoutMs = 2_000;
const liveStatuses: readonly SessionStatus[] = ['waiting', 'active', 'paused'];

/** What is looked at with each scrape. */
export interface MetricsSources {
  kysely: Kysely<Tables>;
  /** How many streams of live events are open here. */
  openStreams(): number;
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
  #hasDefaults = false;

  constructor({ kysely, openStreams }: MetricsSources) {
    const registers = [this.#registry];
    new Gauge({
      name: `${prefix}open_streams`,
      help: 'Open streams of live events',
      registers,
      collect() {
        this.set(openStreams());
      },
    });
    new Gauge({
      name: `${prefix}live_sessions`,
      help: 'Sessions that have not ended, of all instances',
      labelNames: ['status'],
      registers,
      async collect() {
        this.reset();
        // A database that is away is no reason to say nothing: then the other figures are wanted most.
        const counts = await within(countTimeoutMs, countLiveSessions(kysely)).catch(() => undefined);
        if (!counts) return;
        for (const status of liveStatuses) this.set({ status }, counts.get(status) ?? 0);
      },
    });
  }

  request({ method, route, status, durationMs }: AnsweredRequest): void {
    this.#requests.observe({ method, route, status }, durationMs / 1000);
  }

  rateLimited(policy: string): void {
    this.#refused.inc({ policy });
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

async function countLiveSessions(kysely: Kysely<Tables>): Promise<Map<SessionStatus, number>> {
  const rows = await kysely
    .selectFrom('sessions')
    .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
    .where('due_at', 'is not', null)
    .groupBy('status')
    .execute();
  return new Map(rows.map(({ status, count }) => [status, count]));
}
