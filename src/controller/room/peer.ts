import { inTime } from '../in-time.js';
import type { World } from '../world.js';

/** What a browser may take for one step of a negotiation, ms. */
const stepLimitMs = 10_000;
/** Candidates that are found within this time travel together, ms. */
const gatherMs = 100;
/** A way that is lost for longer than this is looked for anew, ms: most come back by themselves. */
const graceMs = 2000;

/** What the other side sends, as it says itself. */
export interface SentMedia {
  microphone: boolean;
  camera: boolean;
  screen: boolean;
}

export interface PeerOptions {
  readonly world: World;
  readonly isPolite: boolean;
  readonly configuration: RTCConfiguration;
  /** What goes out at first. */
  sent(kind: 'audio' | 'video'): MediaStreamTrack | null;
  describe(description: RTCSessionDescriptionInit): void;
  /** Asks the impolite side for a new description. */
  askForOffer(): void;
  offerCandidates(candidates: readonly RTCIceCandidateInit[]): void;
  /** What comes in. */
  onTrack(track: MediaStreamTrack): void;
  onConnection(state: RTCPeerConnectionState): void;
  onSentMedia(media: SentMedia): void;
  /** The other page has hung up, or is gone with everything that it held. */
  onHangUp(): void;
}

/**
 * One connection to one page of the other side, by perfect negotiation (WebRTC 1.0, 10.7): where both offer at once the polite
 * one gives way. Here it gives way beforehand, and asks for an offer instead: a Chromium that takes its own offer back shows
 * the picture of the other side no more.
 */
export class Peer {
  readonly #options: PeerOptions;
  readonly #connection: RTCPeerConnection;
  /** Sound and picture belong together: their browser keeps them in step. */
  readonly #stream = new MediaStream();
  readonly #over = new AbortController();
  /** Descriptions and candidates count in the order in which they came. */
  #taken: Promise<unknown> = Promise.resolve();
  #isDescribing = false;
  #isIgnoring = false;
  #isAnswered = false;
  #channel: RTCDataChannel | undefined;
  #media: SentMedia | undefined;
  #candidates: RTCIceCandidateInit[] = [];
  #graceTimer: number | undefined;

  /** @throws what `RTCPeerConnection` throws where the configuration is none. */
  constructor(options: PeerOptions) {
    this.#options = options;
    this.#connection = new RTCPeerConnection(options.configuration);
    this.#listen(this.#connection);
    if (!options.isPolite) {
      for (const kind of ['audio', 'video'] as const) {
        const track = options.sent(kind);
        const init: RTCRtpTransceiverInit = { direction: 'sendrecv', streams: [this.#stream] };
        this.#connection.addTransceiver(track ?? kind, init);
      }
      this.#openChannel();
    }
  }

  get state(): RTCPeerConnectionState {
    return this.#connection.connectionState;
  }

  /** Takes in a description of the other side. */
  describe(description: RTCSessionDescriptionInit): void {
    this.#inOrder(async () => {
      const connection = this.#connection;
      const isOffer = description.type === 'offer';
      const isCollision = isOffer && (this.#isDescribing || connection.signalingState !== 'stable');
      this.#isIgnoring = isCollision && !this.#options.isPolite;
      if (this.#isIgnoring) return;
      // Its own offer is taken back by itself.
      await this.#step(connection.setRemoteDescription(description));
      if (!isOffer) return;
      if (!this.#isAnswered) await this.#answerFirst();
      await this.#step(connection.setLocalDescription());
      this.#tellDescription();
    });
  }

  addCandidates(candidates: readonly RTCIceCandidateInit[]): void {
    this.#inOrder(async () => {
      for (const candidate of candidates)
        await this.#step(this.#connection.addIceCandidate(candidate)).catch((error: unknown) => {
          // Of an offer that was passed over.
          if (!this.#isIgnoring) throw error;
        });
    });
  }

