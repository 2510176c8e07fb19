import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import type { RoomAnswer } from '../../protocol/room.js';
import { callEach } from '../call-each.js';
import { pageOf } from '../page/browser-page.js';
import type { CaptureKind } from '../preflight/check-state.js';
import {
  listDevices,
  rememberDevice,
  rememberedDevice,
  type Device,
  type DeviceKind,
} from '../preflight/chosen-devices.js';
import { Call, type CallState } from './call.js';
import { LocalMedia, type DeviceState, type MediaKind } from './local-media.js';
import type { SentMedia } from './peer.js';
import type { CallQuality } from './quality.js';
import type { LineNews, SessionLine } from '../line/session-line.js';

/** What is read anew before it ends, ms: an address to join, and credentials of servers. */
const refreshEarlyMs = 30_000;
/** It is never read more often, ms. */
const leastRefreshMs = 10_000;
/** A session that should be over is looked at so much later, ms: its deadline may have moved. */
const afterEndMs = 2000;

/**
 * - `closed`: there is no session, or its backend has no rooms; `idle`: the person can join;
 * - `link`: the room is elsewhere, at `joinUrl`;
 * - `joining`: the service is asked; `checking`: the browser asks the person for camera and microphone;
 * - those of the call (`CallState`);
 * - `ended`: the session is over; `failed`: see `code`.
 */
export type RoomState = 'closed' | 'idle' | 'link' | 'joining' | 'checking' | CallState | 'ended' | 'failed';

export interface RoomSnapshot {
  readonly state: RoomState;
  /** Why it has failed. */
  readonly code?: ErrorCode | undefined;
  /** Where the room is, if it is elsewhere. It counts for a short time, for this person alone, and is renewed by itself. */
  readonly joinUrl?: string | undefined;
  /** How good the call is; undefined until it was measured. */
  readonly quality?: CallQuality | undefined;
  /** How the person's own devices stand. */
  readonly media: Readonly<Record<MediaKind, DeviceState>>;
  readonly canShareScreen: boolean;
  /** What the other side sends; undefined while it does not say. */
  readonly other?: SentMedia | undefined;
  /** What can be chosen, once the browser tells. */
  readonly devices: Readonly<Record<DeviceKind, readonly Device[]>>;
  /** The device that is in use, by its id. */
  readonly chosen: Readonly<Partial<Record<DeviceKind, string | undefined>>>;
}

export interface JoinOptions {
  /** What is sent at first: microphone and camera where nothing is said. What is refused is left out. */
  readonly media?: readonly CaptureKind[] | undefined;
  /** Devices that are preferred, by their ids; those of last time where nothing is said. */
  readonly cameraId?: string | undefined;
  readonly microphoneId?: string | undefined;
  readonly speakerId?: string | undefined;
}

const noDevices: RoomSnapshot['devices'] = { camera: [], microphone: [], speaker: [] };

/**
 * A call between the two sides of a session, each with one page: sound, picture and screen go straight from browser to browser,
 * or through the relay that the service names. Nothing is captured before `join()`; every track is stopped, and every
 * connection closed, by whatever ends the call.
 * @example
 * const room = new Room(new ControllerLine(controller));
 * room.subscribe(() => (video.srcObject = room.remoteStream ?? null));
 * room.open();
 * await room.join();
 */
export class Room {
  readonly #line: SessionLine;
  readonly #listeners = new Set<() => void>();
  readonly #media: LocalMedia;
  readonly #ids: Partial<Record<DeviceKind, string | undefined>> = {};
  /** Aborts with `close()`. */
  #open: AbortController | undefined;
  /** From `join()` to whatever ends it. */
  #stay: AbortController | undefined;
  #state: RoomState = 'closed';
  #code: ErrorCode | undefined;
  #call: Call | undefined;
  #answer: RoomAnswer | undefined;
  #sessionId: string | undefined;
  #lineState: SessionLine['state'] | undefined;
  #readAt = -Infinity;
  #timer: number | undefined;
  #devices = noDevices;
  #snapshot: RoomSnapshot;

  constructor(line: SessionLine) {
    this.#line = line;
    this.#media = new LocalMedia(line.world, () => this.#mediaChanged());
    this.#snapshot = this.#look();
  }

  get snapshot(): RoomSnapshot {
    return this.#snapshot;
  }

  /** What the other side sends, to be shown; the same object for as long as the call lasts. */
  get remoteStream(): MediaStream | undefined {
    return this.#call?.remote;
  }

  /** What the person sends, to be shown. */
  trackOf(kind: MediaKind): MediaStreamTrack | undefined {
    return this.#media.trackOf(kind);
  }

