import type { DeskOptions } from '../../../controller/desk/desk-options.js';

interface Addressed {
  readonly serverUrl: string | undefined;
  readonly accessTokenUrl: string | undefined;
  readonly helperId: string | undefined;
}

/** What the attributes of a desk or a bell say; undefined until both addresses are set. */
export function deskOptions({ serverUrl, accessTokenUrl, helperId }: Addressed): DeskOptions | undefined {
  if (!serverUrl || !accessTokenUrl) return undefined;
  // What is no address is told as a fault of the configuration.
  const apiEndpoint = URL.canParse(serverUrl, document.baseURI)
    ? new URL(serverUrl, document.baseURI).href
    : serverUrl;
  return { apiEndpoint, accessTokenUrl, helperId };
}
