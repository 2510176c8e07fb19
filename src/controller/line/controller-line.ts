import type { Capability } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import { isFinal } from '../../protocol/state-machine.js';
import { goodAnswer, networkError, pathInSession, send } from '../network/http-client.js';
import type { HttpRequest, Transport } from '../network/http-request.js';
import { liveNewsOf } from '../network/live-news.js';
import { browserWorld } from '../browser-world.js';
import { hooks } from '../option-values.js';
import { attachedRun, onAttached } from '../run/attached-runs.js';
import { onChange } from '../run/listen.js';
import { offers } from '../run/said.js';
import type { SessionRun } from '../run/session-run.js';
import type { SessionController } from '../session-controller.js';
import type { LineNews, SessionLine } from './session-line.js';

/** The customer's line: that of the page's session. It follows the controller from session to session. */
export class ControllerLine implements SessionLine {
  readonly side = 'customer';
  readonly #controller: SessionController;

  constructor(controller: SessionController) {
    this.#controller = controller;
  }

  get world() {
    return this.#run?.world ?? browserWorld();
  }

  get state(): SessionLine['state'] {
    const { session, state } = this.#controller;
    if (!this.#run || !session) return 'closed';
    return isFinal(session.status) || state === 'ended' ? 'over' : 'open';
  }

  get sessionId(): string | undefined {
    return this.#run?.snapshot.session?.id;
  }

  offers(capability: Capability): boolean {
    return this.#run !== undefined && offers(this.#run, capability);
  }

  now(): number {
    return this.#run?.clock.now() ?? this.world.now();
  }

  async request<Body>(request: HttpRequest, sendBy?: Transport): Promise<Body> {
    const run = this.#run;
    if (!run) throw new SessionError('CALL_REFUSED', { message: 'there is no session' });
    if (sendBy) return sendOnceBy<Body>(run, request, sendBy);
    try {
      return (await send<Body>(run, request)).body;
    } catch (error) {
      // Done, and nothing to say.
      if (error instanceof SessionError && error.status === 204) return undefined as Body;
      throw error;
    }
  }

  listen(listener: (news: LineNews) => void, signal: AbortSignal): void {
    let run: SessionRun | undefined;
    let ofRun = new AbortController();
    const follow = () => {
      if (this.#run !== run) {
        ofRun.abort();
        ofRun = new AbortController();
        run = this.#run;
        if (run) this.#hear(run, listener, ofRun.signal);
      }
      // A tab that has joined others learns late what there is.
      listener({ type: 'changed' });
    };
    const endings = [onAttached(follow), this.#controller.subscribe(follow)];
    signal.addEventListener('abort', () => {
      ofRun.abort();
      for (const end of endings) end();
    });
    follow();
  }

  get #run(): SessionRun | undefined {
    return attachedRun(this.#controller);
  }

  #hear(run: SessionRun, listener: (news: LineNews) => void, signal: AbortSignal): void {
    liveNewsOf(run).listen((event) => listener({ type: 'event', event }), signal);
    run.signal.addEventListener('abort', () => listener({ type: 'changed' }), { signal });
    onChange(
      run,
      (after, before) => {
        if (after.state !== before.state) listener({ type: 'changed' });
        if (after.connection === 'online' && before.connection !== 'online') listener({ type: 'restored' });
      },
      signal,
    );
  }
}

/** It is told to nobody whether the service was reached: what else is asked says so. */
async function sendOnceBy<Body>(run: SessionRun, request: HttpRequest, sendBy: Transport): Promise<Body> {
  if (!run.token) throw new SessionError('CALL_REFUSED', { message: 'another tab has the session token' });
  const path = pathInSession(run, request.path);
  const init = await run.requestInit({ ...request, path });
  const answer = await sendBy(run.endpoint + path, init, run.signal).catch((cause: unknown) => {
    run.signal.throwIfAborted();
    throw networkError(cause);
  });
  hooks(run.options.hooks)?.response?.(answer.response);
  return goodAnswer<Body>(answer, run.world.now()).body;
}
