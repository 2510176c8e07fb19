import { latePart } from '../../../controller/late-part.js';
import type { Property } from '../../shared/base-element.js';
import { timerStyles } from '../../session/styles.js';
import { AttendingPiece } from '../attending-piece.js';
import type { FilesHost } from './files-host.js';
import type { FilesPart } from './files-part.js';
import type { OwnFilesWords } from './files-words.js';

const filesPart = latePart(() => import('./files-part.js'));

/**
 * The files that the two sides of a session send each other: chosen, dropped, pasted or photographed, with what may be sent
 * said before, how far each is, and why one was not taken; and all that are there, pictures with what they show. Each is kept
 * once, whatever the network does. It stands beside a marketplace-session, or, in the page of a helper, attends the session
 * that `session-id` names by an access token. Nothing is drawn where the backend takes no files (capability `files`).
 *
 * @summary Files that the two sides of a marketplace-session send each other.
 * @tag marketplace-session-files
 *
 * @attr {string} for - Id of the marketplace-session it belongs to. Needed only where a page has several, and the element stands in none.
 * @attr {string} session-id - The session that a helper attends; with `server-url` and `access-token-url`.
 * @attr {string} server-url - The address of the session service, for a helper.
 * @attr {string} access-token-url - Where the helper's page gets an access token with `sessions.read`, `sessions.attend`, `files.read` and `files.upload`.
 * @attr {'auto'|'light'|'dark'} theme - Colours; "auto" follows the page.
 *
 * @fires file-uploaded - The service has a file of this side. `fileId`.
 * @fires file-received - The other side has sent one. `fileId`.
 * @fires file-failed - One could not be sent. `code`.
 *
 * @csspart session, button, primary-button, announcement
 * @csspart files - The whole of it.
 * @csspart files-title - Its heading.
 * @csspart send - Around the buttons that send.
 * @csspart choose-button - Opens the browser's window for files.
 * @csspart photo-button - Opens the camera; on a touch screen alone.
 * @csspart files-text - What may be sent, that nothing was sent yet, that it is being read or could not be, or that the session is over.
 * @csspart try-again-button - Reads the files again.
 * @csspart drop - Over all of it, while something is dragged there.
 * @csspart uploads - The list of what is on its way, or was not sent.
 * @csspart upload - One of them.
 * @csspart upload-progress - How far it is.
 * @csspart upload-state - The same in words, or why it was not sent.
 * @csspart cancel-button - Gives it up.
 * @csspart send-again-button - Sends one that has failed.
 * @csspart put-away-button - Puts one away that has failed.
 * @csspart files-list - The list of files, which scrolls.
 * @csspart file - One of them.
 * @csspart own-file, other-file - One of the person's own, or of somebody else.
 * @csspart picture - What a picture shows.
 * @csspart file-name - The name of a file.
 * @csspart file-details - Who has sent it, when, and how large it is.
 * @csspart file-buttons - Around the buttons of a file.
 * @csspart download-link - Gets it.
 * @csspart delete-button - Asks whether it is to be deleted.
 * @csspart delete-question - Asks it, or says that it was not.
 * @csspart keep-button - Does not.
 * @csspart delete-now-button - Does.
 *
 * @cssproperty [--marketplace-session-files-height=28rem] - The greatest height of the list.
 * @cssproperty --marketplace-session-accent, --marketplace-session-on-accent, --marketplace-session-surface, --marketplace-session-text, --marketplace-session-muted, --marketplace-session-border, --marketplace-session-urgent, --marketplace-session-radius
 *
 * @cssstate idle - There is no session yet.
 * @cssstate loading, empty, waiting, active, paused, ending, ended, failed, warning, reconnecting, offline
 */
export class MarketplaceSessionFilesElement extends AttendingPiece<FilesPart> implements FilesHost {
  static override sheets = [timerStyles];

  static override properties: Record<string, Property> = {
    ...AttendingPiece.properties,
    filesStrings: { read: (own) => own ?? {}, attribute: false },
  };

  /** Words in place of the element's own. */
  declare filesStrings: OwnFilesWords;

  protected override async makePart(isNeeded: () => unknown): Promise<FilesPart> {
    const { FilesPart } = await filesPart(isNeeded);
    return new FilesPart(this);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-session-files': MarketplaceSessionFilesElement;
  }
}
