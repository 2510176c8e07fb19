import type { Session } from '../../src/protocol/session.js';
import type { Page, PageNews } from '../../src/controller/page/page.js';
import { Ticker } from '../../src/controller/clock/ticker.js';
import type { World } from '../../src/controller/world.js';
import { goodClaims } from '../protocol/tokens.js';

export const endpoint = 'https://market.example/api/v1';
/** When each test begins, by the service's clock: ms since the epoch. */
export const startsAt = goodClaims.iat * 1000;

/** A request as the page sent it. */
export interface SentRequest {
  url: string;
  /** Below the endpoint; the whole address where it is another server's. */
  path: string;
  method: string;
  headers: Headers;
  body: Record<string, unknown>;
  init: RequestInit;
}

/** What a server may do with a request: answer, break the line, or never answer. */
export type Answer = Response | Error | 'never' | ((request: SentRequest) => Response | Promise<Response>);

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}

export function problem(
  code: string,
  status: number,
  headers?: Record<string, string>,
  members = {},
): Response {
  return json({ type: 'about:blank', title: `About ${code}.`, status, code, ...members }, status, headers);
}

export const htmlPage = (status = 200): Response =>
  new Response('<!doctype html><title>Hotel network</title>', {
    status,
    headers: { 'Content-Type': 'text/html' },
  });

export const brokenLine = (): Error => new TypeError('Failed to fetch');

interface Timer {
  id: number;
  at: number;
  callback: () => void;
}

