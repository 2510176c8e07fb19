import type { Capability } from '../../protocol/api.js';
import type { SessionRun } from './session-run.js';

/** What the backend offers beside the smaller call set. */
export function capabilitiesOf({ said: { capabilities } }: SessionRun): readonly string[] {
  return Array.isArray(capabilities) ? (capabilities as string[]) : [];
}

export const offers = (run: SessionRun, capability: Capability): boolean =>
  capabilitiesOf(run).includes(capability);

/** Seconds between heartbeats, as the service wants them; 0 before it has said so. */
export const intervalSecondsOf = ({ said }: SessionRun): number => Number(said.next_heartbeat_seconds) || 0;
