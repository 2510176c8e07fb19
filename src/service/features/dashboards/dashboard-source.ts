import type { DashboardFrame, DashboardNews } from '../../../protocol/dashboard.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { EventRow } from '../../foundation/database/schema.js';
import { idIn, type Subject } from '../../foundation/events/subject.js';
import { stateFrame, type StreamSource, type Told } from '../streams/index.js';
import type { Follower, OpenDashboards } from './open-dashboards.js';

/** Ids of one kind that a frame names. */
const mostIds = 100;

/** What a provider's dashboard hears: that it is to look again, and at what. What waits for a slow reader becomes one frame. */
export class DashboardSource implements StreamSource, Follower {
  readonly subject: Subject;
  readonly hasNoEvents = true;
  readonly mostStreams = 64;
  readonly #context: ServiceContext;
  readonly #dashboards: OpenDashboards;
  readonly #providerId: string;
  #news: News | undefined;

  constructor(context: ServiceContext, dashboards: OpenDashboards, providerId: string) {
    this.subject = `provider:${providerId}`;
    this.#context = context;
    this.#dashboards = dashboards;
    this.#providerId = providerId;
  }

  opened(): void {
    this.#dashboards.came(this.#providerId, this);
  }

  closed(): void {
    this.#dashboards.went(this.#providerId, this);
  }

  note(subjects: readonly string[], isComplete: boolean): void {
    this.#news ??= new News();
    this.#news.add(subjects, isComplete);
  }

  tell(_: readonly EventRow[], __: number, needsSnapshot: boolean): Promise<Told> {
    const common = { provider_id: this.#providerId, server_time: this.#context.now() };
    const frames: DashboardFrame[] = needsSnapshot
      ? [{ type: 'figures.snapshot', ...common }]
      : this.#news
        ? [{ type: 'figures.changed', ...common, ...this.#news.told }]
        : [];
    this.#news = undefined;
    return Promise.resolve({ frames: frames.map(stateFrame), isOver: false });
  }
}

class News {
  readonly #sessions = new Set<string>();
  readonly #requests = new Set<string>();
  #isComplete = true;

  get told(): DashboardNews {
    return {
      session_ids: [...this.#sessions],
      help_request_ids: [...this.#requests],
      is_complete: this.#isComplete,
    };
  }

  add(subjects: readonly string[], isComplete: boolean): void {
    if (!isComplete) this.#isComplete = false;
    for (const subject of subjects) {
      this.#put(this.#sessions, idIn('session', subject));
      this.#put(this.#requests, idIn('request', subject));
    }
  }

  #put(ids: Set<string>, id: string | undefined): void {
    if (id === undefined || ids.has(id)) return;
    if (ids.size < mostIds) ids.add(id);
    else this.#isComplete = false;
  }
}
