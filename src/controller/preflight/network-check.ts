import { browserWorld } from '../browser-world.js';
import { inTime } from '../in-time.js';
import type { CheckState } from './check-state.js';

/** All of it, ms. */
const limitMs = 3000;
const requests = 8;
/** Above it people begin to talk at once, ms there and back (ITU-T G.114 has 150 for one way). */
const longestRoundTripMs = 300;

export interface NetworkResult {
  state: CheckState;
  /** There and back, the middle of several requests. */
  roundTripMs: number | null;
}

/**
 * How well the service is reached, and whether a way to other people's browsers can be found.
 * @param address of the service: any answer will do, also one that the page may not read.
 * @param iceServers as `RTCPeerConnection` takes them (W3C WebRTC); one with `turn:` has to answer.
 */
export async function checkNetwork(
  address: string,
  iceServers: readonly RTCIceServer[],
  signal: AbortSignal,
): Promise<NetworkResult> {
  const [roundTripMs, isRestricted] = await Promise.all([
    roundTrip(address, signal),
    isWayRestricted(iceServers, signal),
  ]);
  if (roundTripMs === null) return { state: 'unreachable', roundTripMs };
  const state = isRestricted ? 'restricted' : roundTripMs > longestRoundTripMs ? 'slow' : 'ok';
  return { state, roundTripMs };
}

async function roundTrip(address: string, signal: AbortSignal): Promise<number | null> {
  const { fetch, monotonicNow } = browserWorld();
  const until = monotonicNow() + limitMs;
  const taken: number[] = [];
  try {
    while (taken.length < requests && !signal.aborted) {
      const at = monotonicNow();
      const asked = fetch(address, { mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal });
      await inTime(asked, until - at, browserWorld());
      taken.push(monotonicNow() - at);
    }
  } catch {
    // What was measured before it counts.
  }
  // The first one opens the connection.
  const kept = (taken.length > 1 ? taken.slice(1) : taken).sort((one, other) => one - other);
  return kept[kept.length >> 1] ?? null;
}

const isTurn = ({ urls }: RTCIceServer) => [urls].flat().some((url) => /^turns?:/.test(url));

/** Whether no way was found in time: through the relay where there is one, else any (RFC 8445, 5.1.1). */
async function isWayRestricted(iceServers: readonly RTCIceServer[], signal: AbortSignal): Promise<boolean> {
  if (!('RTCPeerConnection' in globalThis)) return false;
  const hasRelay = iceServers.some(isTurn);
  let connection: RTCPeerConnection | undefined;
  try {
    connection = new RTCPeerConnection({
      iceServers: [...iceServers],
      iceTransportPolicy: hasRelay ? 'relay' : 'all',
    });
    const found = firstCandidate(connection, signal);
    connection.createDataChannel('');
    await inTime(connection.setLocalDescription(), limitMs, browserWorld());
    return !(await inTime(found, limitMs, browserWorld()));
  } catch {
    return true;
  } finally {
    connection?.close();
  }
}

/** Whether there is a candidate; false once all have been looked for. */
const firstCandidate = (connection: RTCPeerConnection, signal: AbortSignal) =>
  new Promise<boolean>((resolve) => {
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate?.candidate) resolve(true);
      else if (!candidate) resolve(false);
    });
    signal.addEventListener('abort', () => resolve(false));
  });
