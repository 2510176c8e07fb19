// For tests: a session service in memory, and what goes with it.

export { createSandbox, type TestSandbox } from './create-sandbox.js';
export { signTestWebhook, type TestWebhook, type TestWebhookOptions } from './webhook.js';
export type { SandboxWorld, SandboxWorldOptions } from './world.js';
export type {
  Duration,
  Failure,
  FailureOptions,
  SandboxClock,
  SandboxOptions,
  SandboxRequest,
  SandboxSale,
  SandboxSession,
} from '../sandbox/index.js';