  /** Calls back after each change. @returns ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks which room the session has, and follows it. Nothing is captured. */
  open(): void {
    if (this.#open) return;
    const { signal } = (this.#open = new AbortController());
    const media = navigator.mediaDevices as MediaDevices | undefined;
    media?.addEventListener('devicechange', () => void this.#lookAtDevices(), { signal });
    pageOf(this.#line.world).listen((news) => {
      // A page that is put away, or that goes: nobody is there any more.
      if (news === 'suspended') this.leave();
      if (news === 'resumed' || news === 'shown') this.#arm();
    }, signal);
    this.#line.listen((news) => this.#hear(news), signal);
    this.#follow();
  }

  /**
   * Asks for camera and microphone, and waits for the other side. Call it from a press: browsers ask the person then. A page
   * that is in the call already begins anew.
   * @throws {SessionError} `CALL_REFUSED` where there is no room, `CALLS_UNSUPPORTED`, `ANSWER_INVALID`, the service's code
   *   and the codes of HTTP. What happens later is in the snapshot.
   */
  async join({ media = ['microphone', 'camera'], ...ids }: JoinOptions = {}): Promise<void> {
    if (!this.#open || this.#stateOfLine !== 'open')
      throw new SessionError('CALL_REFUSED', { message: 'join() is not possible: there is no room' });
    this.#hangUp();
    const stay = (this.#stay = new AbortController());
    this.#become('joining');
    try {
      const room = await this.#read();
      if (stay.signal.aborted || this.#state === 'link') return;
      if (typeof RTCPeerConnection !== 'function') throw new SessionError('CALLS_UNSUPPORTED');
      this.#become('checking');
      this.#prefer(ids);
      await this.#media.open(media);
      if (stay.signal.aborted) return;
      this.#begin(room);
      await this.#lookAtDevices();
    } catch (error) {
      if (stay.signal.aborted) return;
      this.#fail(error);
      throw error;
    }
  }

  /** Joins without what the browser is still asking the person for. */
  skipQuestion(): void {
    this.#media.giveUp();
  }

  /** Hangs up, and lets go of camera, microphone and screen. */
  leave(): void {
    if (!this.#stay) return;
    this.#hangUp();
    this.#become('idle');
  }

  /** Hears nothing any more, and tells nothing. */
  close(): void {
    this.#listeners.clear();
    this.#open?.abort();
    this.#open = undefined;
    this.#line.world.clearTimeout(this.#timer);
    this.#hangUp();
    this.#lineState = undefined;
    this.#state = 'closed';
    this.#snapshot = this.#look();
  }

  /** On, or muted; where there was none the browser is asked for one. */
  async setMicrophone(isOn: boolean): Promise<void> {
    if (!this.#stay) return;
    if (!this.#media.mute(!isOn) && isOn) await this.#media.open(['microphone']);
  }

  /** A camera that is off is let go: its light is off too. */
  async setCamera(isOn: boolean): Promise<void> {
    if (!this.#stay) return;
    if (isOn) await this.#media.open(['camera']);
    else this.#media.stop('camera');
  }

  /** Shows a screen or window in place of the camera. Call it from a press. */
  async shareScreen(isOn: boolean): Promise<void> {
    if (!this.#stay) return;
    if (isOn) await this.#media.shareScreen();
    else this.#media.stop('screen');
  }

  /** Takes another device, and remembers it for the next time. */
  async choose(kind: DeviceKind, id: string): Promise<void> {
    const device = this.#devices[kind].find((one) => one.id === id);
    if (!device) return;
    rememberDevice(kind, device);
    this.#ids[kind] = id;
    if (kind === 'speaker') return this.#tell();
    this.#media.prefer(kind, id);
    const isMuted = kind === 'microphone' && this.#media.stateOf(kind) === 'off';
    if (!this.#media.trackOf(kind)) return this.#tell();
    await this.#media.open([kind]);
    if (isMuted) this.#media.mute(true);
  }

  /** That of the session's room: closed where the backend has none. */
  get #stateOfLine(): SessionLine['state'] {
    return this.#line.offers('room') ? this.#line.state : 'closed';
  }

  #hear(news: LineNews): void {
    if (news.type === 'changed') this.#follow();
    else this.#call?.hear(news);
  }

  /** Goes with the session of the line. */
  #follow(): void {
    const { sessionId } = this.#line;
    const state = this.#stateOfLine;
    if (state === this.#lineState && sessionId === this.#sessionId) return;
    this.#lineState = state;
    this.#sessionId = sessionId;
    if (state === 'over') return this.#end();
    this.#hangUp();
    this.#answer = undefined;
    this.#become('closed');
    if (state !== 'open') return;
    // Where it cannot be read, whoever joins is told why.
    void this.#read()
      .catch(() => {})
      .then(() => this.#state === 'closed' && this.#stateOfLine === 'open' && this.#become('idle'));
  }

  async #read(): Promise<RoomAnswer> {
    const { world } = this.#line;
    const sessionId = this.#sessionId;
    this.#readAt = world.monotonicNow();
    const room = checked(await this.#line.request<RoomAnswer>({ method: 'POST', path: '/room' }));
    if (!this.#open || sessionId !== this.#sessionId) return room;
    this.#answer = room;
    this.#call?.configure(room);
    if (room.join_url !== undefined && this.#state !== 'ended') {
      this.#hangUp();
      this.#become('link');
    }
    this.#arm();
    return room;
  }

  /** Reads it anew before it ends, and once the session should be over. */
  #arm(): void {
    const { world } = this.#line;
    world.clearTimeout(this.#timer);
    if (!this.#answer || !(this.#call || this.#state === 'link')) return;
    const { expires_at, ends_at } = this.#answer;
    const now = this.#line.now();
    const dueInMs = Math.min(
      expires_at * 1000 - refreshEarlyMs - now,
      ends_at === null ? Infinity : ends_at * 1000 + afterEndMs - now,
    );
    const leastMs = this.#readAt + leastRefreshMs - world.monotonicNow();
    this.#timer = world.setTimeout(
      () => void this.#refresh(),
      Math.min(Math.max(dueInMs, leastMs, 0), 2 ** 31 - 1),
    );
  }

  async #refresh(): Promise<void> {
    try {
      await this.#read();
    } catch (error) {
      const { status = 0 } = error as Partial<SessionError>;
      if (!this.#open) return;
      // A room that is not there any more is no failure of the call's, which its session ends.
      if (status === 404 || status === 409 || status === 410) this.#end();
      else this.#arm();
    }
  }

  #begin(room: RoomAnswer): void {
    this.#call = new Call({
      line: this.#line,
      room,
      media: this.#media,
      onChange: () => this.#callChanged(),
      onFailure: (error) => this.#fail(error),
    });
    this.#call.start();
    this.#arm();
    this.#callChanged();
  }

  #callChanged(): void {
    const { state } = this.#call ?? {};
    if (!state) return;
    // Another page has it: this one lets go of everything.
    if (state === 'elsewhere') this.#hangUp();
    this.#become(state);
  }

  #mediaChanged(): void {
    this.#call?.mediaChanged();
    this.#tell();
  }

  #end(): void {
    if (this.#state === 'ended') return;
    this.#hangUp(false);
    this.#become('ended');
  }

  #fail(error: unknown): void {
    const code = error instanceof SessionError ? error.code : 'SERVICE_ERROR';
    this.#hangUp();
    // Its session says so too, and sooner or later this line does.
    if (code === 'SESSION_ENDED') return this.#end();
    this.#code = code;
    this.#become('failed');
  }

  /** Lets go of everything. @param isTold whether the other side is told. */
  #hangUp(isTold = true): void {
    this.#stay?.abort();
    this.#stay = undefined;
    const call = this.#call;
    this.#call = undefined;
    if (isTold) call?.leave();
    else call?.close();
    this.#media.release();
  }

  #prefer({ cameraId, microphoneId, speakerId }: Omit<JoinOptions, 'media'>): void {
    Object.assign(this.#ids, {
      ...(cameraId && { camera: cameraId }),
      ...(microphoneId && { microphone: microphoneId }),
      ...(speakerId && { speaker: speakerId }),
    });
    for (const kind of ['camera', 'microphone'] as const)
      this.#media.prefer(kind, this.#ids[kind] ?? rememberedDevice(kind, this.#devices[kind]));
  }

  async #lookAtDevices(): Promise<void> {
    const stay = this.#stay;
    if (!stay) return;
    const devices = await listDevices();
    if (stay.signal.aborted) return;
    this.#devices = devices;
    this.#ids.speaker ??= rememberedDevice('speaker', devices.speaker);
    this.#tell();
  }

  #become(state: RoomState): void {
    if (state !== 'failed') this.#code = undefined;
    this.#state = state;
    this.#tell();
  }

