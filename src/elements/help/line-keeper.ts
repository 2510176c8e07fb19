import { AccessLine } from '../../controller/line/access-line.js';
import { ControllerLine } from '../../controller/line/controller-line.js';
import type { SessionLine } from '../../controller/line/session-line.js';
import type { SessionController } from '../../controller/session-controller.js';

/** Whose session it is where no session runs in the page: that of a helper. */
export interface Attended {
  sessionId: string;
  serverUrl: string;
  accessTokenUrl: string;
}

/** A way to a session; that of a helper goes first. */
export interface SessionSource {
  controller?: SessionController | undefined;
  attended?: Attended | undefined;
}

/** The line to the session of an element, which may become another one's. */
export class LineKeeper {
  #source: SessionSource = {};
  #line: SessionLine | undefined;

  /** Undefined where there is none, or it cannot be reached. */
  get line(): SessionLine | undefined {
    return this.#line;
  }

  /** @returns whether the line is another one now; the one before asks nothing any more. */
  follow({ controller, attended }: SessionSource): boolean {
    const next = attended ? { attended } : { controller };
    if (next.controller === this.#source.controller && isSame(next.attended, this.#source.attended))
      return false;
    this.#source = next;
    if (this.#line instanceof AccessLine) this.#line.close();
    this.#line = lineOf(next);
    return true;
  }
}

const isSame = (one: Attended | undefined, other: Attended | undefined): boolean =>
  one?.sessionId === other?.sessionId &&
  one?.serverUrl === other?.serverUrl &&
  one?.accessTokenUrl === other?.accessTokenUrl;

function lineOf({ controller, attended }: SessionSource): SessionLine | undefined {
  if (!attended) return controller && new ControllerLine(controller);
  const { sessionId, serverUrl, accessTokenUrl } = attended;
  try {
    return new AccessLine({ sessionId, apiEndpoint: serverUrl, accessTokenUrl });
  } catch {
    return undefined;
  }
}