/** A world in which time passes when the test says so, with a session service in it. */
export class FakeWorld implements World {
  /** Of the service, ms since the epoch. */
  serverNow = startsAt;
  /** By how much the device's clock is wrong. */
  deviceErrorMs = 0;
  /** How late a timer fires. */
  lateMs: () => number = () => 0;
  address = 'https://app.example/work';
  tabStorage: World['tabStorage'] = new FakeStorage();
  readonly ticker: Ticker = new Ticker(this.#timerPort());
  readonly requests: SentRequest[] = [];
  /** What happened in which order: addresses replaced, requests sent, pages left for. */
  readonly deeds: string[] = [];
  readonly backend = new FakeBackend(this);
  readonly page: FakePage = new FakePage(this);
  /** Aborted or answered requests are not among them. */
  openRequests = 0;
  /** Answers although the request was aborted, as a late answer does. */
  ignoresAborts = false;
  isBusy = false;
  readonly #idle: (() => void)[] = [];
  #timers: Timer[] = [];
  #lastTimer = 0;
  readonly #scripts = new Map<string, Answer[]>();

  /** How long the device has slept so far. */
  sleptMs = 0;

  now = (): number => this.serverNow + this.deviceErrorMs;
  monotonicNow = (): number => this.serverNow - startsAt - this.sleptMs;

  setTimeout = (callback: () => void, delayMs: number): number => {
    // As browsers do: what is no number, or does not fit 32 bits, is no delay at all.
    const delay = delayMs > 0 && delayMs < 2 ** 31 ? delayMs : 0;
    this.#timers.push({ id: ++this.#lastTimer, at: this.serverNow + delay, callback });
    return this.#lastTimer;
  };

  clearTimeout = (timer: number | undefined): void => {
    this.#timers = this.#timers.filter(({ id }) => id !== timer);
  };

  /** Delays of the timers that wait, ms, soonest first. */
  get delays(): number[] {
    return this.#timers.map(({ at }) => at - this.serverNow).sort((one, other) => one - other);
  }

  replaceAddress(address: string): void {
    this.address = address;
    this.deeds.push(`address ${address}`);
  }

  whenIdle(callback: () => void): void {
    if (this.isBusy) this.#idle.push(callback);
    else queueMicrotask(callback);
  }

  /** The page has nothing better to do at last. */
  async becomeIdle(): Promise<void> {
    this.isBusy = false;
    for (const callback of this.#idle.splice(0)) callback();
    await settled();
  }

  /** Answers the next requests to a path, one each, in place of the backend. */
  answer(path: string, ...answers: Answer[]): void {
    this.#scripts.set(path, [...(this.#scripts.get(path) ?? []), ...answers]);
  }

  /** The next requests do not reach the service, whatever they ask for. */
  cutOff(times: number): void {
    for (const path of ['/heartbeat', '/complete', '/sessions/validate'])
      this.answer(path, ...Array.from({ length: times }, brokenLine));
  }

  /** The service can be reached again. */
  reconnect(): void {
    for (const path of ['/heartbeat', '/complete', '/sessions/validate']) this.answerAsUsual(path);
  }

  /** The backend answers the next requests to a path itself again. */
  answerAsUsual(path: string): void {
    this.#scripts.delete(path);
  }

  /** Holds the next request to a path until it is let go; the service takes note of it when it comes, or then. */
  hold(path: string, takesNote: 'at once' | 'when released' = 'at once'): { release(answer?: Answer): void } {
    let release: (answer?: Answer) => void = () => {};
    const released = new Promise<Answer | undefined>((resolve) => (release = resolve));
    this.answer(path, async (request) => {
      const early = takesNote === 'at once' ? await this.backend.respond(request) : undefined;
      const answer = await released;
      return answer ? this.#resolve(answer, request) : (early ?? this.backend.respond(request));
    });
    return { release };
  }

  fetch = (url: string, init: RequestInit): Promise<Response> => {
    const path = url.startsWith(endpoint) ? url.slice(endpoint.length) : url;
    if (!this.page.isOnline && !this.page.isHintWrong) return Promise.reject(brokenLine());
    const body = JSON.parse((init.body as string | undefined) ?? '{}') as Record<string, unknown>;
    const request = {
      url,
      path,
      method: init.method ?? 'GET',
      headers: new Headers(init.headers),
      body,
      init,
    };
    this.requests.push(request);
    this.deeds.push(`${request.method} ${path}`);
    const short = path.replace(/^\/sessions\/[^/]+\//, '/');
    const scripted = this.#scripts.get(path)?.shift() ?? this.#scripts.get(short)?.shift();
    const { signal } = init;
    this.openRequests += 1;
    return new Promise<Response>((resolve, reject) => {
      const abort = () => reject(signal!.reason as Error);
      if (!this.ignoresAborts) {
        if (signal?.aborted) abort();
        signal?.addEventListener('abort', abort);
      }
      const work = scripted ? this.#resolve(scripted, request) : this.backend.respond(request);
      Promise.resolve(work).then(readAtOnce).then(resolve, reject);
    }).finally(() => (this.openRequests -= 1));
  };

  #resolve(answer: Answer, request: SentRequest): Response | Promise<Response> {
    if (answer === 'never') return new Promise(() => {});
    if (answer instanceof Error) return Promise.reject(answer);
    return typeof answer === 'function' ? answer(request) : answer.clone();
  }

  /** Requests to a path of the session. */
  sent(path: string): SentRequest[] {
    return this.requests.filter((request) => request.path.endsWith(path));
  }

  /** Lets time pass: every timer that is due fires, in order, and what follows from it happens. */
  async pass(seconds: number): Promise<void> {
    const until = this.serverNow + seconds * 1000;
    await settled();
    for (;;) {
      const next = this.#timers.reduce<Timer | undefined>(
        (soonest, timer) => (soonest && soonest.at <= timer.at ? soonest : timer),
        undefined,
      );
      if (!next || next.at > until) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.serverNow = Math.max(this.serverNow, next.at + this.lateMs());
      next.callback();
      await settled();
    }
    this.serverNow = Math.max(this.serverNow, until);
  }

  /** As `pass`, without anything that has to be waited for: timers alone. */
  passAtOnce(seconds: number): void {
    const until = this.serverNow + seconds * 1000;
    for (;;) {
      const [next] = [...this.#timers].sort((one, other) => one.at - other.at);
      if (!next || next.at > until) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.serverNow = Math.max(this.serverNow, next.at + this.lateMs());
      next.callback();
    }
    this.serverNow = Math.max(this.serverNow, until);
  }

  #timerPort() {
    return {
      setTimeout: (callback: () => void, delayMs: number) => this.setTimeout(callback, delayMs),
      clearTimeout: (timer: number | undefined) => this.clearTimeout(timer),
    };
  }
}

export class FakePage implements Page {
  isVisible = true;
  isOnline = true;
  /** Whether there is a network although the device believes that there is none. */
  isHintWrong = false;
  /** A browser of one tab. */
  readonly locks: Page['locks'] = null;
  readonly sharedStorage: Page['sharedStorage'] = null;
  /** What `random` answers. */
  chance = 0.5;
  readonly leftFor: string[] = [];
  readonly #world: FakeWorld;
  readonly #listeners = new Set<(news: PageNews) => void>();
  #lastId = 0;

