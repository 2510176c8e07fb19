import type { IncomingMessage } from 'node:http';

/** `Host`: a name or an address, and perhaps a port (RFC 9110, 7.2); empty where the target has none. */
const hostForm = /^(?:[\w.~!$&'()*+,;=%-]+|\[[\da-f:.]+\])?(?::\d*)?$/i;

/**
 * Whether the head of a request is one that HTTP allows, beyond what Node's parser looks at: a version of HTTP/1, and one
 * `Host`, which HTTP/1.0 may leave out (RFC 9112, 2.3 and 3.2).
 */
export function isAcceptable({
  httpVersion,
  rawHeaders,
}: Pick<IncomingMessage, 'httpVersion' | 'rawHeaders'>): boolean {
  if (httpVersion !== '1.0' && httpVersion !== '1.1') return false;
  const hosts = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === 'host',
  );
  if (hosts.length === 0) return httpVersion === '1.0';
  return hosts.length === 1 && hostForm.test(hosts[0]!.trim());
}
