import type { SessionSnapshot } from '../../controller/snapshot.js';

/** What `:state(…)` selectors see of a session. */
export function showStates(
  { states }: ElementInternals,
  { state, warning, connection }: SessionSnapshot,
): void {
  states.clear();
  states.add(state);
  if (warning) states.add('warning');
  if (connection !== 'online') states.add(connection);
}
