import type { SessionEvent } from '../../controller/events.js';
import type { SetupStep } from '../../controller/setup/setup-steps.js';

/** The events of a set-up and their fields: names and states, never a key. They bubble and are composed. */
export interface SetupEventFields {
  /** A person looks at a step. */
  'step-opened': { step: SetupStep };
  /** The page was looked at from outside; `causes` are names of docs/setup-checks.md. */
  'page-checked': { isReady: boolean; causes: readonly string[] };
  /** A rehearsal has gone to its end on the page. */
  'setup-verified': { applicationId: string };
}

export type MarketplaceSetupEventMap = {
  [T in keyof SetupEventFields]: SessionEvent & SetupEventFields[T];
};

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a global event map
  interface GlobalEventHandlersEventMap extends MarketplaceSetupEventMap {}
}
