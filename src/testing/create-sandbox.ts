import type { SandboxOptions } from '../sandbox/options.js';
import { Sandbox } from '../sandbox/sandbox.js';
import { sandboxWorld, type SandboxWorld, type SandboxWorldOptions } from './world.js';

/** A sandbox for unit tests: it has a world for a `SessionController` too. */
export class TestSandbox extends Sandbox {
  /**
   * Where a controller runs, in place of a browser's page.
   * @example
   * const { token } = await sandbox.sell({ minutes: 10 });
   * const controller = new SessionController({ ...sandbox.options, sessionToken: token }, sandbox.world());
   */
  world(options?: SandboxWorldOptions): SandboxWorld {
    return sandboxWorld(this, options);
  }
}

/**
 * A session service in memory, which `fetch` reaches.
 * @throws {TypeError} where an option is none
 */
export const createSandbox = (options?: SandboxOptions): TestSandbox => new TestSandbox(options);
