import { SessionError } from '../protocol/errors.js';
import { repeatsMember } from '../protocol/plain-json.js';
import type { WebhookEvent } from '../protocol/webhooks.js';
import { environment } from './options.js';
import { readWebhookBody } from './webhook-body.js';

/** As a `Request` has them, or as Node's `request.headers`. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyWebhookOptions {
  /** How far the webhook's time may be off, both ways, seconds; 300 by default. */
  toleranceSeconds?: number;
  /** The receiver's clock, ms since the epoch. */
  now?: () => number;
}

export interface VerifyRequestOptions extends VerifyWebhookOptions {
  /** `whsec_...`, or several while you change over; the environment's `MARKETPLACE_WEBHOOK_SECRET` by default. */
  secret?: string | readonly string[] | undefined;
}

const secretForm = /^whsec_(?=.)([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** One signature, or several with a blank between: a secret that was replaced signs beside its successor. */
const signaturesForm = /^v\d{1,2}a?,[A-Za-z0-9+/]+={0,2}(?: v\d{1,2}a?,[A-Za-z0-9+/]+={0,2}){0,15}$/;

/**
 * The event of a webhook, if it is the service's and of now (Standard Webhooks 1.0): of a `Request` whose body nobody has read, or
 * of what a framework gives in its place.
 * @param body as it came, not parsed: what is signed are the bytes.
 * @param secret `whsec_...`, as it was told at the registration; several while you change over.
 * @returns the event. Its id is the header `webhook-id`: what you have seen already, ignore.
 * @throws {SessionError} `WEBHOOK_SIGNATURE_INVALID`, whose message says what is wrong, and never what was expected.
 * @throws {TypeError} where the body was read or parsed already, the secret is none or missing, or the tolerance is endless.
 * @example
 * const event = await verifyWebhook(request);
 * if (event.type === 'session.ended') bill(event.data.session_id, event.data.final_cost);
 */
export function verifyWebhook(request: Request, options?: VerifyRequestOptions): Promise<WebhookEvent>;
export function verifyWebhook(
  body: string | ArrayBuffer | Uint8Array,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  options?: VerifyWebhookOptions,
): Promise<WebhookEvent>;
export async function verifyWebhook(
  given: Request | string | ArrayBuffer | Uint8Array,
  second: WebhookHeaders | VerifyRequestOptions = {},
  secret: string | readonly string[] = [],
  options?: VerifyWebhookOptions,
): Promise<WebhookEvent> {
  if (!isRequest(given)) return verify(given, second as WebhookHeaders, secret, options);
  const own = second as VerifyRequestOptions;
  const keys = webhookSecret(own.secret);
  const body = await readWebhookBody(given);
  return body ? verify(body, given.headers, keys, own) : refuse('its body is longer than any webhook');
}

/** @throws {TypeError} where there is none, neither in the environment. */
export function webhookSecret(own: string | readonly string[] | undefined): string | readonly string[] {
  const secret = own ?? environment('MARKETPLACE_WEBHOOK_SECRET');
  if (!secret?.length) throw new TypeError('secret is missing: pass it, or set MARKETPLACE_WEBHOOK_SECRET');
  return secret;
}

/** Not by its class: test runners and workers have one of their own. */
const isRequest = (given: unknown): given is Request =>
  typeof (given as Request | null)?.arrayBuffer === 'function' && 'headers' in (given as Request);

async function verify(
  body: string | ArrayBuffer | Uint8Array,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  { toleranceSeconds = 300, now = Date.now }: VerifyWebhookOptions = {},
): Promise<WebhookEvent> {
  const bytes = bytesOf(body);
  const keys = [secret].flat().map(keyOf);
  if (keys.length === 0) throw new TypeError('secret must be one or several');
  if (!(toleranceSeconds >= 0 && toleranceSeconds < Infinity))
    throw new TypeError('toleranceSeconds must be a number from 0 on');
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature');
  if (!/^[\w-]{1,255}$/.test(id)) refuse('webhook-id is malformed');
  if (!/^[1-9]\d{0,10}$/.test(timestamp)) refuse('webhook-timestamp is malformed');
  if (!signaturesForm.test(signatures)) refuse('webhook-signature is malformed');
  const aheadSeconds = Number(timestamp) - now() / 1000;
  if (Math.abs(aheadSeconds) > toleranceSeconds)
    refuse(`webhook-timestamp is too ${aheadSeconds > 0 ? 'far ahead' : 'old'}`);

  const prefix = new TextEncoder().encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(prefix.length + bytes.length);
  signed.set(prefix);
  signed.set(bytes, prefix.length);
  const given = signatures
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => decodeCanonical(signature.slice(3)));
  // Every key with every signature: how long it takes tells nothing of which one came close.
  const verdicts = await Promise.all(
    keys.map(async (key) => {
      const algorithm = { name: 'HMAC', hash: 'SHA-256' };
      const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['verify']);
      return Promise.all(given.map((signature) => crypto.subtle.verify('HMAC', imported, signature, signed)));
    }),
  );
  if (!verdicts.flat().includes(true)) refuse('no signature fits');
  return readEvent(bytes);
}

function refuse(message: string): never {
  throw new SessionError('WEBHOOK_SIGNATURE_INVALID', { message: `The webhook is refused: ${message}.` });
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  // Not by their class: test runners and workers have one of their own.
  if (ArrayBuffer.isView(body))
    return new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.byteLength);
  if (Object.prototype.toString.call(body) === '[object ArrayBuffer]')
    return new Uint8Array(body as ArrayBuffer);
  throw new TypeError('body must be the text or the bytes as they came, not what was parsed of them');
}

function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  if (!secretForm.test(secret)) throw new TypeError('secret must be whsec_ and base64 after it');
  return decodeBase64(secret.slice('whsec_'.length));
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

/** One signature has one spelling: padded, and without unused bits (RFC 4648, 3.5). Another one is none. */
function decodeCanonical(text: string): Uint8Array<ArrayBuffer> {
  const bytes = decodeBase64(text);
  return btoa(String.fromCharCode(...bytes)) === text ? bytes : new Uint8Array();
}

/** The one value of a header. `Headers` joins repeated ones with a comma and a blank, which none of these has. Null is none. */
function headerOf(headers: WebhookHeaders, name: string): string {
  const values =
    typeof headers.get === 'function'
      ? [(headers as Headers).get(name)]
      : Object.entries(headers)
          .filter(([other]) => other.toLowerCase() === name)
          .flatMap(([, value]) => value);
  const [given, ...others] = (values as unknown[]).filter((value) => value !== undefined && value !== null);
  if (given === undefined) refuse(`${name} is missing`);
  if (others.length > 0) refuse(`${name} is repeated`);
  // A program in JavaScript may pass anything.
  if (typeof given !== 'string') return refuse(`${name} is malformed`);
  return given.includes(', ') ? refuse(`${name} is repeated`) : given;
}

function readEvent(bytes: Uint8Array<ArrayBuffer>): WebhookEvent {
  let text: string;
  let event: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    event = JSON.parse(text);
  } catch {
    return refuse('its body is no JSON');
  }
  if (repeatsMember(text)) refuse('its body has a member twice');
  if (typeof (event as WebhookEvent | null)?.type !== 'string') refuse('its body is no event');
  return event as WebhookEvent;
}
