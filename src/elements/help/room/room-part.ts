import type { ReactiveController } from '@lit/reactive-element';
import { render } from 'lit/html.js';
import { browserWorld } from '../../../controller/browser-world.js';
import { Room, type RoomState } from '../../../controller/room/room.js';
import { SessionError } from '../../../protocol/errors.js';
import { withOwnWords } from '../../languages/own-words.js';
import { focused, focusQuietly } from '../../shared/focus.js';
import { panelStyles } from '../../session/panels/styles.js';
import { FeatureWords } from '../feature-words.js';
import { LineKeeper, type SessionSource } from '../line-keeper.js';
import type { PreflightWords } from '../preflight/preflight-words.js';
import { loadPreflightWords } from '../preflight/words/load.js';
import { teller } from '../teller.js';
import type { RoomEventFields } from './room-events.js';
import type { RoomHost } from './room-host.js';
import { roomStyles } from './room-styles.js';
import { isInCall, roomView, sentenceOf } from './room-view.js';
import type { RoomWords } from './room-words.js';
import { loadRoomWords } from './words/load.js';

/** What changes within this time is said once, as it stands then, ms. */
const sayAfterMs = 1000;
/** What is said aloud; the others pass by. */
const said: readonly RoomState[] = [
  'waiting',
  'connected',
  'reconnecting',
  'left',
  'elsewhere',
  'ended',
  'failed',
];

/** Draws a room, and turns what a person does into calls of it. */
export class RoomPart implements ReactiveController {
  readonly #host: RoomHost;
  readonly #tellPage: ReturnType<typeof teller<RoomEventFields>>;
  readonly #words: FeatureWords<RoomWords>;
  readonly #deviceWords: FeatureWords<PreflightWords>;
  readonly #line = new LineKeeper();
  #room: Room | undefined;
  /** What was drawn of the room last. */
  #before: RoomState = 'closed';
  #quality: string | undefined;
  #saidLast: string | undefined;
  #hasWarned = false;
  #timer: number | undefined;
  #areDevicesShown = false;
  #isSilenced = false;

  constructor(host: RoomHost) {
    this.#host = host;
    this.#tellPage = teller(host);
    this.#words = new FeatureWords(host, loadRoomWords);
    this.#deviceWords = new FeatureWords(host, loadPreflightWords);
    host.wear(panelStyles);
    host.wear(roomStyles);
  }

  hostConnected(): void {
    this.#host.language.load().catch(() => {});
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    // Moving an element removes it first; that must not end a call.
    browserWorld().setTimeout(() => this.#host.isConnected || this.#follow({}), 0);
  }

  async join(): Promise<void> {
    this.#follow(this.#host);
    if (!this.#room)
      throw new SessionError('CALL_REFUSED', { message: 'join() is not possible: there is no room' });
    await this.#room.join(this.#host.joinOptions);
  }

  leave(): void {
    this.#room?.leave();
  }

  /** Goes with the session of the element. */
  #follow(source: SessionSource): void {
    if (!this.#line.follow(source)) return;
    const { line } = this.#line;
    this.#room?.close();
    this.#room = line && new Room(line);
    this.#room?.subscribe(() => this.#changed());
    this.#room?.open();
    this.#changed();
  }

  draw(): void {
    const { whole, roomStrings, isConnected } = this.#host;
    if (isConnected) this.#follow(this.#host);
    this.#words.look();
    this.#deviceWords.look();
    const { current } = this.#words;
    const deviceWords = this.#deviceWords.current;
    const room = this.#room;
    if (!current || !deviceWords) return;
    const view =
      room &&
      roomView({
        words: withOwnWords(current, roomStrings),
        deviceWords,
        snapshot: room.snapshot,
        areDevicesShown: this.#areDevicesShown,
        isSilenced: this.#isSilenced,
        trackOf: (kind) => room.trackOf(kind),
        // What has failed says so where it stands.
        join: () => void this.join().catch(() => {}),
        skip: () => room.skipQuestion(),
        leave: () => room.leave(),
        set: (kind, isOn) =>
          void (kind === 'microphone'
            ? room.setMicrophone(isOn)
            : kind === 'camera'
              ? room.setCamera(isOn)
              : room.shareScreen(isOn)),
        choose: (kind, id) => void room.choose(kind, id),
        toggleDevices: () => {
          this.#areDevicesShown = !this.#areDevicesShown;
          this.#host.requestUpdate();
        },
        playSound: () => this.#play(),
      });
    const { shadowRoot } = this.#host;
    const before = shadowRoot!.activeElement;
    render(view ?? null, whole);
    this.#showRemote();
    this.#showOwn();
    // The button that was pressed has gone.
    if (before && !before.isConnected && (!focused() || focused() === document.body))
      focusQuietly(shadowRoot!.querySelector('[part=room-title]'));
  }

  get #remote(): HTMLVideoElement | undefined {
    return this.#host.shadowRoot!.querySelector<HTMLVideoElement>('[part=remote-video]') ?? undefined;
  }

  #showRemote(): void {
    const video = this.#remote;
    const stream = this.#room?.remoteStream;
    if (!video || !stream) return;
    this.#chooseSpeaker(video);
    if (video.srcObject === stream) return;
    video.srcObject = stream;
    this.#play();
  }

