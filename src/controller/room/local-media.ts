import { inTime } from '../in-time.js';
import { capture } from '../preflight/capture.js';
import { fails, type CaptureKind, type CheckState } from '../preflight/check-state.js';
import type { World } from '../world.js';

/** What a person can send. */
export type MediaKind = CaptureKind | 'screen';

/** How a device stands in a call: `on` or `off` by the person's will, `asking`, or why it cannot be used. */
export type DeviceState = 'on' | 'off' | CheckState;

/** A question of the browser that nobody answers is given up, ms: the call begins without. */
const questionLimitMs = 60_000;
/** Devices that have ended more often than this within so long, ms, are not asked for again by themselves. */
const mostEnds = 3;
const endsWithinMs = 10_000;

/**
 * What this page captures for a call, and the only one who holds it: each track is stopped as soon as it is not wanted, and
 * all of them by `release()`.
 */
export class LocalMedia {
  readonly #world: World;
  readonly #onChange: () => void;
  readonly #tracks = new Map<MediaKind, MediaStreamTrack>();
  readonly #states: Record<MediaKind, DeviceState> = { microphone: 'off', camera: 'off', screen: 'off' };
  readonly #ids: Partial<Record<CaptureKind, string | undefined>> = {};
  /** When devices have ended lately. */
  #ends: number[] = [];
  /** Gives up what is being asked for, by kind. */
  readonly #asking = new Map<MediaKind, AbortController>();

  /** @param onChange called after each change of tracks or states. */
  constructor(world: World, onChange: () => void) {
    this.#world = world;
    this.#onChange = onChange;
  }

  stateOf(kind: MediaKind): DeviceState {
    return this.#states[kind];
  }

  trackOf(kind: MediaKind): MediaStreamTrack | undefined {
    return this.#tracks.get(kind);
  }

  /** The device that a track comes from. */
  idOf(kind: CaptureKind): string | undefined {
    return this.#tracks.get(kind)?.getSettings().deviceId ?? this.#ids[kind];
  }

  /** What goes out. */
  sent(kind: 'audio' | 'video'): MediaStreamTrack | null {
    const track =
      kind === 'audio' ? this.trackOf('microphone') : (this.trackOf('screen') ?? this.trackOf('camera'));
    return track ?? null;
  }

  prefer(kind: CaptureKind, id: string | undefined): void {
    this.#ids[kind] = id || undefined;
  }

  /** Asks for devices, together; what is refused or missing says so in its state, and hides no other. */
  async open(kinds: readonly CaptureKind[]): Promise<void> {
    if (!kinds.length) return;
    const asking = this.#ask(kinds);
    const found = await inTime(capture(kinds, this.#ids, asking.signal), questionLimitMs, this.#world).catch(
      () => undefined,
    );
    // What is granted from now on is given back.
    if (!found) asking.abort();
    for (const kind of kinds) {
      const captured = found?.[kind];
      const track = captured && 'track' in captured ? captured.track : undefined;
      // Given up meanwhile, or asked for anew.
      if (this.#asking.get(kind) !== asking) {
        track?.stop();
        continue;
      }
      this.#asking.delete(kind);
      if (track) this.#keep(kind, track);
      else this.#states[kind] = captured && 'state' in captured ? captured.state : 'dismissed';
    }
    this.#onChange();
  }

  /** Gives up what the browser is asking the person about. */
  giveUp(): void {
    for (const kind of [...this.#asking.keys()]) this.stop(kind);
  }

  /** A microphone that is muted stays open, so that it is back at once. @returns whether there is one. */
  mute(isMuted: boolean): boolean {
    const track = this.#tracks.get('microphone');
    if (!track) return false;
    track.enabled = !isMuted;
    this.#set('microphone', isMuted ? 'off' : 'on');
    return true;
  }

  /**
   * Asks what of the screen is to be shown (Screen Capture, 5). Call it from a press.
   * @returns whether it is shown; what the person refuses is no failure.
   */
  async shareScreen(): Promise<boolean> {
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (!media || !('getDisplayMedia' in media)) return false;
    const asking = this.#ask(['screen']);
    try {
      const asked = media.getDisplayMedia({ video: true, audio: false });
      asked.then(
        (stream) => asking.signal.aborted && stream.getTracks().forEach((track) => track.stop()),
        () => {},
      );
      const stream = await inTime(asked, questionLimitMs, this.#world);
      const [track] = stream.getVideoTracks();
      if (!track || this.#asking.get('screen') !== asking) return false;
      // Letters are to be read.
      track.contentHint = 'detail';
      this.#asking.delete('screen');
      this.#keep('screen', track);
      this.#onChange();
      return true;
    } catch {
      if (this.#asking.get('screen') === asking) this.stop('screen');
      return false;
    }
  }

  /** Lets one go, or gives up asking for it. */
  stop(kind: MediaKind): void {
    this.#drop(kind);
    this.#set(kind, 'off');
  }

  /** Lets all of them go. */
  release(): void {
    for (const kind of Object.keys(this.#states) as MediaKind[]) {
      this.#drop(kind);
      this.#states[kind] = 'off';
    }
    this.#onChange();
  }

  #ask(kinds: readonly MediaKind[]): AbortController {
    const asking = new AbortController();
    for (const kind of kinds) {
      this.#drop(kind);
      this.#asking.set(kind, asking);
      this.#states[kind] = 'asking';
    }
    this.#onChange();
    return asking;
  }

  #keep(kind: MediaKind, track: MediaStreamTrack): void {
    this.#tracks.set(kind, track);
    this.#states[kind] = 'on';
    track.addEventListener('ended', () => this.#tracks.get(kind) === track && this.#ended(kind));
  }

  /** Unplugged, no longer allowed, or ended in the browser's own bar: another one takes its place, where there is one. */
  #ended(kind: MediaKind): void {
    if (kind === 'screen') return this.stop(kind);
    this.#ids[kind] = undefined;
    const now = this.#world.monotonicNow();
    this.#ends = [...this.#ends.filter((at) => now - at < endsWithinMs), now];
    if (this.#ends.length <= mostEnds) return void this.open([kind]);
    this.#drop(kind);
    this.#set(kind, 'in_use');
  }

  #drop(kind: MediaKind): void {
    this.#asking.get(kind)?.abort();
    this.#asking.delete(kind);
    const track = this.#tracks.get(kind);
    this.#tracks.delete(kind);
    track?.stop();
  }

  #set(kind: MediaKind, state: DeviceState): void {
    this.#states[kind] = state;
    this.#onChange();
  }
}

/** Why a device cannot be used; undefined where it can. */
export const refusalOf = (state: DeviceState): CheckState | undefined =>
  state !== 'on' && state !== 'off' && fails(state) ? state : undefined;
