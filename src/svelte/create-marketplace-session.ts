import { onMount } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';
import { follow } from '../controller/follow.js';
import type { SessionControllerOptions } from '../controller/options.js';
import { sessionCalls, type SessionCalls } from '../controller/session-calls.js';
import { SessionController } from '../controller/session-controller.js';
import type { SessionSnapshot } from '../controller/snapshot.js';

/** A session for a component: how it stands, as values that runes follow where they are read, and what can be done with it. */
export interface MarketplaceSessionInSvelte
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

/**
 * A session without an element, drawn by the component itself. To be called while a component is made: it starts once that is
 * mounted and is let go, not ended, with it; on a server it does nothing.
 * @param options read once.
 */
export function createMarketplaceSession(options: SessionControllerOptions): MarketplaceSessionInSvelte {
  const controller = new SessionController(options);
  const readSnapshot = createSubscriber((changed) => controller.subscribe(changed));
  const readTime = createSubscriber((changed) => follow(controller, changed));
  onMount(() => {
    // What it rejects with stands in its snapshot.
    controller.start().catch(() => {});
    return () => controller.destroy();
  });
  const snapshot = () => {
    readSnapshot();
    return controller.snapshot;
  };
  return {
    ...sessionCalls(controller),
    controller,
    get snapshot() {
      return snapshot();
    },
    get state() {
      return snapshot().state;
    },
    get session() {
      return snapshot().session;
    },
    get connection() {
      return snapshot().connection;
    },
    get pending() {
      return snapshot().pending;
    },
    get error() {
      return snapshot().error;
    },
    get isWarning() {
      return snapshot().warning !== null;
    },
    get remainingSeconds() {
      readTime();
      return controller.remainingSeconds;
    },
    get remainingText() {
      readTime();
      return controller.remainingText;
    },
  };
}
