import type { AccessClientOptions } from '../access/access-client.js';

export interface DeskOptions extends AccessClientOptions {
  /** Whose desk it is; where it is left out, the helper that the access token speaks for. */
  readonly helperId?: string | undefined;
}
