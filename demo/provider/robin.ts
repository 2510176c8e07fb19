import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveEvent } from '../../src/protocol/events.js';
import type { DeskFrame, DeskRequest } from '../../src/protocol/help-request.js';
import { ServerSentEvents } from '../../src/protocol/server-sent-events.js';
import { isFinal } from '../../src/protocol/state-machine.js';
import { ConflictError, type Marketplace } from '../../src/sdk/index.js';

export interface RobinOptions {
  helperId: string;
  /** The service with the provider's key. */
  provider: Marketplace;
  /** Where the service is, such as `http://localhost:4400/api/v1`, and how it is asked. */
  apiEndpoint: string;
  fetch: (request: Request) => Response | Promise<Response>;
  /** How long somebody at the desk may be faster, ms. */
  patienceMs?: number;
}

const greeting =
  'Hello, this is Robin. I am a program, so that you can see how it works by yourself: write something, add time, or end the talk.';
const answers = [
  'I see. Has it always been like that?',
  'Thank you. How long does it take to fill a cup?',
  'That helps. Try it slowly, a quarter turn at a time.',
  'Good. That is all that a program can say about it.',
];

/**
 * A helper who answers by himself, for those who try the demo alone: he listens at his desk, takes what nobody else wants, is in
 * the session, and says something to each message.
 */
export class Robin {
  readonly #options: Required<RobinOptions>;
  readonly #over = new AbortController();
  /** What he is thinking about, or has. */
  readonly #requests = new Set<string>();
  #token: Promise<string> | undefined;

  constructor(options: RobinOptions) {
    this.#options = { patienceMs: 10_000, ...options };
  }

  async start(): Promise<void> {
    const { provider, helperId } = this.#options;
    await provider.helpers.setAvailability(helperId, { availability: 'available' });
    void this.#listen(`/helpers/${helperId}/events`, (frame) => {
      const told = frame as DeskFrame;
      if (told.type === 'desk.snapshot') told.requests.forEach((request) => this.#look(request));
      else if (told.type === 'help_request.changed') this.#look(told.request);
      // Who had better things to do for a while is asked again.
      else if (told.helper.availability !== 'available')
        void provider.helpers.setAvailability(helperId, { availability: 'available' }).catch(() => {});
    });
  }

  stop(): void {
    this.#over.abort();
  }

  #look({ id, offer, session_id }: DeskRequest): void {
    if (!/offered|accepted/.test(offer) || this.#requests.has(id)) return;
    this.#requests.add(id);
    this.#help(id, session_id)
      .catch((error: unknown) => {
        if (!this.#over.signal.aborted && !(error instanceof ConflictError)) console.error(error);
      })
      .finally(() => this.#requests.delete(id));
  }

  async #help(requestId: string, sessionId: string | null): Promise<void> {
    const { provider, helperId, patienceMs } = this.#options;
    if (!sessionId) {
      await sleep(patienceMs, undefined, { signal: this.#over.signal });
      sessionId = (await provider.helpRequests.claim(requestId, { helperId })).sessionId;
    }
    await this.#talk(sessionId!);
    // A talk counts as over a moment after its session.
    await sleep(1000, undefined, { signal: this.#over.signal });
    await provider.helpRequests.outcome(requestId, { helperId, outcome: 'resolved' });
  }

  /** Is in the session until it has ended. */
  async #talk(sessionId: string): Promise<void> {
    const path = `/sessions/${sessionId}`;
    let said = 0;
    const say = async (text: string) => {
      const body = { text, client_id: `robin-${said++}` };
      await this.#ask(`${path}/messages`, { method: 'POST', body: JSON.stringify(body) });
    };
    const over = new AbortController();
    await this.#listen(
      `${path}/events`,
      (frame) => {
        const { type, session, sent_by } = frame as LiveEvent & { sent_by?: string };
        if (session && isFinal(session.status)) over.abort();
        else if (session?.status === 'active' && said === 0) void say(greeting);
        else if (type === 'message.created' && sent_by === 'customer')
          void say(answers[Math.min(said - 1, answers.length - 1)]!);
      },
      over.signal,
    );
  }

  /** Hears a stream, again and again, until it says that it is over. */
  async #listen(path: string, onFrame: (frame: unknown) => void, end?: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([this.#over.signal, ...(end ? [end] : [])]);
    while (!signal.aborted) {
      try {
        const { status, body } = await this.#ask(path, { signal, headers: { Accept: 'text/event-stream' } });
        if (status === 204) return;
        const events = new ServerSentEvents();
        for await (const bytes of body!) for (const { data } of events.push(bytes)) onFrame(JSON.parse(data));
      } catch {
        // It was lost, or the session has ended.
      }
      await sleep(1000, undefined, { signal }).catch(() => {});
    }
  }

  /** Asks as the helper himself, as his page would. */
  async #ask(path: string, init: RequestInit): Promise<Response> {
    const { apiEndpoint, fetch } = this.#options;
    this.#token ??= this.#newToken();
    const headers = {
      'Content-Type': 'application/json',
      ...init.headers,
      Authorization: `Bearer ${await this.#token}`,
    };
    const response = await fetch(new Request(apiEndpoint + path, { ...init, headers }));
    if (response.status === 401) this.#token = undefined;
    return response;
  }

  async #newToken(): Promise<string> {
    const { provider, helperId } = this.#options;
    const { accessToken } = await provider.accessTokens.create({
      subject: { kind: 'helper', id: helperId },
      scope: ['helpers.attend', 'sessions.read', 'sessions.attend', 'messages.send'],
    });
    return accessToken;
  }
}
