import { setupSteps, type SetupStep } from '../../controller/setup/setup-steps.js';
import { isFramework, type FrameworkName } from '../../snippets/snippets.js';

/** What a person has chosen; the rest of a set-up the service knows. */
export interface SetupPlace {
  readonly step: SetupStep | undefined;
  readonly framework: FrameworkName;
  /** Whether the secret key is where it belongs. */
  readonly hasKey: boolean;
}

export const firstPlace: SetupPlace = { step: undefined, framework: 'html', hasKey: false };

/** What an address says, each under a name that begins with the prefix; what it says wrong is left out. */
export function readPlace(search: URLSearchParams, prefix: string): SetupPlace {
  const framework = search.get(`${prefix}.framework`) ?? '';
  return {
    step: setupSteps.find((name) => name === search.get(`${prefix}.step`)),
    framework: isFramework(framework) ? framework : firstPlace.framework,
    hasKey: search.get(`${prefix}.key`) === 'kept',
  };
}

/** What is as at first is left out. */
export function writePlace(search: URLSearchParams, prefix: string, place: SetupPlace): void {
  const values = {
    step: place.step,
    framework: place.framework === firstPlace.framework ? undefined : place.framework,
    key: place.hasKey ? 'kept' : undefined,
  };
  for (const [name, value] of Object.entries(values))
    if (value === undefined) search.delete(`${prefix}.${name}`);
    else search.set(`${prefix}.${name}`, value);
}
