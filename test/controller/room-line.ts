import { browserWorld } from '../../src/controller/browser-world.js';
import type { World } from '../../src/controller/world.js';
import type { HttpRequest } from '../../src/controller/network/http-request.js';
import type { LineNews, SessionLine } from '../../src/controller/room/index.js';
import { SessionError } from '../../src/protocol/errors.js';
import type { Participant } from '../../src/protocol/events.js';
import {
  signalEvent,
  type RoomAnswer,
  type SignalFrame,
  type SignalRequest,
} from '../../src/protocol/room.js';

/** The browser's world, in which time goes faster. */
function worldOf(speed: number): World {
  const world = browserWorld();
  return {
    ...world,
    monotonicNow: () => world.monotonicNow() * speed,
    setTimeout: (callback, delayMs) => world.setTimeout(callback, delayMs / speed),
  };
}

/** The service between two sides of a session, in memory: each hears what the other one signals. */
export class RoomService {
  readonly lines = new Set<MemoryLine>();
  /** Of every answer. */
  room: Partial<RoomAnswer> = {};
  state: SessionLine['state'] = 'open';
  /** How a request is refused; undefined lets it pass. */
  refuse: (request: HttpRequest) => SessionError | undefined = () => undefined;
  /** What was signalled, in its order. */
  readonly signals: SignalFrame[] = [];
  /** Signals that get lost. */
  loses: (signal: SignalFrame) => boolean = () => false;
  reads = 0;
  /** Hears every signal as a frame, beside the lines. */
  hear: (frame: SignalFrame) => void = () => {};
  /** How many times as fast as the browser's the clocks of pages go. */
  speed = 1;

  line(participant: Participant): MemoryLine {
    return new MemoryLine(this, participant);
  }

  answer(participant: Participant): RoomAnswer {
    this.reads++;
    const now = Math.floor(Date.now() / 1000);
    return {
      provider: 'embedded',
      participant,
      polite: participant === 'customer',
      ice_servers: [],
      opens_at: now,
      ends_at: now + 600,
      expires_at: now + 600,
      ...this.room,
    };
  }

  signal(from: Participant, { type, data, sender_id }: SignalRequest): void {
    // As it travels: only what JSON holds.
    const frame = JSON.parse(JSON.stringify({ type, data, from, sender_id })) as SignalFrame;
    this.signals.push(frame);
    if (this.loses(frame)) return;
    this.hear(frame);
    this.tell({ type: 'event', event: { name: signalEvent, data: frame } }, ({ side }) => side !== from);
  }

  tell(news: LineNews, whom: (line: MemoryLine) => boolean = () => true): void {
    for (const line of this.lines) if (whom(line)) setTimeout(() => line.tell(news), 1);
  }

  end(): void {
    this.state = 'over';
    this.tell({ type: 'changed' });
  }
}

/** One page's line to it. */
export class MemoryLine implements SessionLine {
  readonly world: World;
  readonly sessionId = 'one';
  readonly side: Participant;
  readonly #service: RoomService;
  #listener: ((news: LineNews) => void) | undefined;
  /** Without a network nothing goes out or comes in. */
  isOnline = true;

  constructor(service: RoomService, participant: Participant) {
    this.#service = service;
    this.world = worldOf(service.speed);
    this.side = participant;
  }

  get state(): SessionLine['state'] {
    return this.#service.state;
  }

  offers(): boolean {
    return true;
  }

  now(): number {
    return Date.now();
  }

  tell(news: LineNews): void {
    if (this.isOnline) this.#listener?.(news);
  }

  async request<Body>(request: HttpRequest): Promise<Body> {
    if (!this.isOnline) throw new SessionError('NETWORK_FAILED');
    const refusal = this.#service.refuse(request);
    if (refusal) throw refusal;
    if (request.path === '/room') return this.#service.answer(this.side) as Body;
    this.#service.signal(this.side, request.body as SignalRequest);
    return undefined as Body;
  }

  listen(listener: (news: LineNews) => void, signal: AbortSignal): void {
    this.#listener = listener;
    this.#service.lines.add(this);
    signal.addEventListener('abort', () => this.#service.lines.delete(this));
  }
}
