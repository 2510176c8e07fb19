import { MarketplaceError, type Marketplace, type SessionEvent } from '../sdk/index.js';

/** What happens in a rehearsal, in this order. */
export type RehearsalStep =
  | { step: 'sold'; launchUrl: string }
  /** The customer's page is in the session. */
  | { step: 'opened' }
  /** The session is about to end; only where the service has a test clock. */
  | { step: 'warned'; remainingSeconds: number }
  | { step: 'ended'; usedSeconds: number; cost: number };

export interface Rehearsal {
  /** With a secret key of tests. */
  marketplace: Marketplace;
  applicationId: string;
  userId: string;
  /** How long the page is waited for, ms. */
  withinMs: number;
}

/** Nobody has opened the page in time. */
export class NobodyCame extends Error {}

const soldSeconds = 600;
const leftAtWarningSeconds = 20;

/**
 * Sells a session of the application, waits until the page is in it, and brings it to its end in seconds: by the service's test
 * clock, or by ending it where it has none.
 * @throws {NobodyCame} @throws {MarketplaceError}
 */
export async function* rehearse({
  marketplace,
  applicationId,
  userId,
  withinMs,
}: Rehearsal): AsyncGenerator<RehearsalStep> {
  const { session, launchUrl } = await marketplace.sessions.create({
    applicationId,
    userId,
    durationSeconds: soldSeconds,
  });
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(new NobodyCame('nobody came')), withinMs);
  try {
    yield { step: 'sold', launchUrl: launchUrl ?? '' };
    let isIn = false;
    for await (const event of marketplace.sessions.events(session.id, { signal: stop.signal })) {
      if (!isIn && isCustomerThere(event)) {
        isIn = true;
        clearTimeout(patience);
        yield { step: 'opened' };
        await bringToEnd(marketplace, session.id, soldSeconds - leftAtWarningSeconds);
      } else if (event.type === 'session.warning') {
        yield { step: 'warned', remainingSeconds: leftAtWarningSeconds };
        await bringToEnd(marketplace, session.id, leftAtWarningSeconds + 1);
      } else if (event.type === 'session.ended') {
        const { usedSeconds, finalCost } = event.session;
        yield { step: 'ended', usedSeconds: usedSeconds ?? 0, cost: finalCost ?? 0 };
        return;
      }
    }
  } finally {
    clearTimeout(patience);
    stop.abort();
    // Nothing of it is left behind, however it went.
    await marketplace.sessions.end(session.id).catch(() => {});
  }
}

function isCustomerThere(event: SessionEvent): boolean {
  if (event.type === 'participant.joined') return event.participant === 'customer';
  if (event.type !== 'session.snapshot') return false;
  return (
    event.presence?.some(({ participant, state }) => participant === 'customer' && state === 'present') ??
    false
  );
}

/** Moves the test clock; a service without one ends the session. */
async function bringToEnd(
  marketplace: Marketplace,
  sessionId: string,
  advanceSeconds: number,
): Promise<void> {
  try {
    await marketplace.testClock.advance({ advanceSeconds });
  } catch (error) {
    if (!(error instanceof MarketplaceError) || error.code !== 'ROUTE_NOT_FOUND') throw error;
    await marketplace.sessions.end(sessionId);
  }
}
