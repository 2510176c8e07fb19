import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.js';
import type { WebhookNetwork } from './network.js';

/** Where a webhook goes: the address that was checked is the one that is connected to. */
export interface WebhookTarget {
  url: URL;
  address: string;
}

export type TargetRefusal = 'url_invalid' | 'https_required' | 'name_unresolved' | 'address_not_public';

/** A target that nothing is sent to. */
export class TargetRefused extends Error {
  readonly reason: TargetRefusal;

  constructor(reason: TargetRefusal) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * Resolves the host of an address once and looks at every answer: one that is not public refuses them all, because
 * nobody knows which would be used.
 * @throws {TargetRefused}
 */
export async function resolveTarget(text: string, network: WebhookNetwork): Promise<WebhookTarget> {
  const url = parseTarget(text);
  const isAllowed = network.allowedHosts.includes(url.host);
  if (url.protocol !== 'https:' && !isAllowed) throw new TargetRefused('https_required');
  const addresses = await addressesOf(url, network);
  const [address] = addresses;
  if (address === undefined) throw new TargetRefused('name_unresolved');
  if (!isAllowed && !addresses.every(isPublicAddress)) throw new TargetRefused('address_not_public');
  return { url, address };
}

function parseTarget(text: string): URL {
  // Browsers forgive backslashes, blanks and line ends in an address; a sender has no reason to.
  if (!/^https?:\/\/[^\\\s]+$/.test(text) || !URL.canParse(text)) throw new TargetRefused('url_invalid');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hash !== '') throw new TargetRefused('url_invalid');
  return url;
}

async function addressesOf(url: URL, { lookup }: WebhookNetwork): Promise<readonly string[]> {
  if (isAddress(url)) return [hostOf(url)];
  try {
    return await lookup(url.hostname);
  } catch {
    throw new TargetRefused('name_unresolved');
  }
}

const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, '');

/** Whether the host of an address is an IP address and not a name. */
export const isAddress = (url: URL): boolean => isIP(hostOf(url)) !== 0;
