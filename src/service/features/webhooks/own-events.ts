import {
  marketplaceEventTypes,
  providerEventTypes,
  type WebhookEventType,
} from '../../../protocol/webhooks.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';

/** @throws {InvalidRequest} where an event is of others: about the sessions of a provider, or the marketplace's customers. */
export function requireOwnEvents(providerId: string | null, events: readonly WebhookEventType[]): void {
  const [own, message] =
    providerId === null
      ? [marketplaceEventTypes, 'of a provider: name its provider_id']
      : [providerEventTypes, 'of the marketplace: its own endpoints have provider_id null'];
  const faults = events.flatMap((type, index) =>
    own.includes(type) ? [] : [{ pointer: `/events/${index}`, message }],
  );
  if (faults.length > 0) throw new InvalidRequest(faults);
}
