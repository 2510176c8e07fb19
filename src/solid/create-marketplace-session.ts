import { createMemo, createSignal, onCleanup, onMount, type Accessor } from 'solid-js';
import { follow } from '../controller/follow.js';
import type { SessionControllerOptions } from '../controller/options.js';
import { sessionCalls, type SessionCalls } from '../controller/session-calls.js';
import { SessionController } from '../controller/session-controller.js';
import type { SessionSnapshot } from '../controller/snapshot.js';

/** A session for a component: how it stands, and what can be done with it. */
export interface MarketplaceSessionInSolid extends SessionCalls {
  readonly snapshot: Accessor<SessionSnapshot>;
  readonly state: Accessor<SessionSnapshot['state']>;
  readonly session: Accessor<SessionSnapshot['session']>;
  readonly connection: Accessor<SessionSnapshot['connection']>;
  readonly pending: Accessor<SessionSnapshot['pending']>;
  readonly error: Accessor<SessionSnapshot['error']>;
  /** Whether a warning threshold has passed. */
  readonly isWarning: Accessor<boolean>;
  /** Whole seconds left, rounded up; null before the service has spoken. */
  readonly remainingSeconds: Accessor<number | null>;
  /** `M:SS`, from one hour on `H:MM:SS`; empty before the service has spoken. */
  readonly remainingText: Accessor<string>;
  readonly controller: SessionController;
}

/**
 * A session without an element, drawn by the component itself. To be called while a component is made: it starts once that is
 * mounted and is let go, not ended, with it; on a server it does nothing.
 * @param options read once.
 */
export function createMarketplaceSession(options: SessionControllerOptions): MarketplaceSessionInSolid {
  const controller = new SessionController(options);
  const [snapshot, setSnapshot] = createSignal(controller.snapshot);
  const [remainingSeconds, setRemainingSeconds] = createSignal(controller.remainingSeconds);
  const [remainingText, setRemainingText] = createSignal(controller.remainingText);
  onMount(() => {
    const leave = follow(controller, () => {
      setSnapshot(controller.snapshot);
      setRemainingSeconds(controller.remainingSeconds);
      setRemainingText(controller.remainingText);
    });
    onCleanup(() => {
      leave();
      controller.destroy();
    });
    // What it rejects with stands in its snapshot.
    controller.start().catch(() => {});
  });
  const member = <K extends keyof SessionSnapshot>(name: K) => createMemo(() => snapshot()[name]);
  return {
    ...sessionCalls(controller),
    controller,
    snapshot,
    state: member('state'),
    session: member('session'),
    connection: member('connection'),
    pending: member('pending'),
    error: member('error'),
    isWarning: createMemo(() => snapshot().warning !== null),
    remainingSeconds,
    remainingText,
  };
}
