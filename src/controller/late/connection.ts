import type { SessionRun } from '../session-run.js';
import type { Connection } from '../snapshot.js';
import { circuitOf } from './circuit.js';
import { lifecycleOf } from './lifecycle.js';
import { pageOf } from './page.js';

/** Makes it the connection of the snapshot, where there is a session to have one. */
export function tellConnection(run: SessionRun, connection: Connection, retryAt: number | null = null): void {
  const hasConnection = /waiting|active|paused|ending/.test(run.snapshot.state);
  if (hasConnection && !run.signal.aborted) run.owner.dispatch({ type: 'connection', connection, retryAt });
}

/** The service has answered this tab. An answer that was under way when the network went brings it back to nobody. */
export function noteAnswer(run: SessionRun): void {
  circuitOf(run).succeeded();
  if (run.snapshot.connection !== 'online' && pageOf(run.world).isOnline) tellConnection(run, 'online');
}

/** Keeps `snapshot.connection` to what the device knows of its network. Back online is who has heard the service. */
export function watchConnection(run: SessionRun): void {
  const look = () => {
    if (!pageOf(run.world).isOnline) tellConnection(run, 'offline');
    else if (run.snapshot.connection === 'offline') tellConnection(run, 'reconnecting', run.world.now());
  };
  lifecycleOf(run).listen((news) => (news === 'online' || news === 'offline') && look(), run.signal);
  look();
}
