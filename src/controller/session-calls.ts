import type { SessionController } from './session-controller.js';

/** What can be done with a session; each is the call of `SessionController`. */
export type SessionCalls = Pick<
  SessionController,
  'start' | 'pause' | 'resume' | 'extend' | 'end' | 'complete' | 'refresh'
>;

/** The calls of a controller as functions that may be taken apart, for the wrappers of frameworks. */
export const sessionCalls = (controller: SessionController): SessionCalls => ({
  start: () => controller.start(),
  pause: () => controller.pause(),
  resume: () => controller.resume(),
  extend: (minutes) => controller.extend(minutes),
  end: () => controller.end(),
  complete: (usage) => controller.complete(usage),
  refresh: () => controller.refresh(),
});
