import type { RoomAnswer } from '../../protocol/room.js';
import { SessionError } from '../../protocol/errors.js';
import { pageOf } from '../page/browser-page.js';
import type { TabChannel } from '../tabs/tab-channel.js';
import type { LocalMedia, MediaKind } from './local-media.js';
import { Peer, type SentMedia } from './peer.js';
import { CallStatistics, qualityOf, type CallQuality } from './quality.js';
import type { LineNews, SessionLine } from '../line/session-line.js';
import { roomNewsOf, signalRequest, type Signal } from './wire.js';

/** How often it looks after itself, ms. */
const tickMs = 2000;
/** Who is not connected says so again, ms: what was signalled may be lost at either end. */
const joinAgainMs = 12_000;
/** A connection that was begun less than this ago is not begun anew, ms. */
const freshMs = 5000;
/** Who finds no way within this time is told, ms. */
const connectLimitMs = 40_000;
/** The other side is gone once it has been lost for so long, ms. */
const lostLimitMs = 20_000;

/**
 * `waiting` for the other side, `left` once it was there and is gone, `elsewhere` once another page of this person has taken
 * the call over.
 */
export type CallState = 'waiting' | 'connecting' | 'connected' | 'reconnecting' | 'left' | 'elsewhere';

export interface CallOptions {
  readonly line: SessionLine;
  readonly room: RoomAnswer;
  readonly media: LocalMedia;
  onChange(): void;
  /** It cannot go on: the service refuses it, or no way was found. */
  onFailure(error: SessionError): void;
}

const mediaKinds = ['microphone', 'camera', 'screen'] as const satisfies readonly MediaKind[];

/** What goes out, as it is told to the other side. */
const sentMediaOf = (media: LocalMedia): SentMedia =>
  Object.fromEntries(mediaKinds.map((kind) => [kind, media.stateOf(kind) === 'on'])) as unknown as SentMedia;

/**
 * This page in the call of its session, from joining to leaving: it finds the page of the other side, stays connected to it,
 * and follows it where it moves to another page. Of two pages of one side the newest has the call.
 *
 * Each page has a name, and each connection between two. The impolite side makes connections: whoever wants one says `join`,
 * the polite side answers a `join` by its own, and the impolite one by an offer. A `join` that names a connection asks for
 * another offer of that one.
 */
export class Call {
  /** What comes in. */
  readonly remote = new MediaStream();
  readonly #options: CallOptions;
  readonly #id: string;
  readonly #over = new AbortController();
  #room: RoomAnswer;
  #state: CallState = 'waiting';
  #sinceAt: number;
  #quality: CallQuality | undefined;
  /** What was measured last: two that are alike change the word. */
  #measured: CallQuality | undefined;
  #statistics = new CallStatistics();
  #other: SentMedia | undefined;
  #peer: { peer: Peer; page: string; connection: string; madeAt: number } | undefined;
  #wasConnected = false;
  /** Whether the other side has spoken to this very page: from then on, speaking to another one means a change. */
  #isMeant = false;
  /** The page that was spoken to last: a word to an earlier one would tell this one that it is not meant any more. */
  #spokenTo: string | undefined;
  #joinedAt = -Infinity;
  #sending: Promise<unknown> = Promise.resolve();
  #channel: TabChannel | null = null;
  #timer: number | undefined;

  constructor(options: CallOptions) {
    const { world } = options.line;
    this.#options = options;
    this.#room = options.room;
    this.#id = pageOf(world).randomId();
    this.#sinceAt = world.monotonicNow();
  }

  get state(): CallState {
    return this.#state;
  }

  /** Undefined until it was measured. */
  get quality(): CallQuality | undefined {
    return this.#quality;
  }

  /** What the other side sends; undefined where it has not said so. */
  get other(): SentMedia | undefined {
    return this.#other;
  }

