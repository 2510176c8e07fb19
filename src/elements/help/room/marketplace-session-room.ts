import { latePart } from '../../../controller/late-part.js';
import { text, words } from '../../../controller/option-values.js';
import type { CaptureKind } from '../../../controller/preflight/check-state.js';
import type { JoinOptions } from '../../../controller/room/room.js';
import type { Property } from '../../shared/base-element.js';
import { timerStyles } from '../../session/styles.js';
import { AttendingPiece } from '../attending-piece.js';
import type { RoomHost } from './room-host.js';
import type { RoomPart } from './room-part.js';
import type { OwnRoomWords } from './room-words.js';

const roomPart = latePart(() => import('./room-part.js'));

const captureKinds: readonly CaptureKind[] = ['microphone', 'camera'];
const readMedia = (value: unknown) => {
  const names = words(value);
  if (!names) return captureKinds;
  return names.every((name) => captureKinds.some((kind) => kind === name))
    ? captureKinds.filter((kind) => names.includes(kind))
    : null;
};

/**
 * The call of a session: the other side large, the person small, and what one needs beside it. Nothing is captured before a
 * press, and every track is stopped when the person leaves, the session ends, the page goes or the element is removed. Where
 * the backend has its rooms elsewhere it is one link, which is renewed while it counts. It stands beside a
 * marketplace-session, or, in the page of a helper, attends the session that `session-id` names by an access token. Nothing is
 * drawn where the backend has no rooms (capability `room`).
 *
 * @summary The call between the two sides of a session.
 * @tag marketplace-session-room
 *
 * @attr {string} for - Id of the marketplace-session it belongs to. Needed only where a page has several, and the element stands in none.
 * @attr {string} session-id - The session that a helper attends; with `server-url` and `access-token-url`.
 * @attr {string} server-url - The address of the session service, for a helper.
 * @attr {string} access-token-url - Where the helper's page gets an access token with `sessions.read` and `sessions.attend`.
 * @attr {string} media - What is sent at first: "microphone camera" by default; empty to see and hear alone.
 * @attr {string} camera-id - The camera that is preferred, as `preflight-passed` tells it; that of last time by default.
 * @attr {string} microphone-id - The microphone that is preferred.
 * @attr {string} speaker-id - Where the other side sounds, as far as the browser lets that be chosen.
 * @attr {'auto'|'light'|'dark'} theme - Colours; "auto" follows the page.
 *
 * @fires room-joined - This page is in the call, whether or not the other side is there yet. `sessionId`.
 * @fires room-left - It is in the call no more. `sessionId`, `reason`: "left", "elsewhere", "ended" or "failed".
 * @fires room-quality - The call is as good as that from now on. `sessionId`, `quality`: "good", "weak" or "poor".
 * @fires room-failed - It could not be joined, or did not come about. `sessionId`, `code`.
 *
 * @slot placeholder - In the place of the other side's picture while there is none, such as a logo.
 *
 * @csspart session, button, primary-button, announcement
 * @csspart room - The whole of it.
 * @csspart room-title - Its heading.
 * @csspart room-text - How the call stands, and what to do.
 * @csspart stage - Around both pictures.
 * @csspart remote-video - The picture of the other side.
 * @csspart own-video - The person's own picture.
 * @csspart stage-text - In place of a picture, or in front of it.
 * @csspart device-text - Of a device that cannot be used: why, and what to do.
 * @csspart controls - The row of buttons.
 * @csspart join-button, join-link - Joins here, or in a tab of its own.
 * @csspart skip-button - Joins without what the browser is asking for.
 * @csspart microphone-button, camera-button, screen-button - Turns it on and off.
 * @csspart devices-button - Shows the menus of devices.
 * @csspart sound-button - Turns the sound on where the browser wants a press for it.
 * @csspart leave-button - Leaves the call.
 * @csspart retry-button - Tries again.
 * @csspart here-button - Brings the call back to this page.
 * @csspart devices - Around the menus.
 * @csspart device-label - A menu with its name.
 * @csspart device-choice - The menu of devices of one kind.
 *
 * @cssproperty --marketplace-session-accent, --marketplace-session-on-accent, --marketplace-session-surface, --marketplace-session-text, --marketplace-session-muted, --marketplace-session-border, --marketplace-session-urgent, --marketplace-session-radius
 * @cssproperty [--marketplace-session-room-height=70vh] - The greatest height of the pictures.
 *
 * @cssstate idle, loading, empty, waiting, active, paused, ending, ended, failed, warning, reconnecting, offline - Of the session beside it.
 * @cssstate room-idle - The person can join.
 * @cssstate room-link - The room is elsewhere.
 * @cssstate room-joining - The service is asked.
 * @cssstate room-checking - The browser asks the person for camera and microphone.
 * @cssstate room-waiting - The other side is not there yet.
 * @cssstate room-connecting - Both are there, and a way is looked for.
 * @cssstate room-connected - They are connected.
 * @cssstate room-reconnecting - The way was lost.
 * @cssstate room-left - The other side has left.
 * @cssstate room-elsewhere - Another page of the person has the call.
 * @cssstate room-ended - The session is over.
 * @cssstate room-failed - It could not be joined, or did not come about.
 * @cssstate room-weak, room-poor - The call is not good.
 */
export class MarketplaceSessionRoomElement extends AttendingPiece<RoomPart> implements RoomHost {
  static override sheets = [timerStyles];

  static override properties: Record<string, Property> = {
    ...AttendingPiece.properties,
    media: { read: readMedia },
    cameraId: { read: text },
    microphoneId: { read: text },
    speakerId: { read: text },
    roomStrings: { read: (own) => own ?? {}, attribute: false },
  };

  declare media: readonly CaptureKind[];
  declare cameraId: string | undefined;
  declare microphoneId: string | undefined;
  declare speakerId: string | undefined;
  /** Words in place of the room's own. */
  declare roomStrings: OwnRoomWords;

  /** @internal */
  get joinOptions(): JoinOptions {
    const { media, cameraId, microphoneId, speakerId } = this;
    return { media, cameraId, microphoneId, speakerId };
  }

  /**
   * Joins, as the button does. Call it from a press: browsers ask the person then.
   * @throws {SessionError} as `Room.join()`, and `SCRIPT_INCOMPLETE` where the element has left the page before its script was there.
   */
  async join(): Promise<void> {
    await (await this.load()).join();
  }

  /** Leaves the call, and lets go of camera, microphone and screen. */
  leave(): void {
    this.drawing?.leave();
  }

  /** @internal */
  showRoom(...states: string[]): void {
    this.ownStates = states;
  }

  protected override async makePart(isNeeded: () => unknown): Promise<RoomPart> {
    const { RoomPart } = await roomPart(isNeeded);
    return new RoomPart(this);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-session-room': MarketplaceSessionRoomElement;
  }
}
