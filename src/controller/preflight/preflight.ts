import { browserWorld } from '../browser-world.js';
import { callEach } from '../call-each.js';
import { capture, type Captured } from './capture.js';
import { passes, type CaptureKind, type CheckName, type CheckState } from './check-state.js';
import {
  listDevices,
  rememberDevice,
  rememberedDevice,
  type Device,
  type DeviceKind,
} from './chosen-devices.js';
import { checkNetwork } from './network-check.js';
import { hearLevel, playTone } from './sound.js';

/** Below it a peak is the noise of the microphone itself. */
const leastLevel = 0.01;
/** After so long without more than that it is said, ms: a quiet room is no fault. */
const silenceMs = 5000;
/** A camera that has given no picture for so long gives none, ms. */
const pictureLimitMs = 5000;
/** Devices that have ended more often than this within so long, ms, are not asked for again by themselves. */
const mostEnds = 3;
const endsWithinMs = 10_000;

export interface PreflightOptions {
  /** What is looked at. */
  checks: readonly CheckName[];
  /** What has to pass. */
  required: readonly CheckName[];
  /** Of the service that the network is measured to. */
  serverUrl: string;
  iceServers: readonly RTCIceServer[];
}

export interface PreflightSnapshot {
  /** Whether it was started, and not stopped since. */
  readonly isStarted: boolean;
  /** Each check, `idle` before the start. */
  readonly states: Readonly<Record<CheckName, CheckState>>;
  /** What can be chosen, once the browser tells. */
  readonly devices: Readonly<Record<DeviceKind, readonly Device[]>>;
  /** The device that is in use, by its id. */
  readonly chosen: Readonly<Partial<Record<DeviceKind, string | undefined>>>;
  /** There and back to the service, ms. */
  readonly roundTripMs: number | null;
  /** Whether a tone has sounded, and the person is to say whether it was heard. */
  readonly isToneAsked: boolean;
  /** Whether everything that is required passes. */
  readonly passed: boolean;
}

const idle: PreflightSnapshot = {
  isStarted: false,
  states: { camera: 'idle', microphone: 'idle', speaker: 'idle', network: 'idle' },
  devices: { camera: [], microphone: [], speaker: [] },
  chosen: {},
  roundTripMs: null,
  isToneAsked: false,
  passed: false,
};

const captureKinds = ['camera', 'microphone'] as const;
const isOfCapture = (name: CheckName): name is CaptureKind => name === 'camera' || name === 'microphone';

/**
 * Looks whether a person can be seen, heard and reached, before a talk begins. Nothing is asked before `start()`; every
 * track is stopped by `stop()`, and by whatever takes its place.
 */
export class Preflight {
  #snapshot = idle;
  #options: PreflightOptions | undefined;
  /** Aborts with `stop()`. */
  #running: AbortController | undefined;
  /** What is captured; each aborts with its own track. */
  readonly #tracks = new Map<CaptureKind, { track: MediaStreamTrack; abort: AbortController }>();
  readonly #listeners = new Set<() => void>();
  /** When devices have ended lately. */
  #ends: number[] = [];
  readonly #onLevel: (level: number) => void;

  /** @param onLevel hears how loud the microphone is, from 0 to 1, some times a second while it is on. */
  constructor(onLevel: (level: number) => void = () => {}) {
    this.#onLevel = onLevel;
  }

  get snapshot(): PreflightSnapshot {
    return this.#snapshot;
  }

  /** The track of a device that is in use, to be shown. */
  trackOf(kind: CaptureKind): MediaStreamTrack | undefined {
    return this.#tracks.get(kind)?.track;
  }

