import { SessionController } from '../controller/session-controller.js';
import { SessionError } from '../protocol/errors.js';
import { takeParameter } from '../protocol/take-parameter.js';
import {
  controllerOptions,
  sessionData,
  type SDKConfig,
  type SDKEvents,
  type SessionData,
} from './config.js';
import { warningElement } from './warning-element.js';

/**
 * The session token that was taken out of the page's address. The older SDK left it there, so that an instance that is made in
 * place of another one, as React does in StrictMode, finds it.
 */
let tokenOfAddress: string | undefined;

/**
 * The older SDK's class over `SessionController`: its examples run with the import changed alone. The warning is the package's own
 * dialog, and the customer leaves for the return address at the end.
 *
 * All methods are bound: Vue's `ref` wraps an instance in a proxy, which has no private fields.
 */
export class MarketplaceSDK {
  readonly #handlers: Partial<SDKEvents>;
  readonly #controller: SessionController;
  readonly #warning: HTMLElement;
  #isDestroyed = false;
  #lastCall: Promise<unknown> = Promise.resolve();

  constructor(config: SDKConfig) {
    const { onSessionStart, onSessionWarning, onSessionEnd, onError } = config;
    this.#handlers = { onSessionStart, onSessionWarning, onSessionEnd, onError } as Partial<SDKEvents>;
    const { values } = takeParameter(location.href, (name) => name === 'session');
    tokenOfAddress = values[0] ?? tokenOfAddress;
    const controller = (this.#controller = new SessionController(controllerOptions(config, tokenOfAddress)));
    controller.addEventListener('ready', () => this.#handlers.onSessionStart?.(this.getSessionData()!));
    controller.addEventListener('warning', ({ remainingSeconds }) =>
      this.#handlers.onSessionWarning?.({ remainingSeconds }),
    );
    controller.addEventListener('end', () => this.#handlers.onSessionEnd?.());
    controller.addEventListener('error', ({ error }) => this.#handlers.onError?.(error));
    this.#warning = warningElement(controller, config.customStyles);
  }

  /** Hears of something in place of who heard of it before. */
  on = <T extends keyof SDKEvents>(event: T, handler: SDKEvents[T]): void => {
    this.#handlers[event] = handler;
  };

  /**
   * Has the session token of the page's address validated, and runs the time. Once the instance is destroyed nobody hears of it any
   * more: what is under way then is never settled.
   * @throws {SessionError} as `SessionController.start()`; `onError` is told of it before.
   */
  initialize = async (): Promise<SessionData> => {
    document.body.append(this.#warning);
    try {
      await this.#controller.start();
    } catch (error) {
      if (this.#isDestroyed) return new Promise(() => {});
      // That a customer has no session is no error to the controller.
      if (this.#controller.state === 'empty') this.#handlers.onError?.(error as Error);
      throw error;
    }
    return this.getSessionData()!;
  };

  /**
   * Lets a paused session's time run; one that runs already goes on.
   * @throws {SessionError} `CALL_REFUSED` before `initialize()`.
   */
  startTimer = (): void => {
    if (!this.#controller.session) throw new SessionError('CALL_REFUSED');
    this.resumeTimer();
  };

  /** Asks the service to stop the time, where it lets the customer. */
  pauseTimer = (): void => {
    this.#inTurn(async () => this.#controller.state === 'active' && this.#controller.pause());
  };

  resumeTimer = (): void => {
    this.#inTurn(async () => this.#controller.state === 'paused' && this.#controller.resume());
  };

  /** Ends the session; the service settles it, and the customer returns. */
  endSession = (): void => void this.#controller.end().catch(() => {});

  /** Buys more time. @throws {SessionError} as `SessionController.extend()`. */
  extendSession = (minutes: number): Promise<void> => this.#controller.extend(minutes);

  /** Reports that the work is done, and settles. @param minutes as the page counted them, for the record. */
  completeSession = (minutes?: number): Promise<void> =>
    this.#controller.complete(minutes === undefined ? {} : { actualUsageMinutes: minutes });

  getSessionData = (): SessionData | null => {
    const { session } = this.#controller;
    return session && sessionData(session);
  };

  /** Whole seconds left; 0 before the service has spoken. */
  getRemainingTime = (): number => this.#controller.remainingSeconds ?? 0;

  /** The remaining time as `M:SS`, however many minutes. */
  getFormattedTime = (): string => {
    const seconds = this.getRemainingTime();
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  };

  /** Lets go of everything in this page; the session itself goes on. */
  destroy = (): void => {
    this.#isDestroyed = true;
    this.#controller.destroy();
    this.#warning.remove();
  };

  /**
   * One after the other, as the older calls were through at once: what is resumed while the service is asked to pause is resumed after
   * that. What was refused is told by the controller's `error`.
   */
  #inTurn(call: () => Promise<unknown>): void {
    this.#lastCall = this.#lastCall.then(call).catch(() => {});
  }
}