  start(): void {
    const { line } = this.#options;
    const { signal } = this.#over;
    pageOf(line.world).listen((news) => news === 'online' && this.#lookAnew(), signal);
    // From one network to the next one is online all the time (Network Information).
    const { connection } = navigator as { connection?: EventTarget };
    connection?.addEventListener('change', () => this.#lookAnew(), { signal });
    this.#takeOver(line);
    this.#join();
    this.#tick();
  }

  /** What the line tells. */
  hear(news: LineNews): void {
    if (this.#over.signal.aborted) return;
    if (news.type === 'restored') this.#lookAnew();
    const told = news.type === 'event' ? roomNewsOf(news.event) : undefined;
    if (told?.type === 'signal') this.#take(told.signal);
    else if (told && told.participant !== this.#room.participant && !this.#isConnected) this.#otherLeft();
  }

  /** Other servers count from now on. */
  configure(room: RoomAnswer): void {
    this.#room = room;
    this.#peer?.peer.configure(this.#configuration);
  }

  /** What goes out has changed. */
  mediaChanged(): void {
    const { media } = this.#options;
    const { peer } = this.#peer ?? {};
    void peer?.send('audio', media.sent('audio'));
    void peer?.send('video', media.sent('video'));
    peer?.sayMedia(sentMediaOf(media));
  }

  /** Hangs up, and says so. */
  leave(): void {
    if (this.#over.signal.aborted) return;
    const isThere = this.#state !== 'elsewhere';
    this.close();
    // At once, behind nothing: the page may be going.
    if (isThere) this.#post({ type: 'leave' }, true).catch(() => {});
  }

  /** Hangs up without a word. */
  close(): void {
    this.#over.abort();
    this.#options.line.world.clearTimeout(this.#timer);
    this.#channel?.close();
    this.#channel = null;
    this.#drop();
  }

  get #configuration(): RTCConfiguration {
    return { iceServers: (this.#room.ice_servers ?? []) as RTCIceServer[] };
  }

  #sinceMs(): number {
    return this.#options.line.world.monotonicNow() - this.#sinceAt;
  }

  /** Of all pages of this person in this browser the newest has the call. */
  #takeOver({ world, sessionId }: SessionLine): void {
    const name = `marketplace-session:room:${sessionId}:${this.#room.participant}`;
    this.#channel = pageOf(world).openTabChannel(name, (message) => {
      const { joined } = (message ?? {}) as { joined?: unknown };
      if (typeof joined === 'string' && joined !== this.#id) this.#yield();
    });
    this.#channel?.post({ joined: this.#id });
  }

  #yield(): void {
    if (this.#over.signal.aborted) return;
    this.#state = 'elsewhere';
    this.close();
    this.#options.onChange();
  }

  #take(signal: Signal): void {
    const { to, type, senderId } = signal;
    if (to !== undefined && to !== this.#id) {
      if (this.#isMeant) this.#yield();
      return;
    }
    this.#isMeant ||= to !== undefined;
    if (type === 'join' && !this.#isAboutThis(signal)) this.#otherJoined(senderId);
    else if (type === 'join') this.#peer?.peer.restart();
    else if (type === 'leave') this.#peer?.page === senderId && this.#otherLeft();
    else this.#negotiate(signal);
  }

  /** A join that names the connection asks for a new description of it. */
  #isAboutThis({ connection }: Signal): boolean {
    return connection !== undefined && connection === this.#peer?.connection && !this.#room.polite;
  }

  #otherJoined(page: string): void {
    const { peer, page: known, madeAt = 0 } = this.#peer ?? {};
    const isSame = known === page;
    if (this.#room.polite) {
      // Its answer to what was said here is on its way.
      if (!isSame || peer?.state !== 'connected') this.#join(page);
      return;
    }
    const isFresh = this.#options.line.world.monotonicNow() - madeAt < freshMs;
    if (isSame && isFresh && peer?.state !== 'failed') return;
    this.#connect(page, pageOf(this.#options.line.world).randomId());
  }

  #negotiate({ senderId, connection, description, candidates }: Signal): void {
    if (!connection) return;
    if (this.#peer?.connection !== connection) {
      // Of an earlier one; or the first word of the impolite side about the next.
      if (!this.#room.polite || description?.type !== 'offer') return;
      this.#connect(senderId, connection);
    }
    const { peer } = this.#peer ?? {};
    if (description) peer?.describe(description);
    if (candidates) peer?.addCandidates(candidates);
  }

  #connect(page: string, connection: string): void {
    const { line, media } = this.#options;
    this.#drop();
    this.#spokenTo = page;
    const send = (about: Pick<Signal, 'type' | 'description' | 'candidates'>) => {
      if (this.#spokenTo === page) this.#signal({ ...about, to: page, connection });
    };
    const ifCurrent =
      <Args extends unknown[]>(callback: (...args: Args) => void) =>
      (...args: Args) => {
        if (this.#peer?.connection === connection) callback(...args);
      };
    try {
      const peer = new Peer({
        world: line.world,
        isPolite: this.#room.polite,
        configuration: this.#configuration,
        sent: (kind) => media.sent(kind),
        askForOffer: () => send({ type: 'join' }),
        describe: (description) => send({ type: 'description', description }),
        offerCandidates: (candidates) => send({ type: 'candidate', candidates }),
        onTrack: ifCurrent((track) => this.#receive(track)),
        onConnection: ifCurrent((state) => this.#connectionChanged(state)),
        onSentMedia: ifCurrent((other) => {
          this.#other = other;
          this.#options.onChange();
        }),
        onHangUp: ifCurrent(() => this.#otherLeft()),
      });
      this.#peer = { peer, page, connection, madeAt: line.world.monotonicNow() };
    } catch (cause) {
      // The service has named servers that are none.
      return this.#options.onFailure(new SessionError('ANSWER_INVALID', { cause }));
    }
    this.#peer.peer.sayMedia(sentMediaOf(media));
    this.#become(this.#wasConnected ? 'reconnecting' : 'connecting');
  }

  #receive(track: MediaStreamTrack): void {
    for (const before of this.remote.getTracks())
      if (before.kind === track.kind) this.remote.removeTrack(before);
    this.remote.addTrack(track);
    this.#options.onChange();
  }

  #connectionChanged(state: RTCPeerConnectionState): void {
    if (state === 'connected') {
      this.#wasConnected = true;
      this.#become('connected');
    } else if (this.#isConnected && (state === 'disconnected' || state === 'failed'))
      this.#become('reconnecting');
  }

  #otherLeft(): void {
    if (!this.#peer && this.#state !== 'reconnecting') return;
    this.#drop();
    this.#become('left');
  }

  get #isConnected(): boolean {
    return this.#state === 'connected';
  }

  #become(state: CallState): void {
    if (this.#over.signal.aborted) return;
    if (state !== this.#state) this.#sinceAt = this.#options.line.world.monotonicNow();
    this.#state = state;
    if (!this.#isConnected) this.#quality = this.#measured = undefined;
    this.#options.onChange();
  }

  #drop(): void {
    const { peer } = this.#peer ?? {};
    this.#peer = undefined;
    peer?.close();
    for (const track of this.remote.getTracks()) this.remote.removeTrack(track);
    this.#other = undefined;
    this.#statistics = new CallStatistics();
  }

  /** The network has changed, or something may have been missed. */
  #lookAnew(): void {
    this.#peer?.peer.restart();
    const { world } = this.#options.line;
    if (!this.#isConnected && world.monotonicNow() - this.#joinedAt > tickMs) this.#join();
  }

  #tick(): void {
    const { world } = this.#options.line;
    this.#timer = world.setTimeout(() => this.#tick(), tickMs);
    if (this.#isConnected) return void this.#measure();
    const { isOnline } = pageOf(world);
    if (this.#state === 'connecting' && this.#sinceMs() > connectLimitMs)
      return this.#options.onFailure(new SessionError('CALL_NOT_CONNECTED'));
    if (this.#state === 'reconnecting' && this.#sinceMs() > lostLimitMs && isOnline) this.#otherLeft();
    // The impolite side has its say with each connection.
    const isSilent = this.#room.polite || !this.#peer || this.#state === 'reconnecting';
    if (isOnline && isSilent && world.monotonicNow() - this.#joinedAt > joinAgainMs) this.#join();
  }

  async #measure(): Promise<void> {
    const { peer } = this.#peer ?? {};
    const reports = await peer?.statistics().catch(() => undefined);
    if (!reports || peer !== this.#peer?.peer || !this.#isConnected) return;
    const measured = qualityOf(this.#statistics.sample(reports));
    const isSteady = measured === this.#measured || this.#quality === undefined;
    this.#measured = measured;
    if (!isSteady || measured === this.#quality) return;
    this.#quality = measured;
    this.#options.onChange();
  }

  #join(to?: string): void {
    this.#joinedAt = this.#options.line.world.monotonicNow();
    if (to !== undefined) this.#spokenTo = to;
    this.#signal({ type: 'join', to });
  }

  /** One behind the other: they count in their order. */
  #signal(signal: Omit<Signal, 'senderId'>): void {
    this.#sending = this.#sending
      .then(() => (this.#over.signal.aborted ? undefined : this.#post(signal)))
      .catch((error: unknown) => {
        const { status = 0 } = error as Partial<SessionError>;
        const isRefused = status >= 400 && status < 500 && status !== 408 && status !== 429;
        // Of the others nothing is left: who is not connected joins again.
        if (isRefused && !this.#over.signal.aborted) this.#options.onFailure(error as SessionError);
      });
  }

  #post(signal: Omit<Signal, 'senderId'>, keepalive = false): Promise<unknown> {
    const body = signalRequest({ ...signal, senderId: this.#id });
    return this.#options.line.request({ method: 'POST', path: '/signals', body, keepalive });
  }
}
