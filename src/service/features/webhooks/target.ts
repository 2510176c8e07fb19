import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.js';
import type { WebhookNetwork } from './network.js';

/** Where a webhook goes: the address that was checked is the one that is connected to. */
export interface WebhookTarget {
  url: URL;
  address: string;
}

export type TargetRefusal =
  'url_invalid' | 'https_required' | 'port_refused' | 'name_unresolved' | 'address_not_public';

/** Ports of other protocols, which a request must not be mistaken for (Fetch standard, 2.9: bad ports). */
const badPorts = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

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
 * @param needsTls false for what holds no secret: public addresses without TLS are targets too
 * @throws {TargetRefused}
 */
export async function resolveTarget(
  text: string,
  network: Pick<WebhookNetwork, 'allowedHosts' | 'lookup'>,
  needsTls = true,
): Promise<WebhookTarget> {
  const url = parseTarget(text);
  const isAllowed = network.allowedHosts.includes(url.host);
  if (needsTls && url.protocol !== 'https:' && !isAllowed) throw new TargetRefused('https_required');
  if (url.port !== '' && badPorts.has(Number(url.port))) throw new TargetRefused('port_refused');
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

async function addressesOf(url: URL, { lookup }: Pick<WebhookNetwork, 'lookup'>): Promise<readonly string[]> {
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