  /** Puts another track in the place of what goes out, without a new description. */
  async send(kind: 'audio' | 'video', track: MediaStreamTrack | null): Promise<void> {
    const sender = this.#senderOf(kind);
    if (sender && sender.track !== track && !this.#over.signal.aborted)
      await this.#step(sender.replaceTrack(track)).catch(() => {});
  }

  /** Says what goes out; once there is a way, and after each change. */
  sayMedia(media: SentMedia): void {
    this.#media = media;
    if (this.#channel?.readyState === 'open') this.#channel.send(JSON.stringify(media));
  }

  /** Looks for another way, as after a change of the network (ICE restart, RFC 8839, 4.4.1.1.1). */
  restart(): void {
    if (!this.#isAnswered) return;
    if (this.#options.isPolite) this.#options.askForOffer();
    else this.#connection.restartIce();
  }

  /** Credentials of servers end; from the next restart on these count. */
  configure(configuration: RTCConfiguration): void {
    try {
      this.#connection.setConfiguration(configuration);
    } catch {
      // Those of before stay.
    }
  }

  async statistics(): Promise<Iterable<unknown>> {
    const report = await this.#step(this.#connection.getStats());
    return report.values();
  }

  /** Hangs up: nothing goes out any more, and nothing is told. */
  close(): void {
    this.#over.abort();
    this.#options.world.clearTimeout(this.#graceTimer);
    for (const sender of this.#connection.getSenders()) sender.replaceTrack(null).catch(() => {});
    this.#channel?.close();
    this.#connection.close();
  }

  #listen(connection: RTCPeerConnection): void {
    const { signal } = this.#over;
    const hear = <E extends Event>(type: string, listener: (event: E) => void) =>
      connection.addEventListener(type, listener as (event: Event) => void, { signal });
    hear('negotiationneeded', () => {
      if (this.#options.isPolite) this.restart();
      else void this.#offer();
    });
    hear<RTCTrackEvent>('track', ({ track }) => this.#options.onTrack(track));
    hear<RTCPeerConnectionIceEvent>('icecandidate', ({ candidate }) => candidate && this.#found(candidate));
    hear('connectionstatechange', () => this.#lookAtConnection());
  }

  /** The first answer says what goes out from here too. */
  async #answerFirst(): Promise<void> {
    this.#isAnswered = true;
    if (!this.#options.isPolite) return;
    for (const transceiver of this.#connection.getTransceivers()) {
      const { kind } = transceiver.receiver.track;
      transceiver.direction = 'sendrecv';
      // Missing in older browsers: sound and picture may drift there.
      (transceiver.sender as Partial<RTCRtpSender>).setStreams?.(this.#stream);
      await this.#step(transceiver.sender.replaceTrack(this.#options.sent(kind as 'audio' | 'video')));
    }
    this.#openChannel();
  }

  async #offer(): Promise<void> {
    const connection = this.#connection;
    this.#isDescribing = true;
    try {
      await this.#step(connection.setLocalDescription());
      this.#tellDescription();
    } catch {
      // It is closed, or busy with an offer of the other side.
    } finally {
      this.#isDescribing = false;
    }
  }

  #tellDescription(): void {
    const { localDescription } = this.#connection;
    if (localDescription && !this.#over.signal.aborted) this.#options.describe(localDescription.toJSON());
  }

  #found(candidate: RTCIceCandidate): void {
    this.#candidates.push(candidate.toJSON());
    if (this.#candidates.length > 1) return;
    this.#options.world.setTimeout(() => {
      const found = this.#candidates.splice(0);
      if (!this.#over.signal.aborted) this.#options.offerCandidates(found);
    }, gatherMs);
  }

  /** Both make it alike, so that nobody has to be asked for it (WebRTC 1.0, 6.1: `negotiated`). */
  #openChannel(): void {
    const { signal } = this.#over;
    const channel = (this.#channel = this.#connection.createDataChannel('media', {
      negotiated: true,
      id: 0,
    }));
    channel.addEventListener('open', () => this.#media && this.sayMedia(this.#media), { signal });
    channel.addEventListener('close', () => this.#options.onHangUp(), { signal });
    channel.addEventListener(
      'message',
      ({ data }: MessageEvent) => {
        const media = readSentMedia(data);
        if (media) this.#options.onSentMedia(media);
      },
      { signal },
    );
  }

  #lookAtConnection(): void {
    const { state } = this;
    const { world, onConnection } = this.#options;
    world.clearTimeout(this.#graceTimer);
    if (state === 'connected') this.#isAnswered = true;
    if (state === 'disconnected') this.#graceTimer = world.setTimeout(() => this.restart(), graceMs);
    if (state === 'failed') this.restart();
    onConnection(state);
  }

  #senderOf(kind: 'audio' | 'video'): RTCRtpSender | undefined {
    return this.#connection.getTransceivers().find(({ receiver }) => receiver.track.kind === kind)?.sender;
  }

  /** What fails is passed over: whoever is not connected joins again. */
  #inOrder(step: () => Promise<void>): void {
    this.#taken = this.#taken.then(() => (this.#over.signal.aborted ? undefined : step())).catch(() => {});
  }

  #step<T>(promise: Promise<T>): Promise<T> {
    return inTime(promise, stepLimitMs, this.#options.world);
  }
}

function readSentMedia(data: unknown): SentMedia | undefined {
  try {
    const { microphone, camera, screen } = JSON.parse(String(data)) as Record<string, unknown>;
    return { microphone: microphone === true, camera: camera === true, screen: screen === true };
  } catch {
    return undefined;
  }
}