  constructor(world: FakeWorld) {
    this.#world = world;
  }

  random = (): number => this.chance;
  randomId = (): string => `key-${++this.#lastId}`;

  leaveTo(address: string): void {
    this.leftFor.push(address);
    this.#world.deeds.push(`leave ${address}`);
  }

  listen(listener: (news: PageNews) => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener));
  }

  onAddressChange(): void {}

  openTabChannel(): null {
    return null;
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Something happens to the page. */
  async tell(news: PageNews): Promise<void> {
    if (news === 'online' || news === 'offline') this.isOnline = news === 'online';
    if (news === 'shown' || news === 'hidden') this.isVisible = news === 'shown';
    for (const listener of this.#listeners) listener(news);
    await settled();
  }

  /** The customer comes back to the page, after a while. */
  async comeBack(): Promise<void> {
    await this.#world.pass(2);
    await this.tell('shown');
  }
}

export class FakeStorage {
  readonly items = new Map<string, string>();
  getItem = (key: string): string | null => this.items.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.items.set(key, value);
  removeItem = (key: string): void => void this.items.delete(key);
}

/** Storage of a browser that forbids it. */
export const forbiddenStorage: World['tabStorage'] = {
  getItem: () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  },
  setItem: () => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
  },
  removeItem: () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  },
};

/** One session, and a service that says yes to everything that is asked about it. */
export class FakeBackend {
  readonly #world: FakeWorld;
  /** Changes of the session's members as the service tells them. */
  session: Partial<Session> = {};
  deadline = startsAt + 3_600_000;
  durationSeconds = 3600;
  tokens = 100;
  status: Session['status'] = 'active';
  remainingAtPause = 0;
  /** How often the session was settled. */
  settlements = 0;
  keys: unknown[] = [];
  nextHeartbeatSeconds: number | undefined = 30;
  /** The same, told with the first word already. */
  firstHeartbeatSeconds: number | undefined;
  capabilities: string[] | undefined = ['idempotency'];
  /** What it says that the session token allows. */
  allowedOperations: unknown;
  readonly #answered = new Map<string, () => Response>();

  constructor(world: FakeWorld) {
    this.#world = world;
  }

