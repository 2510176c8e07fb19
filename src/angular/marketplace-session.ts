import {
  afterNextRender,
  computed,
  DestroyRef,
  inject,
  InjectionToken,
  makeEnvironmentProviders,
  signal,
  type EnvironmentProviders,
  type Signal,
} from '@angular/core';
import { follow } from '../controller/follow.js';
import type { SessionControllerOptions } from '../controller/options.js';
import { sessionCalls, type SessionCalls } from '../controller/session-calls.js';
import { SessionController } from '../controller/session-controller.js';
import type { SessionSnapshot } from '../controller/snapshot.js';
import { SessionError } from '../protocol/errors.js';

/** A session for components: how it stands, and what can be done with it. */
export interface MarketplaceSessionInAngular extends SessionCalls {
  readonly snapshot: Signal<SessionSnapshot>;
  readonly state: Signal<SessionSnapshot['state']>;
  readonly session: Signal<SessionSnapshot['session']>;
  readonly connection: Signal<SessionSnapshot['connection']>;
  readonly pending: Signal<SessionSnapshot['pending']>;
  readonly error: Signal<SessionSnapshot['error']>;
  /** Whether a warning threshold has passed. */
  readonly isWarning: Signal<boolean>;
  /** Whole seconds left, rounded up; null before the service has spoken. */
  readonly remainingSeconds: Signal<number | null>;
  /** `M:SS`, from one hour on `H:MM:SS`; empty before the service has spoken. */
  readonly remainingText: Signal<string>;
  readonly controller: SessionController;
}

const token = new InjectionToken<MarketplaceSessionInAngular>('marketplace-session');

/** Starts in a browser, once something is drawn; let go with whatever it is injected into. */
function openSession(options: SessionControllerOptions): MarketplaceSessionInAngular {
  const controller = new SessionController(options);
  const snapshot = signal(controller.snapshot);
  const remainingSeconds = signal(controller.remainingSeconds);
  const remainingText = signal(controller.remainingText);
  const leave = follow(controller, () => {
    snapshot.set(controller.snapshot);
    remainingSeconds.set(controller.remainingSeconds);
    remainingText.set(controller.remainingText);
  });
  // What it rejects with stands in its snapshot.
  afterNextRender(() => controller.start().catch(() => {}));
  inject(DestroyRef).onDestroy(() => {
    leave();
    controller.destroy();
  });
  const member = <K extends keyof SessionSnapshot>(name: K) => computed(() => snapshot()[name]);
  return {
    ...sessionCalls(controller),
    controller,
    snapshot: snapshot.asReadonly(),
    state: member('state'),
    session: member('session'),
    connection: member('connection'),
    pending: member('pending'),
    error: member('error'),
    isWarning: computed(() => snapshot().warning !== null),
    remainingSeconds: remainingSeconds.asReadonly(),
    remainingText: remainingText.asReadonly(),
  };
}

/**
 * One session for a whole application, or for a part of it (`providers` of a route): each component reads it by
 * `injectMarketplaceSession()`. It starts once a component has asked for it.
 */
export function provideMarketplaceSession(options: SessionControllerOptions): EnvironmentProviders {
  return makeEnvironmentProviders([{ provide: token, useFactory: () => openSession(options) }]);
}

/**
 * A session without an element, drawn by the component itself. To be called where `inject()` may be, as in a field of a component.
 * On a server it does nothing.
 * @param options of a session of its own, read once; none for that of `provideMarketplaceSession`.
 * @throws {SessionError} `CONFIGURATION_INVALID` where there are no options, and no session is provided.
 */
export function injectMarketplaceSession(options?: SessionControllerOptions): MarketplaceSessionInAngular {
  const session = options ? openSession(options) : inject(token, { optional: true });
  if (!session)
    throw new SessionError('CONFIGURATION_INVALID', {
      message: 'injectMarketplaceSession() without options needs provideMarketplaceSession()',
    });
  return session;
}
