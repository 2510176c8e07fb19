import { BlockList, isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';

/** Networks that are nobody's on the internet (RFC 1918, 4193, 6890): who asks from there is a proxy or a neighbour. */
const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  privateNetworks.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  privateNetworks.addSubnet(network, prefix, 'ipv6');

/**
 * The address that a request comes from, as far as it is known: of IPv6 its /64, which is one customer's.
 * @param trustedProxies how many proxies stand in front, each of which appends to `X-Forwarded-For`; what stands further
 * left was written by anybody. With none a private address is not told: it is a proxy's that nobody named.
 */
export function clientAddress(
  { socket, headers }: Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } },
  trustedProxies: number,
): string | undefined {
  const peer = socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/i, '') ?? '';
  if (trustedProxies === 0) return isIP(peer) && !isPrivate(peer) ? networkOf(peer) : undefined;
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
  const address = forwarded.at(-trustedProxies)?.trim() ?? '';
  return isIP(address) ? networkOf(address) : undefined;
}

const isPrivate = (address: string) => privateNetworks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

function networkOf(address: string): string {
  if (isIP(address) === 4) return address;
  // The parser of URLs writes every spelling of an address the same way.
  const [head = '', tail = ''] = new URL(`http://[${address.split('%')[0]}]`).hostname
    .slice(1, -1)
    .split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
