import type { AccessClientOptions } from '../access/access-client.js';

export interface DashboardOptions extends AccessClientOptions {
  /** Whose figures. */
  readonly providerId: string;
  /** Applications among which a person may choose, by their ids. */
  readonly applicationIds: readonly string[];
}
