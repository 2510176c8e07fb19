import { browserWorld } from '../../controller/browser-world.js';
import { text } from '../../controller/option-values.js';
import { SessionController } from '../../controller/session-controller.js';
import { SessionPiece } from '../pieces/session-piece.js';
import type { Property } from '../shared/base-element.js';
import { LateDrawing, type DrawingPart } from './late-drawing.js';
import { serviceAddress } from './service-address.js';
import type { Attended } from './line-keeper.js';

/**
 * Belongs to the session beside it, as a customer has it, or to one that a helper attends by an access token; and is drawn by a
 * part that comes with that session.
 */
export abstract class AttendingPiece<Part extends DrawingPart> extends SessionPiece {
  static override properties: Record<string, Property> = {
    ...SessionPiece.properties,
    sessionId: { read: text },
    serverUrl: { read: text },
    accessTokenUrl: { read: text },
  };

  declare sessionId: string | undefined;
  declare serverUrl: string | undefined;
  declare accessTokenUrl: string | undefined;

  readonly #drawing = new LateDrawing<Part>(this, (isNeeded) => this.makePart(isNeeded));

  /** Fetches the part and makes it. */
  protected abstract makePart(isNeeded: () => unknown): Promise<Part>;

  /** What draws, once it is there. */
  protected get drawing(): Part | undefined {
    return this.#drawing.current;
  }

  /** @throws {SessionError} `SCRIPT_INCOMPLETE` where the element has left the page before its script was there. */
  protected load(): Promise<Part> {
    return this.#drawing.load();
  }

  protected override followed(controller: SessionController): void {
    // What it needs of a session is known to the copy of the package that runs it, alone.
    if (!(controller instanceof SessionController))
      console.warn(
        `<${this.localName}> cannot join a session of another copy of marketplace-session: bundle both together.`,
      );
    this.load().catch(() => {});
  }

  protected override show(): void {
    if (this.attended) browserWorld().whenIdle(() => this.load().catch(() => {}));
    this.drawing?.draw();
  }

  /** @internal */
  get attended(): Attended | undefined {
    const { sessionId, serverUrl, accessTokenUrl } = this;
    return sessionId && serverUrl && accessTokenUrl
      ? { sessionId, serverUrl: serviceAddress(serverUrl), accessTokenUrl }
      : undefined;
  }
}