  /** Calls back after each change. @returns ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks for devices and measures, all anew. Call it from a press: browsers ask the person then. */
  async start(options: PreflightOptions): Promise<void> {
    this.stop();
    this.#options = options;
    const { signal } = (this.#running = new AbortController());
    const { checks } = options;
    const states = { ...idle.states };
    for (const name of checks) if (name !== 'speaker') states[name] = 'asking';
    this.#change({ isStarted: true, states });
    const media = navigator.mediaDevices as MediaDevices | undefined;
    media?.addEventListener('devicechange', () => void this.#lookAtDevices(signal), { signal });
    await Promise.allSettled([
      this.#capture(captureKinds.filter((kind) => checks.includes(kind))),
      checks.includes('network') && this.#measureNetwork(signal),
    ]);
  }

  /** Stops every track and forgets what was found. */
  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    for (const kind of this.#tracks.keys()) this.#release(kind);
    if (this.#snapshot !== idle) {
      this.#snapshot = idle;
      callEach(this.#listeners);
    }
  }

  /** Asks for one of them anew. */
  async retry(name: CheckName): Promise<void> {
    if (!this.#running) return;
    if (name === 'speaker') return this.testSpeaker();
    this.#setState(name, 'asking');
    await (isOfCapture(name) ? this.#capture([name]) : this.#measureNetwork(this.#running.signal));
  }

  /** Takes another device, and remembers it for the next time. */
  async choose(kind: DeviceKind, id: string): Promise<void> {
    const device = this.#snapshot.devices[kind].find((one) => one.id === id);
    if (!device || !this.#running) return;
    rememberDevice(kind, device);
    this.#change({ chosen: { ...this.#snapshot.chosen, [kind]: id } });
    if (kind === 'speaker') return this.testSpeaker();
    this.#setState(kind, 'asking');
    await this.#capture([kind]);
  }

  /** Lets a tone sound; `confirmTone` tells whether it was heard. */
  async testSpeaker(): Promise<void> {
    const signal = this.#running?.signal;
    if (!signal) return;
    this.#setState('speaker', 'asking');
    this.#change({ isToneAsked: false });
    const hasSounded = await playTone(this.#snapshot.chosen.speaker, signal).catch(() => false);
    if (signal.aborted) return;
    if (hasSounded) this.#change({ isToneAsked: true });
    else this.#setState('speaker', 'unmeasured');
  }

  /** What the person says of the tone. */
  confirmTone(wasHeard: boolean): void {
    if (!this.#snapshot.isToneAsked) return;
    this.#change({ isToneAsked: false });
    this.#setState('speaker', wasHeard ? 'ok' : 'silent');
  }

  async #capture(kinds: readonly CaptureKind[]): Promise<void> {
    const signal = this.#running!.signal;
    for (const kind of kinds) this.#release(kind);
    if (!kinds.length) return;
    const ids = Object.fromEntries(
      kinds.map((kind) => [
        kind,
        this.#snapshot.chosen[kind] ?? rememberedDevice(kind, this.#snapshot.devices[kind]),
      ]),
    );
    const captured = await capture(kinds, ids, signal).catch(() => undefined);
    // Stopped meanwhile.
    if (!captured) return;
    await Promise.all(kinds.map((kind) => this.#judge(kind, captured[kind]!)));
    await this.#lookAtDevices(signal);
  }

  async #judge(kind: CaptureKind, captured: Captured): Promise<void> {
    if (!('track' in captured)) return this.#setState(kind, captured.state);
    const { track } = captured;
    // Asked for twice at once: the later one stays.
    this.#release(kind);
    const abort = new AbortController();
    this.#tracks.set(kind, { track, abort });
    const own = abort.signal;
    const id = track.getSettings().deviceId;
    this.#change({ chosen: { ...this.#snapshot.chosen, ...(id && { [kind]: id }) } });
    // Unplugged, or no longer allowed.
    track.addEventListener('ended', () => void this.#replace(kind), { signal: own });
    if (kind === 'camera') this.#setState(kind, (await givesPicture(track, own)) ? 'ok' : 'in_use', own);
    else await this.#listen(track, own);
  }

  async #listen(track: MediaStreamTrack, signal: AbortSignal): Promise<void> {
    const isHeard = await hearLevel(track, (level) => this.#heard(level), signal);
    if (!isHeard) return this.#setState('microphone', 'unmeasured', signal);
    const timer = browserWorld().setTimeout(() => {
      if (this.#snapshot.states.microphone === 'asking') this.#setState('microphone', 'silent', signal);
    }, silenceMs);
    signal.addEventListener('abort', () => browserWorld().clearTimeout(timer));
  }

  #heard(level: number): void {
    this.#onLevel(level);
    const { microphone } = this.#snapshot.states;
    if (level > leastLevel && (microphone === 'asking' || microphone === 'silent'))
      this.#setState('microphone', 'ok');
  }

  /** The device has gone: another one takes its place, where there is one and the browser lets it. */
  async #replace(kind: CaptureKind): Promise<void> {
    this.#change({ chosen: { ...this.#snapshot.chosen, [kind]: undefined } });
    const now = browserWorld().monotonicNow();
    this.#ends = [...this.#ends.filter((at) => now - at < endsWithinMs), now];
    if (this.#ends.length <= mostEnds) return this.retry(kind);
    this.#release(kind);
    this.#setState(kind, 'in_use');
  }

  async #lookAtDevices(signal: AbortSignal): Promise<void> {
    const devices = await listDevices();
    if (signal.aborted) return;
    const chosen = { ...this.#snapshot.chosen };
    // The one that sound comes from is not told by a browser: it is the one of last time, or the system's own.
    chosen.speaker ??= devices.speaker.find(
      ({ id }) => id === rememberedDevice('speaker', devices.speaker),
    )?.id;
    this.#change({ devices, chosen });
  }

  async #measureNetwork(signal: AbortSignal): Promise<void> {
    const { serverUrl, iceServers } = this.#options!;
    const { state, roundTripMs } = await checkNetwork(serverUrl, iceServers, signal);
    if (signal.aborted) return;
    this.#change({ roundTripMs });
    this.#setState('network', state);
  }

  #release(kind: CaptureKind): void {
    const held = this.#tracks.get(kind);
    if (!held) return;
    this.#tracks.delete(kind);
    held.abort.abort();
    held.track.stop();
  }

  #setState(name: CheckName, state: CheckState, signal = this.#running?.signal): void {
    if (!signal || signal.aborted) return;
    this.#change({ states: { ...this.#snapshot.states, [name]: state } });
  }

  #change(changes: Partial<PreflightSnapshot>): void {
    const snapshot = { ...this.#snapshot, ...changes };
    const { required = [] } = this.#options ?? {};
    this.#snapshot = { ...snapshot, passed: required.every((name) => passes(snapshot.states[name])) };
    callEach(this.#listeners);
  }
}

/** Whether a camera's picture moves on: one that is covered by another program's use gives none. */
async function givesPicture(track: MediaStreamTrack, signal: AbortSignal): Promise<boolean> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  const { monotonicNow, setTimeout } = browserWorld();
  const until = monotonicNow() + pictureLimitMs;
  video.play().catch(() => {});
  try {
    while (!video.videoWidth && monotonicNow() < until && !signal.aborted)
      await new Promise<void>((resolve) => setTimeout(resolve, 50));
    return video.videoWidth > 0;
  } finally {
    video.srcObject = null;
  }
}