  #tell(): void {
    if (!this.#open) return;
    this.#snapshot = this.#look();
    callEach(this.#listeners);
  }

  #look(): RoomSnapshot {
    const media = navigator.mediaDevices as MediaDevices | undefined;
    return {
      state: this.#state,
      code: this.#code,
      joinUrl: this.#state === 'link' ? this.#answer?.join_url : undefined,
      quality: this.#call?.quality,
      media: {
        microphone: this.#media.stateOf('microphone'),
        camera: this.#media.stateOf('camera'),
        screen: this.#media.stateOf('screen'),
      },
      canShareScreen: Boolean(media && 'getDisplayMedia' in media),
      other: this.#call?.other,
      devices: this.#devices,
      chosen: {
        camera: this.#media.idOf('camera'),
        microphone: this.#media.idOf('microphone'),
        speaker: this.#devices.speaker.find(({ id }) => id === this.#ids.speaker)?.id,
      },
    };
  }
}

/** @throws {SessionError} `ANSWER_INVALID` where it cannot be used: an address to join is https, and nothing else. */
function checked(room: RoomAnswer): RoomAnswer {
  const { join_url, participant, expires_at } = room;
  const isWell =
    (participant === 'customer' || participant === 'provider') &&
    Number.isFinite(expires_at) &&
    (join_url == null || isHttps(join_url));
  if (!isWell) throw new SessionError('ANSWER_INVALID', { message: 'the answer about the room is none' });
  return { ...room, join_url: join_url ?? undefined };
}

function isHttps(address: unknown): boolean {
  try {
    return new URL(String(address)).protocol === 'https:';
  } catch {
    return false;
  }
}