  #showOwn(): void {
    const video = this.#host.shadowRoot!.querySelector<HTMLVideoElement>('[part=own-video]');
    const track = this.#room?.trackOf('screen') ?? this.#room?.trackOf('camera');
    if (!video || !track || (video.srcObject as MediaStream | null)?.getTracks()[0] === track) return;
    video.srcObject = new MediaStream([track]);
    video.play().catch(() => {});
  }

  /** A browser may want a press before anything sounds: until then the picture goes without. */
  #play(): void {
    const video = this.#remote;
    if (!video) return;
    video.muted = false;
    video.play().then(
      () => this.#silence(false),
      (error: unknown) => {
        if ((error as Partial<Error>).name !== 'NotAllowedError') return;
        this.#silence(true);
        video.muted = true;
        video.play().catch(() => {});
      },
    );
  }

  #silence(isSilenced: boolean): void {
    if (isSilenced === this.#isSilenced) return;
    this.#isSilenced = isSilenced;
    this.#host.requestUpdate();
  }

  /** Where a browser lets it be chosen (Audio Output Devices, 3). */
  #chooseSpeaker(video: HTMLVideoElement): void {
    const id = this.#room?.snapshot.chosen.speaker ?? this.#host.joinOptions.speakerId;
    if (id && 'setSinkId' in video && video.sinkId !== id) video.setSinkId(id).catch(() => {});
  }

  #changed(): void {
    const state = this.#room?.snapshot.state ?? 'closed';
    const { quality, code } = this.#room?.snapshot ?? {};
    const isBad = quality === 'weak' || quality === 'poor';
    this.#host.showRoom(
      ...(state === 'closed' ? [] : [`room-${state}`]),
      ...(isBad ? [`room-${quality}`] : []),
    );
    this.#tell(state, code);
    if (quality && quality !== this.#quality) this.#tellPage('room-quality', { ...this.#id, quality });
    this.#quality = quality;
    if (!isInCall(state)) this.#hasWarned = this.#areDevicesShown = this.#isSilenced = false;
    browserWorld().clearTimeout(this.#timer);
    this.#timer = browserWorld().setTimeout(() => this.#say(), sayAfterMs);
    this.#host.requestUpdate();
  }

  get #id(): { sessionId: string } {
    return { sessionId: this.#line.line?.sessionId ?? '' };
  }

  /** Tells the page what has become of it. */
  #tell(state: RoomState, code: RoomEventFields['room-failed']['code'] | undefined): void {
    const before = this.#before;
    this.#before = state;
    if (before === state) return;
    if (isInCall(state) && !isInCall(before)) this.#tellPage('room-joined', this.#id);
    if (isInCall(before) && !isInCall(state)) {
      const reason = state === 'elsewhere' || state === 'ended' || state === 'failed' ? state : 'left';
      this.#tellPage('room-left', { ...this.#id, reason });
    }
    if (state === 'failed') this.#tellPage('room-failed', { ...this.#id, code: code! });
  }

  /** Says how it stands by now, once (WCAG 4.1.3); that the way is bad is said once a call. */
  #say(): void {
    const place = this.#host.shadowRoot?.querySelector('[part=announcement]');
    const { current } = this.#words;
    const snapshot = this.#room?.snapshot;
    if (!place || !current || !snapshot) return;
    const words = withOwnWords(current, this.#host.roomStrings);
    const isBad = snapshot.quality === 'weak' || snapshot.quality === 'poor';
    const isWarned = isBad && !this.#hasWarned;
    this.#hasWarned ||= isBad;
    const text = isWarned
      ? words.quality[snapshot.quality as 'weak' | 'poor']
      : said.includes(snapshot.state)
        ? sentenceOf(snapshot, words)
        : '';
    if (!isWarned && text === this.#saidLast) return;
    if (!isWarned) this.#saidLast = text;
    place.textContent = text;
  }
}
