import { text } from '../../controller/option-values.js';
import { SessionPiece } from '../pieces/session-piece.js';
import type { Property } from '../shared/base-element.js';
import { serviceAddress } from './service-address.js';
import type { Attended } from './line-keeper.js';

/** Belongs to the session beside it, as a customer has it, or to one that a helper attends by an access token. */
export abstract class AttendingPiece extends SessionPiece {
  static override properties: Record<string, Property> = {
    ...SessionPiece.properties,
    sessionId: { read: text },
    serverUrl: { read: text },
    accessTokenUrl: { read: text },
  };

  declare sessionId: string | undefined;
  declare serverUrl: string | undefined;
  declare accessTokenUrl: string | undefined;

  /** @internal */
  get attended(): Attended | undefined {
    const { sessionId, serverUrl, accessTokenUrl } = this;
    return sessionId && serverUrl && accessTokenUrl
      ? { sessionId, serverUrl: serviceAddress(serverUrl), accessTokenUrl }
      : undefined;
  }
}