  get remainingSeconds(): number {
    if (this.status === 'paused') return this.remainingAtPause;
    if (this.status !== 'active') return 0;
    return Math.max(0, Math.ceil((this.deadline - this.#world.serverNow) / 1000));
  }

  /** Makes the session one of so many seconds, begun just now. */
  sell(seconds: number): void {
    this.durationSeconds = seconds;
    this.deadline = this.#world.serverNow + seconds * 1000;
  }

  extend(seconds: number): void {
    this.durationSeconds += seconds;
    this.deadline += seconds * 1000;
    this.tokens += seconds / 60;
  }

  view(): Session {
    if (this.status === 'active' && this.deadline <= this.#world.serverNow) this.status = 'expired';
    const isOver = ['completed', 'expired', 'cancelled'].includes(this.status);
    return {
      id: goodClaims.jti,
      status: this.status,
      user_id: goodClaims.sub,
      provider_id: goodClaims.provider_id,
      application_id: goodClaims.aud,
      tokens_allocated: this.tokens,
      duration_limit_seconds: this.durationSeconds,
      created_at: startsAt / 1000,
      started_at: startsAt / 1000,
      expires_at: this.status === 'active' ? Math.floor(this.deadline / 1000) : null,
      remaining_seconds: this.remainingSeconds,
      pause_ends_at: null,
      paused_by: this.status === 'paused' ? 'customer' : null,
      pausable: true,
      pause_seconds_left: 600,
      return_url: null,
      top_up_url: null,
      extension_options: [15, 30, 60].map((minutes) => ({
        additional_seconds: minutes * 60,
        tokens: minutes,
        available: true,
      })),
      ended_at: isOver ? Math.floor(this.#world.serverNow / 1000) : null,
      used_seconds: isOver ? 600 : null,
      final_cost: isOver ? 17 : null,
      tokens_refunded: isOver ? 83 : null,
      ...this.session,
    };
  }

  /** What every answer about the session holds. */
  state() {
    const session = this.view();
    return { session, server_time: this.#world.serverNow };
  }

  heartbeat(members: object = {}) {
    const { session, server_time } = this.state();
    const { status, remaining_seconds, expires_at } = session;
    const next_heartbeat_seconds = this.nextHeartbeatSeconds;
    return {
      acknowledged: true,
      status,
      remaining_seconds,
      expires_at,
      server_time,
      next_heartbeat_seconds,
      session,
      ...members,
    };
  }

  respond(request: SentRequest): Response | Promise<Response> {
    const key = request.headers.get('Idempotency-Key');
    const before = key && this.#answered.get(key);
    if (before) return before();
    const answer = this.#perform(request);
    if (key && answer.ok) {
      const text = answer.clone().text();
      const { status } = answer;
      this.#answered.set(
        key,
        () =>
          new Response(
            new ReadableStream({
              async start(controller) {
                controller.enqueue(new TextEncoder().encode(await text));
                controller.close();
              },
            }),
            { status },
          ),
      );
    }
    return answer;
  }

  #perform({ path, body }: SentRequest): Response {
    const call = path.split('/').at(-1);
    if (path === '/sessions/validate') {
      const { session, server_time } = this.state();
      const { remaining_seconds } = session;
      const { capabilities, firstHeartbeatSeconds: next_heartbeat_seconds } = this;
      const { allowedOperations: allowed_operations } = this;
      const answer = {
        remaining_seconds,
        server_time,
        capabilities,
        next_heartbeat_seconds,
        allowed_operations,
      };
      return json({ valid: true, session, ...answer });
    }
    if (path.endsWith('jwks.json')) return json({ keys: this.keys });
    if (!path.startsWith('/sessions/')) return problem('ROUTE_NOT_FOUND', 404);
    switch (call) {
      case 'heartbeat':
        return json(this.heartbeat());
      case 'extend': {
        const seconds = body.additional_seconds as number;
        this.extend(seconds);
        const { session, server_time } = this.state();
        const { expires_at } = session;
        const additional_cost = seconds / 60;
        return json({ expires_at, additional_seconds: seconds, additional_cost, session, server_time });
      }
      case 'pause':
        this.remainingAtPause = this.remainingSeconds;
        this.status = 'paused';
        return json(this.state());
      case 'resume':
        this.deadline = this.#world.serverNow + this.remainingAtPause * 1000;
        this.status = 'active';
        return json(this.state());
      case 'end':
      case 'complete': {
        if (this.status === 'active' || this.status === 'paused') this.settlements += 1;
        if (this.view().status !== 'expired') this.status = 'completed';
        const { session, server_time } = this.state();
        const { status, used_seconds, final_cost, tokens_refunded } = session;
        return json({ status, used_seconds, final_cost, tokens_refunded, session, server_time });
      }
      default:
        return problem('ROUTE_NOT_FOUND', 404);
    }
  }
}

let readingCount = 0;

/** Browsers read a body in their own time; here it has been read when the answer arrives. */
async function readAtOnce(response: Response): Promise<Response> {
  // A stream is read as it comes.
  if (response.headers.get('Content-Type') === 'text/event-stream') return response;
  readingCount += 1;
  try {
    const text = await response.text();
    return Object.defineProperty(response, 'text', { value: () => Promise.resolve(text) });
  } finally {
    readingCount -= 1;
  }
}

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Fulfilled in another task of the browser's. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}

/** Fulfilled when everything that follows from what has happened has happened too; time does not pass. */
export async function settled(): Promise<void> {
  for (let task = 0; task < 4; task++) {
    await nextTask();
    // The controller's own imports are answered before these, which are asked for later.
    if (task % 2 === 0) await import('../../src/controller/late-parts.js');
    if (task % 2 === 1) await import('../../src/controller/token/session-token-request.js');
    if (readingCount > 0) task = 0;
  }
}

/** Waits for what the browser does elsewhere, such as cryptography. */
export async function until(isSo: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (!isSo()) {
    if (performance.now() - startedAt > 5000) throw new Error('That never became so.');
    await nextTask();
  }
}
