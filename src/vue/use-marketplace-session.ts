import {
  computed,
  hasInjectionContext,
  inject,
  onMounted,
  onScopeDispose,
  provide,
  readonly,
  ref,
  shallowReadonly,
  shallowRef,
  type ComputedRef,
  type InjectionKey,
  type Ref,
  type ShallowRef,
} from 'vue';
import { SessionError } from '../protocol/errors.js';
import { follow } from '../controller/follow.js';
import type { SessionControllerOptions } from '../controller/options.js';
import { sessionCalls, type SessionCalls } from '../controller/session-calls.js';
import { SessionController } from '../controller/session-controller.js';
import type { SessionSnapshot } from '../controller/snapshot.js';

/** A session for a component: how it stands, and what can be done with it. Every call is that of `SessionController`. */
export interface MarketplaceSessionInVue extends SessionCalls {
  readonly snapshot: Readonly<ShallowRef<SessionSnapshot>>;
  readonly state: ComputedRef<SessionSnapshot['state']>;
  readonly session: ComputedRef<SessionSnapshot['session']>;
  readonly connection: ComputedRef<SessionSnapshot['connection']>;
  readonly pending: ComputedRef<SessionSnapshot['pending']>;
  readonly error: ComputedRef<SessionSnapshot['error']>;
  /** Whether a warning threshold has passed. */
  readonly isWarning: ComputedRef<boolean>;
  /** Whole seconds left, rounded up; null before the service has spoken. */
  readonly remainingSeconds: Readonly<Ref<number | null>>;
  /** `M:SS`, from one hour on `H:MM:SS`; empty before the service has spoken. */
  readonly remainingText: Readonly<Ref<string>>;
  readonly controller: SessionController;
}

export const sessionKey: InjectionKey<MarketplaceSessionInVue> = Symbol('marketplace-session');

/** A session that has not started. @returns it, and what starts it in a browser. */
export function openSession(options: SessionControllerOptions): {
  session: MarketplaceSessionInVue;
  start(): void;
} {
  const controller = new SessionController(options);
  const snapshot = shallowRef(controller.snapshot);
  const remainingSeconds = ref(controller.remainingSeconds);
  const remainingText = ref(controller.remainingText);
  const member = <K extends keyof SessionSnapshot>(name: K) => computed(() => snapshot.value[name]);
  const session: MarketplaceSessionInVue = {
    ...sessionCalls(controller),
    controller,
    snapshot: shallowReadonly(snapshot),
    state: member('state'),
    session: member('session'),
    connection: member('connection'),
    pending: member('pending'),
    error: member('error'),
    isWarning: computed(() => snapshot.value.warning !== null),
    remainingSeconds: readonly(remainingSeconds),
    remainingText: readonly(remainingText),
  };
  return {
    session,
    start() {
      follow(controller, () => {
        snapshot.value = controller.snapshot;
        remainingSeconds.value = controller.remainingSeconds;
        remainingText.value = controller.remainingText;
      });
      // What it rejects with stands in its snapshot.
      controller.start().catch(() => {});
    },
  };
}

/** One that starts once the component is mounted, and is let go with it. */
function openInComponent(options: SessionControllerOptions): MarketplaceSessionInVue {
  const { session, start } = openSession(options);
  onMounted(start);
  onScopeDispose(() => session.controller.destroy());
  return session;
}

/** Opens a session, and gives it to all components below: each reads it by `useMarketplaceSession()`. To be called in `setup`. */
export function provideMarketplaceSession(options: SessionControllerOptions): MarketplaceSessionInVue {
  const session = openInComponent(options);
  provide(sessionKey, session);
  return session;
}

/**
 * A session without an element, drawn by the component itself. To be called in `setup`; on a server it does nothing.
 * @param options of a session of its own, read once; none for that of `provideMarketplaceSession` or of the plugin.
 * @throws {SessionError} `CONFIGURATION_INVALID` where there are no options, and no session is provided.
 */
export function useMarketplaceSession(options?: SessionControllerOptions): MarketplaceSessionInVue {
  const session = options
    ? openInComponent(options)
    : hasInjectionContext()
      ? inject(sessionKey, undefined)
      : undefined;
  if (!session)
    throw new SessionError('CONFIGURATION_INVALID', {
      message:
        'useMarketplaceSession() without options stands below provideMarketplaceSession() or the plugin',
    });
  return session;
}
