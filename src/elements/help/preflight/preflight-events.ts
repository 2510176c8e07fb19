import type { SessionEvent } from '../../../controller/events.js';
import type { CheckName, CheckState } from '../../../controller/preflight/check-state.js';

/** The events of a preflight and their fields: ids and states, never the name of a device. They bubble and are composed. */
export interface PreflightEventFields {
  /** The person goes on: every check that is required passes. Ids are those of this page (`MediaDeviceInfo.deviceId`). */
  'preflight-passed': { cameraId: string | null; microphoneId: string | null; speakerId: string | null };
  /** A check that is required cannot pass as it stands. */
  'preflight-failed': { check: CheckName; checkState: CheckState };
}

export type MarketplacePreflightEventMap = {
  [T in keyof PreflightEventFields]: SessionEvent & PreflightEventFields[T];
};

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a global event map
  interface GlobalEventHandlersEventMap extends MarketplacePreflightEventMap {}
}
