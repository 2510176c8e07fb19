import type { ErrorCode } from '../../../protocol/error-codes.js';
import type { SessionEvent } from '../../../controller/events.js';

/** The events of the files of a session and their fields: ids and codes, never a name. They bubble and are composed. */
export interface FilesEventFields {
  /** The service has a file of this side. */
  'file-uploaded': { fileId: string };
  /** The other side has sent one. */
  'file-received': { fileId: string };
  /** One could not be sent. */
  'file-failed': { code: ErrorCode };
}

export type MarketplaceFilesEventMap = {
  [T in keyof FilesEventFields]: SessionEvent & FilesEventFields[T];
};

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a global event map
  interface GlobalEventHandlersEventMap extends MarketplaceFilesEventMap {}
}
