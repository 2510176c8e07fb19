import type { SessionRun } from '../run/session-run.js';
import type { Connection } from '../snapshot.js';
import { circuitOf } from './circuit-breaker.js';
import { lifecycleOf } from '../page/lifecycle.js';
import { pageOf } from '../page/browser-page.js';
import { perRun } from '../run/per-run.js';
import { connecting } from '../run/transitions.js';

/** Makes it the connection of the snapshot, where there is a session to have one. */
export function tellConnection(run: SessionRun, connection: Connection, retryAt: number | null = null): void {
  const hasConnection = /waiting|active|paused|ending/.test(run.snapshot.state);
  if (hasConnection && !run.signal.aborted) run.dispatch(connecting(connection, retryAt));
}

/**
 * The service has answered this tab, asked at `sentAt`. That the device has no network is a hint, and an answer a fact:
 * unless it was under way when the network went, which brings it back to nobody.
 */
export function noteAnswer(run: SessionRun, sentAt: number): void {
  circuitOf(run).succeeded();
  const isFact = pageOf(run.world).isOnline || sentAt > hintOf(run).offlineAt;
  if (run.snapshot.connection !== 'online' && isFact) tellConnection(run, 'online');
}

/** A request was not answered, or a stream has gone silent: that is told once it is no accident. */
export function noteSilence(run: SessionRun, count?: number): void {
  const isLost = circuitOf(run).tryLost(count);
  if (isLost && run.snapshot.connection === 'online' && pageOf(run.world).isOnline)
    tellConnection(run, 'reconnecting', run.world.now());
}

/** When the device said last that its network is gone, by its own clock, ms since the epoch. */
const hintOf = perRun(() => ({ offlineAt: 0 }));

/** Follows what the device says of its network. A session that has just begun has been heard, whatever it says. */
export function watchConnection(run: SessionRun): void {
  const { world, signal } = run;
  lifecycleOf(run).listen((news) => {
    if (news === 'offline') {
      hintOf(run).offlineAt = world.now();
      tellConnection(run, 'offline');
    } else if (news === 'online' && run.snapshot.connection === 'offline')
      tellConnection(run, 'reconnecting', world.now());
  }, signal);
}
