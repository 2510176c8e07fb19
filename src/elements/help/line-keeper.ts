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
    const before = this.#line;
    this.#line = lineOf(next);
    if (before instanceof AccessLine) leave(before);
    return true;
  }
}

const isSame = (one: Attended | undefined, other: Attended | undefined): boolean =>
  one?.sessionId === other?.sessionId &&
  one?.serverUrl === other?.serverUrl &&
  one?.accessTokenUrl === other?.accessTokenUrl;

/** Helpers' lines that elements of this page have, and how many have each. */
const shared = new Map<string, { line: AccessLine; count: number }>();

function lineOf({ controller, attended }: SessionSource): SessionLine | undefined {
  if (!attended) return controller && new ControllerLine(controller);
  const { sessionId, serverUrl, accessTokenUrl } = attended;
  const key = JSON.stringify([sessionId, serverUrl, accessTokenUrl]);
  const known = shared.get(key);
  try {
    const line = known?.line ?? new AccessLine({ sessionId, apiEndpoint: serverUrl, accessTokenUrl });
    shared.set(key, { line, count: (known?.count ?? 0) + 1 });
    return line;
  } catch {
    return undefined;
  }
}

/** The last one closes it. */
function leave(line: AccessLine): void {
  const [key, { count }] = [...shared].find(([, one]) => one.line === line)!;
  if (count > 1) return void shared.set(key, { line, count: count - 1 });
  shared.delete(key);
  line.close();
}
