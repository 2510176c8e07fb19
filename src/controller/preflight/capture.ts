import { browserWorld } from '../browser-world.js';
import { inTime } from '../in-time.js';
import { untilAborted } from '../until-aborted.js';
import type { CaptureKind, CheckState } from './check-state.js';

/** Whose permission a browser may be asked about for no longer than this, ms. */
const permissionLimitMs = 1000;
/** A refusal that comes faster is nobody's answer, ms. */
const fastestAnswerMs = 50;

export type Captured = { track: MediaStreamTrack } | { state: CheckState };

const constraintOf = { camera: 'video', microphone: 'audio' } as const;

/**
 * Asks for devices, with one question for all of them where that works, and for each apart where it does not: one that is
 * refused or missing hides no other. What is granted after the signal has aborted is given back at once.
 * @param ids of devices that are preferred.
 */
export async function capture(
  kinds: readonly CaptureKind[],
  ids: Partial<Record<CaptureKind, string | undefined>>,
  signal: AbortSignal,
): Promise<Partial<Record<CaptureKind, Captured>>> {
  const impossible = whyImpossible();
  if (impossible) return Object.fromEntries(kinds.map((kind) => [kind, { state: impossible }]));
  try {
    const stream = await ask(kinds, ids, signal);
    return Object.fromEntries(kinds.map((kind) => [kind, trackOf(stream, kind)]));
  } catch (error) {
    signal.throwIfAborted();
    if (kinds.length === 1) return { [kinds[0]!]: { state: await stateOf(error as Error, kinds[0]!) } };
  }
  const found: Partial<Record<CaptureKind, Captured>> = {};
  // One question at a time.
  for (const kind of kinds) Object.assign(found, await capture([kind], ids, signal));
  return found;
}

function whyImpossible(): CheckState | undefined {
  if (!isSecureContext) return 'insecure';
  return (navigator.mediaDevices as MediaDevices | undefined)?.getUserMedia ? undefined : 'unsupported';
}

function trackOf(stream: MediaStream, kind: CaptureKind): Captured {
  const [track] = kind === 'camera' ? stream.getVideoTracks() : stream.getAudioTracks();
  return track ? { track } : { state: 'missing' };
}

/** What is known of a refusal beside its name. */
const refusals = new WeakMap<object, { isFast: boolean }>();

async function ask(
  kinds: readonly CaptureKind[],
  ids: Partial<Record<CaptureKind, string | undefined>>,
  signal: AbortSignal,
): Promise<MediaStream> {
  const { monotonicNow } = browserWorld();
  const askedAt = monotonicNow();
  const constraints = Object.fromEntries(
    // Never `exact`: an id of yesterday is no reason to have none today.
    kinds.map((kind) => [constraintOf[kind], ids[kind] ? { deviceId: { ideal: ids[kind] } } : true]),
  );
  try {
    const asked = navigator.mediaDevices.getUserMedia(constraints);
    asked.then(
      (stream) => signal.aborted && stream.getTracks().forEach((track) => track.stop()),
      () => {},
    );
    return await untilAborted(asked, signal);
  } catch (error) {
    if (error instanceof Object) refusals.set(error, { isFast: monotonicNow() - askedAt < fastestAnswerMs });
    throw error;
  }
}

/** What a refusal means (Media Capture and Streams, 10.2), as far as browsers let it be told. */
async function stateOf(error: Error, kind: CaptureKind): Promise<CheckState> {
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError': {
      if (policyAllows(kind) === false) return 'blocked';
      const permission = await permissionOf(kind);
      if (permission === 'prompt') return 'dismissed';
      const isFramed = window !== window.top;
      return isFramed &&
        permission !== 'granted' &&
        refusals.get(error)?.isFast &&
        policyAllows(kind) !== true
        ? 'blocked'
        : 'denied';
    }
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use';
    default:
      return 'unsupported';
  }
}

interface Policy {
  allowsFeature(feature: string): boolean;
}

/** Whether the policy around allows it; undefined where a browser does not say. */
function policyAllows(kind: CaptureKind): boolean | undefined {
  const { featurePolicy } = document as { featurePolicy?: Policy };
  return featurePolicy?.allowsFeature(kind);
}

async function permissionOf(kind: CaptureKind): Promise<PermissionState | undefined> {
  try {
    const asked = navigator.permissions.query({ name: kind });
    return (await inTime(asked, permissionLimitMs, browserWorld())).state;
  } catch {
    return undefined;
  }
}
