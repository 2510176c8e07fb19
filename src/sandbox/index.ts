// A session service in memory, for pages and tests.

export type { SandboxClock } from './clock.js';
export { Sandbox, type SandboxRequest, type SandboxSale, type SandboxSession } from './sandbox.js';
export type { Duration } from './duration.js';
export type { Failure, FailureOptions } from './failures.js';
export type { SandboxOptions } from './options.js';
