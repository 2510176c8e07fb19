import type { CheckName, CheckState } from '../../../controller/preflight/check-state.js';

/** The events of a preflight and their fields: ids and states, never the name of a device. */
export interface PreflightEventFields {
  /** The person goes on: every check that is required passes. Ids are those of this page (`MediaDeviceInfo.deviceId`). */
  'preflight-passed': { cameraId: string | null; microphoneId: string | null; speakerId: string | null };
  /** A check that is required cannot pass as it stands. */
  'preflight-failed': { check: CheckName; checkState: CheckState };
}

/** An event of a preflight; the fields of its type stand on the event itself. It bubbles and is composed. */
export class PreflightEvent<T extends keyof PreflightEventFields> extends Event {
  constructor(type: T, fields: PreflightEventFields[T]) {
    super(type, { bubbles: true, composed: true });
    Object.assign(this, fields);
  }
}

export type MarketplacePreflightEventMap = {
  [T in keyof PreflightEventFields]: PreflightEvent<T> & PreflightEventFields[T];
};

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a global event map
  interface GlobalEventHandlersEventMap extends MarketplacePreflightEventMap {}
}
