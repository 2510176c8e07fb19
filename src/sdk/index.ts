// For the server of a provider or a marketplace, in any JavaScript runtime with Web Cryptography. Not for a browser.
export { verifyWebhook, type VerifyWebhookOptions, type WebhookHeaders } from './verify-webhook.js';
export type { WebhookEvent, WebhookEventType } from '../protocol/webhooks.js';
