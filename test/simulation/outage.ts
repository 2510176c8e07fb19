// What thousands of pages do to a service that goes down and comes back: the real controller, in virtual time.
import { setMaxListeners } from 'node:events';
import { SessionController } from '../../src/controller/session-controller.js';
import '../../src/controller/late-parts.js';
import { createSessionToken } from '../bench/harness/session-token.js';
import { seededRandom } from './random.js';
import { sessionId, VirtualService } from './virtual-service.js';
import { VirtualTime } from './virtual-time.js';
import { createVirtualWorld, endpoint } from './virtual-world.js';

export interface Outage {
  clients: number;
  lengthSeconds: number;
  seed: number;
}

/** Requests a second at the service. */
export interface OutageReport {
  /** Before the outage. */
  usual: number;
  /** Of the worst second of the outage, and of the average one. */
  peakDuring: number;
  meanDuring: number;
  /** Of the worst second after it. */
  peakAfter: number;
  /** From the end of the outage until the last client has been answered. */
  lastBackSeconds: number;
}

/** A client that runs, until the end of the simulation. @returns what ends it. */
type StartClient = (
  time: VirtualTime,
  service: VirtualService,
  random: () => number,
  onAnswer: () => void,
) => () => void;

// Browsers do not count the listeners of a signal.
setMaxListeners(Infinity);

const heartbeatMs = 30_000;
const settledMs = 90_000;
const usualMs = 60_000;
const afterwardsMs = 180_000;
const sessionToken = createSessionToken(sessionId, 172_800);

/** A page with a session. */
export const startSession: StartClient = (time, service, random, onAnswer) => {
  const world = createVirtualWorld(time, service, random, onAnswer);
  const controller = new SessionController({ apiEndpoint: endpoint, sessionToken, redirect: false }, world);
  controller.start().catch(() => {});
  return () => controller.destroy();
};

/** A page that does what first comes to mind: a heartbeat each half minute, and one each second while they fail. */
export const startEagerClient: StartClient = (time, service, _random, onAnswer) => {
  const stop = new AbortController();
  const beat = () => {
    if (stop.signal.aborted) return;
    service.fetch(`${endpoint}/sessions/${sessionId}/heartbeat`, {}, onAnswer).then(
      () => time.setTimeout(beat, heartbeatMs),
      () => time.setTimeout(beat, 1000),
    );
  };
  beat();
  return () => stop.abort();
};

/** Lets that many clients come, the service go for that long, and return. */
export async function simulateOutage(
  { clients, lengthSeconds, seed }: Outage,
  startClient: StartClient,
): Promise<OutageReport> {
  const time = new VirtualTime();
  const service = new VirtualService(time);
  const random = seededRandom(seed);
  const answeredAt: number[] = Array(clients).fill(-1);
  let backAt = Infinity;
  const stops: (() => void)[] = [];
  for (let client = 0; client < clients; client++) {
    const note = () => {
      if (time.now >= backAt && answeredAt[client]! < backAt) answeredAt[client] = time.now;
    };
    time.setTimeout(() => stops.push(startClient(time, service, random, note)), random() * heartbeatMs);
  }
  const downAt = settledMs + usualMs;
  await time.passUntil(downAt);
  service.isDown = true;
  backAt = downAt + lengthSeconds * 1000;
  await time.passUntil(backAt);
  service.isDown = false;
  await time.passUntil(backAt + afterwardsMs);
  for (const stop of stops) stop();
  if (Math.min(...answeredAt) < backAt) throw new Error('a client has not come back');
  const during = service.arrivalsPerSecond(downAt, backAt);
  return {
    usual: mean(service.arrivalsPerSecond(settledMs, downAt)),
    peakDuring: Math.max(...during),
    meanDuring: mean(during),
    peakAfter: Math.max(...service.arrivalsPerSecond(backAt, backAt + afterwardsMs)),
    lastBackSeconds: (Math.max(...answeredAt) - backAt) / 1000,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / values.length;
