import type { Marketplace, SessionEvent } from '../sdk/index.js';

/** What happens in a rehearsal, in this order. */
export type RehearsalStep =
  | { step: 'sold'; launchUrl: string }
  /** The customer's page is in the session. */
  | { step: 'opened' }
  /** The session is about to end. */
  | { step: 'warned'; remainingSeconds: number }
  | { step: 'ended'; usedSeconds: number; cost: number };

export interface Rehearsal {
  /** With a secret key of tests. */
  marketplace: Marketplace;
  applicationId: string;
  /** How long the page is waited for, ms. */
  withinMs: number;
}

/** Nobody has opened the page in time. */
export class NobodyCame extends Error {}

/** Long enough to see what the page says before its end, seconds. */
const leftAtWarningSeconds = 10;

/**
 * Sells a session of the application that nobody pays for, waits until the page is in it, and lets its time pass but for the last seconds,
 * in which the page warns and ends by itself.
 * @throws {NobodyCame} @throws {MarketplaceError}
 */
export async function* rehearse({
  marketplace,
  applicationId,
  withinMs,
}: Rehearsal): AsyncGenerator<RehearsalStep> {
  const { session, launchUrl } = await marketplace.applications.rehearse(applicationId);
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
        await marketplace.sessions.fastForward(session.id, { remainingSeconds: leftAtWarningSeconds });
      } else if (event.type === 'session.warning') {
        yield { step: 'warned', remainingSeconds: leftAtWarningSeconds };
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
