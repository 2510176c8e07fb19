import {
  createContext,
  createElement,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { SessionError } from '../protocol/errors.js';
import { follow } from '../controller/follow.js';
import type { SessionControllerOptions } from '../controller/options.js';
import { sessionCalls, type SessionCalls } from '../controller/session-calls.js';
import { SessionController } from '../controller/session-controller.js';
import { initialSnapshot, type SessionSnapshot } from '../controller/snapshot.js';

/** A session for a component: how it stands, and what can be done with it. Every call is that of `SessionController`. */
export interface MarketplaceSessionInReact
  extends SessionCalls, Pick<SessionSnapshot, 'state' | 'session' | 'connection' | 'pending' | 'error'> {
  readonly snapshot: SessionSnapshot;
  /** Whole seconds left, rounded up; null before the service has spoken. */
  readonly remainingSeconds: number | null;
  /** `M:SS`, from one hour on `H:MM:SS`; empty before the service has spoken. */
  readonly remainingText: string;
  /** Whether a warning threshold has passed. */
  readonly isWarning: boolean;
  readonly controller: SessionController;
}

const SessionContext = createContext<SessionController | null>(null);

export interface MarketplaceSessionProviderProps extends SessionControllerOptions {
  readonly children?: ReactNode;
}

/** A controller that lives as long as the component. Its options are read once. */
function useController(options: SessionControllerOptions | undefined): SessionController | null {
  const [controller] = useState(() => options && new SessionController(options));
  useEffect(() => {
    if (!controller) return;
    // What it rejects with stands in its snapshot.
    controller.start().catch(() => {});
    return () => controller.destroy();
  }, [controller]);
  return controller ?? null;
}

/** One session for all components below: each reads it by `useMarketplaceSession()`. Its options are read once; a `key` begins anew. */
export function MarketplaceSessionProvider({ children, ...options }: MarketplaceSessionProviderProps) {
  return createElement(SessionContext.Provider, { value: useController(options) }, children);
}

const onServer = { snapshot: () => initialSnapshot, text: () => '' };

/**
 * A session without an element, drawn by the component itself. It starts with the component and is let go with it.
 * @param options of a session of its own, read once; none for that of the closest `MarketplaceSessionProvider`.
 * @throws {SessionError} `CONFIGURATION_INVALID` where there are no options and no provider.
 */
export function useMarketplaceSession(options?: SessionControllerOptions): MarketplaceSessionInReact {
  const shared = useContext(SessionContext);
  const controller = useController(options) ?? shared;
  if (!controller)
    throw new SessionError('CONFIGURATION_INVALID', {
      message: 'useMarketplaceSession() without options stands below a <MarketplaceSessionProvider>',
    });
  const store = useMemo(
    () => ({
      snapshots: (changed: () => void) => controller.subscribe(changed),
      snapshot: () => controller.snapshot,
      seconds: (changed: () => void) => follow(controller, changed),
      text: () => controller.remainingText,
      calls: sessionCalls(controller),
    }),
    [controller],
  );
  const snapshot = useSyncExternalStore(store.snapshots, store.snapshot, onServer.snapshot);
  const remainingText = useSyncExternalStore(store.seconds, store.text, onServer.text);
  const { state, session, connection, pending, error, warning } = snapshot;
  return {
    ...store.calls,
    ...{ state, session, connection, pending, error, snapshot, remainingText, controller },
    remainingSeconds: controller.remainingSeconds,
    isWarning: warning !== null,
  };
}
