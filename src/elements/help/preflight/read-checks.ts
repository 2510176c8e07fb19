import { words } from '../../../controller/option-values.js';
import type { CheckName } from '../../../controller/preflight/check-state.js';

/** Everything that can be looked at, in its usual order. */
export const allChecks: readonly CheckName[] = ['camera', 'microphone', 'speaker', 'network'];
const isCheck = (name: string): name is CheckName => (allChecks as readonly string[]).includes(name);

/** Names of checks, in their usual order; the default where nothing is set. */
export const readChecks = (usual: readonly CheckName[]) => (value: unknown) => {
  const names = words(value);
  if (!names) return usual;
  return names.every(isCheck) ? allChecks.filter((name) => names.includes(name)) : null;
};
