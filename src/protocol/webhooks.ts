import type { ServiceEvents, ServiceEventType } from './events.js';

/** Events that a webhook endpoint can ask for. */
export const webhookEventTypes = [
  'session.started',
  'session.extended',
  'session.shortened',
  'session.paused',
  'session.resumed',
  'session.warning',
  'session.ended',
  'participant.joined',
  'participant.lost',
  'participant.back',
  'webhook.disabled',
] as const satisfies readonly (ServiceEventType | 'webhook.disabled')[];

export type WebhookEventType = (typeof webhookEventTypes)[number];

/** Why an endpoint gets nothing: its owner's wish, its answer 410, or five days without one success. */
export type WebhookDisabledReason = 'owner' | 'gone' | 'failing';

/** What each event about a session says beside its own members; it never changes, so each retry has the same body. */
export interface WebhookSession {
  session_id: string;
  application_id: string;
  provider_id: string;
  user_id: string;
  /** As it was given at the sale. */
  metadata: Record<string, string>;
}

interface OtherWebhookData {
  /** Sent on request, to that endpoint alone, whatever it asked for. */
  'webhook.test': { endpoint_id: string };
  /** Another endpoint of the same provider was disabled by the service. */
  'webhook.disabled': { endpoint_id: string; url: string; disabled_reason: 'gone' | 'failing' };
}

type WebhookData = { [T in ServiceEventType]: ServiceEvents[T] & WebhookSession } & OtherWebhookData;

/** The body of a webhook (Standard Webhooks); its id is the header `webhook-id`. */
export type WebhookEvent = {
  [T in keyof WebhookData]: {
    type: T;
    /** When it happened, ISO 8601. */
    timestamp: string;
    data: WebhookData[T];
  };
}[keyof WebhookData];

/** Every event of the outbox can be asked for. */
true satisfies ServiceEventType extends WebhookEventType ? true : false;
