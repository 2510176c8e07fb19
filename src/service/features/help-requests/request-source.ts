import { isFinalHelpRequest, type HelpRequestEventType } from '../../../protocol/help-request.js';
import type { Credential } from '../../foundation/auth/credential.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { EventRow } from '../../foundation/database/schema.js';
import type { Subject } from '../../foundation/events/subject.js';
import { eventFrame, frame, type StreamSource, type Told } from '../streams/index.js';
import { readHelpRequest, toState } from './requests.js';

/** The events that end a request; the outcome that may follow is not waited for. */
export const endEvents: readonly string[] = [
  'help_request.completed',
  'help_request.cancelled',
  'help_request.expired',
] satisfies HelpRequestEventType[];

/** What happens to a help request, each time with the request as it stands. */
export class RequestSource implements StreamSource {
  readonly subject: Subject;
  readonly #context: ServiceContext;
  readonly #id: string;
  readonly #helperId: string | undefined;

  constructor(context: ServiceContext, id: string, credential: Credential) {
    this.subject = `request:${id}`;
    this.#context = context;
    this.#id = id;
    this.#helperId = credential.helperId;
  }

  async tell(events: readonly EventRow[], after: number, needsSnapshot: boolean): Promise<Told | undefined> {
    const view = await readHelpRequest(this.#context, this.#id);
    // Somebody else's by now.
    if (this.#helperId !== undefined && view.helper_id !== this.#helperId) return undefined;
    const more = { request: toState(view), server_time: this.#context.now() };
    const first = needsSnapshot ? [frame(after, { type: 'help_request.snapshot', ...more })] : [];
    const end = events.findIndex(({ type }) => endEvents.includes(type));
    const told = end < 0 ? events : events.slice(0, end + 1);
    const isOver =
      end >= 0 || (events.length === 0 && isFinalHelpRequest(view.status) && !(await this.#endsAfter(after)));
    return { frames: [...first, ...told.map((event) => eventFrame(event, more))], isOver };
  }

  /** Whether the end is still to be told: it came between the look at the events and that at the request. */
  async #endsAfter(lastId: number): Promise<boolean> {
    const end = await this.#context.kysely
      .selectFrom('events')
      .select('id')
      .where('subject', '=', this.subject)
      .where('type', 'in', endEvents)
      .where('id', '>', lastId)
      .executeTakeFirst();
    return end !== undefined;
  }
}
