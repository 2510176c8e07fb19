import type { PanelsHost } from '../panels-host.js';

const originOf = (address: string): string | undefined =>
  URL.canParse(address) ? new URL(address).origin : undefined;

/**
 * Where the marketplace is, as far as a page without a session can know: where the person came from, if that is one of
 * its origins; else the first of those that may be returned to, or the origin of the service.
 * @returns null where the page names neither.
 */
export function marketplaceAddress({ apiEndpoint = '', returnOrigins = [] }: PanelsHost): string | null {
  const origins = [...returnOrigins, apiEndpoint]
    .map(originOf)
    .filter((origin) => origin?.startsWith('http'));
  const { referrer } = document;
  if (origins.includes(originOf(referrer))) return referrer;
  return origins[0] ? `${origins[0]}/` : null;
}
