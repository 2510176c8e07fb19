import { serviceAddress } from '../service-address.js';
import type { DeskOptions } from '../../../controller/desk/desk-options.js';

interface Addressed {
  readonly serverUrl: string | undefined;
  readonly accessTokenUrl: string | undefined;
  readonly helperId: string | undefined;
}

/** What the attributes of a desk or a bell say; undefined until both addresses are set. */
export function deskOptions({ serverUrl, accessTokenUrl, helperId }: Addressed): DeskOptions | undefined {
  if (!serverUrl || !accessTokenUrl) return undefined;
  const apiEndpoint = serviceAddress(serverUrl);
  return { apiEndpoint, accessTokenUrl, helperId };
}
