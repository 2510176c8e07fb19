import type { AccessClientOptions } from '../access/access-client.js';

export interface SetupOptions extends AccessClientOptions {
  /** What is set up; it is registered already. */
  readonly applicationId: string;
}
