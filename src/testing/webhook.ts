import type { WebhookEvent } from '../protocol/webhooks.js';

const prefix = 'whsec_';

/** A webhook as it arrives: hand both to your route as they are. */
export interface TestWebhook {
  body: string;
  headers: Record<string, string>;
}

export interface TestWebhookOptions {
  /** `webhook-id`: by it a receiver knows a repeated one; a new one by default. */
  id?: string | undefined;
  /** When it is sent, ms since the epoch; now by default. */
  at?: number | undefined;
}

/**
 * Signs an event as the service does (Standard Webhooks 1.0), for tests of a route that receives webhooks.
 * @param secret `whsec_` and base64; that of your route
 * @throws {TypeError} where the secret is none
 * @example
 * const { body, headers } = await signTestWebhook(event, secret);
 * const response = await POST(new Request('https://app.example/webhooks', { method: 'POST', body, headers }));
 */
export async function signTestWebhook(
  event: WebhookEvent,
  secret: string,
  { id = `msg_${crypto.randomUUID()}`, at = Date.now() }: TestWebhookOptions = {},
): Promise<TestWebhook> {
  const body = JSON.stringify(event);
  const timestamp = String(Math.floor(at / 1000));
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', keyOf(secret), algorithm, false, ['sign']);
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, signed));
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${btoa(String.fromCharCode(...signature))}`,
    },
  };
}

function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  const [, text] = new RegExp(`^${prefix}([\\w+/]+={0,2})$`).exec(secret) ?? [];
  if (text === undefined) throw new TypeError('secret must be whsec_ and base64 after it');
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
