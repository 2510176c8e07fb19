import { browserWorld } from '../browser-world.js';
import { inTime } from '../in-time.js';

/** A browser without a way out for sound never lets its context run, nor says so, ms. */
const startLimitMs = 1000;
const sampleMs = 100;
const toneSeconds = 0.8;
const toneHertz = 440;

/** A context that runs; undefined where it does not, for want of a press, a device or support. */
async function runningContext(): Promise<AudioContext | undefined> {
  let context: AudioContext | undefined;
  try {
    context = new AudioContext();
    await inTime(context.resume(), startLimitMs, browserWorld());
    if (context.state === 'running') return context;
  } catch {
    // As good as none.
  }
  void context?.close().catch(() => {});
  return undefined;
}

/** Whether sound can be made now: browsers want a press first, and some have no way out for it. */
export async function canSound(): Promise<boolean> {
  const context = await runningContext();
  void context?.close().catch(() => {});
  return context !== undefined;
}

/** What listens to a track; undefined where a browser takes its sound in nowhere, as Firefox at another sample rate. */
function analyserOf(context: AudioContext, track: MediaStreamTrack): AnalyserNode | undefined {
  try {
    const analyser = context.createAnalyser();
    analyser.fftSize = 2048;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    return analyser;
  } catch {
    return undefined;
  }
}

/**
 * Hears how loud a microphone is, some times a second, from 0 to 1, until the signal aborts.
 * @returns whether that can be heard at all.
 */
export async function hearLevel(
  track: MediaStreamTrack,
  onLevel: (level: number) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const context = await runningContext();
  if (!context) return false;
  const close = () => void context.close().catch(() => {});
  const analyser = signal.aborted ? undefined : analyserOf(context, track);
  if (!analyser) {
    close();
    return false;
  }
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    onLevel(samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0));
  }, sampleMs);
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    close();
  });
  return true;
}

/** Lets a tone sound. @param deviceId where, in browsers that can choose. @returns whether it has sounded, as far as is known. */
export async function playTone(deviceId: string | undefined, signal: AbortSignal): Promise<boolean> {
  const context = await runningContext();
  if (!context) return false;
  try {
    if (deviceId)
      await (context as { setSinkId?(id: string): Promise<void> }).setSinkId?.(deviceId).catch(() => {});
    const volume = context.createGain();
    const tone = context.createOscillator();
    const end = context.currentTime + toneSeconds;
    tone.frequency.value = toneHertz;
    // A tone that is cut off clicks.
    volume.gain.setValueAtTime(0.2, context.currentTime);
    volume.gain.linearRampToValueAtTime(0, end);
    tone.connect(volume).connect(context.destination);
    const sounded = new Promise<boolean>((resolve) => {
      tone.addEventListener('ended', () => resolve(true));
      signal.addEventListener('abort', () => resolve(false));
      browserWorld().setTimeout(() => resolve(false), toneSeconds * 1000 + startLimitMs);
    });
    tone.start();
    tone.stop(end);
    return await sounded;
  } finally {
    void context.close().catch(() => {});
  }
}
