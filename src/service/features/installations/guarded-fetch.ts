import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { isAddress, resolveTarget, type WebhookNetwork } from '../webhooks/index.js';

export interface Guard {
  network: WebhookNetwork;
  /** Whether that address may be on a private network. */
  mayBePrivate(url: URL): boolean;
  /** Whether that address may be sent more than a question that changes nothing. */
  mayChange(url: URL): boolean;
  /** Ends everything that runs. */
  signal: AbortSignal;
}

const mostRedirects = 5;

/**
 * A `fetch` for addresses that foreign pages name: it connects to the address that was looked at, and to none of a private network,
 * after a redirect neither, and sends nothing of the service's own.
 */
export const guardedFetch = (guard: Guard) => async (request: Request) => {
  const body = await request.text();
  let url = new URL(request.url);
  for (let redirects = 0; ; redirects += 1) {
    const response = await ask(guard, url, request, body);
    const location = response.headers.get('location');
    const isRedirect = response.status >= 300 && response.status < 400 && location !== null;
    if (!isRedirect || request.redirect !== 'follow' || !URL.canParse(location, url)) return response;
    if (redirects === mostRedirects || request.method !== 'GET') throw new TypeError('redirected');
    await response.body?.cancel();
    url = new URL(location, url);
  }
};

async function ask(
  { network, mayBePrivate, mayChange, signal }: Guard,
  url: URL,
  { method, headers, signal: own }: Request,
  body: string,
): Promise<Response> {
  url.hash = '';
  if (!/^(GET|HEAD|OPTIONS)$/.test(method) && !mayChange(url)) throw new TypeError('not to this address');
  const allowedHosts = mayBePrivate(url) ? [url.host] : [];
  const target = await resolveTarget(url.href, { ...network, allowedHosts }, false);
  const isSecure = url.protocol === 'https:';
  const options: RequestOptions = {
    method,
    // The address that was checked, not the name: a second look could find another one (DNS rebinding).
    host: target.address,
    port: url.port || (isSecure ? 443 : 80),
    path: `${url.pathname}${url.search}`,
    headers: {
      ...Object.fromEntries(headers),
      Host: url.host,
      'Accept-Encoding': 'identity',
      'User-Agent': 'marketplace-session',
    },
    agent: false,
    signal: AbortSignal.any([signal, own]),
  };
  const tls = { servername: isAddress(url) ? '' : url.hostname, secureContext: network.secureContext };
  return new Promise((resolve, reject) => {
    const sent = isSecure ? requestHttps({ ...options, ...tls }) : requestHttp(options);
    sent.on('error', reject);
    sent.on('response', (response) => resolve(toResponse(response)));
    sent.on('upgrade', (_, socket) => {
      socket.destroy();
      reject(new Error('no answer'));
    });
    sent.on('close', () => reject(new Error('the connection was closed without an answer')));
    sent.end(body);
  });
}

/** Of a status that has no body none is read. */
function toResponse(message: IncomingMessage): Response {
  const status = message.statusCode!;
  const headers = new Headers();
  for (let at = 0; at < message.rawHeaders.length; at += 2)
    try {
      headers.append(message.rawHeaders[at]!, message.rawHeaders[at + 1]!);
    } catch {
      // What is no header for a browser is none here.
    }
  const hasBody = status >= 200 && ![204, 205, 304].includes(status);
  if (!hasBody) message.destroy();
  const body = hasBody ? (Readable.toWeb(message) as ReadableStream<Uint8Array>) : null;
  return new Response(body, { status: Math.max(200, status), headers });
}
