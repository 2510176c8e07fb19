// What is to become of a help request, by its table alone, from how it stands and who wishes what.
import type { Availability, HelpRequestStatus, OfferState } from '../../../src/protocol/help-request.js';
import { helpRequestTransitions } from '../../../src/protocol/help-request-machine.js';

/** A helper as he stands. */
export interface HelperState {
  availability: Availability;
  active: number;
  seats: number;
}

/** A request as it stands. */
export interface RequestState {
  status: HelpRequestStatus;
  /** The number of the helper who has it. */
  helper: number | null;
  offers: (OfferState | null)[];
  isCustomerThere: boolean;
}

export type HelpWish =
  | { kind: 'claim' | 'decline' | 'withdraw' | 'start' | 'outcome'; helper: number }
  | { kind: 'cancel' }
  /** The session is ended, by whom it does not matter. */
  | { kind: 'end' };

type Expected = { status: HelpRequestStatus } | { code: string };

const closed: Partial<Record<HelpRequestStatus, string>> = {
  cancelled: 'REQUEST_CANCELLED',
  expired: 'REQUEST_EXPIRED',
};

/** The status that a wish leads to, or the code that it is refused with. */
export function expectedOf(request: RequestState, helpers: readonly HelperState[], wish: HelpWish): Expected {
  const { status, helper, offers } = request;
  const same = { status };
  switch (wish.kind) {
    case 'cancel':
      if (status === 'cancelled') return same;
      if (status === 'awaiting_payment' || status === 'open' || status === 'claimed')
        return { status: 'cancelled' };
      return { code: closed[status] ?? 'REQUEST_TRANSITION_REFUSED' };
    case 'end':
      if (status === 'claimed') return { status: 'cancelled' };
      return status === 'in_progress' ? { status: 'completed' } : same;
    default: {
      const offer = offers[wish.helper]!;
      const isOwn = helper === wish.helper;
      const may = (action: string) => action in helpRequestTransitions[status];
      const refused = (code: string) => ({ code: closed[status] ?? code });
      if (offer === null) return { code: 'HELP_REQUEST_NOT_FOUND' };
      if (wish.kind === 'claim') {
        if (isOwn && (status === 'claimed' || status === 'in_progress')) return same;
        if (status !== 'open') return refused('REQUEST_TAKEN');
        if (offer !== 'offered') return { code: 'NOT_OFFERED' };
        const { availability, active, seats } = helpers[wish.helper]!;
        if (availability === 'offline') return { code: 'HELPER_UNAVAILABLE' };
        return active < seats ? { status: 'claimed' } : { code: 'HELPER_BUSY' };
      }
      if (wish.kind === 'decline') {
        if (offer === 'declined') return same;
        if (status !== 'open') return refused('REQUEST_TAKEN');
        return offer === 'offered' ? same : { code: 'NOT_OFFERED' };
      }
      if (wish.kind === 'withdraw') {
        if (offer === 'declined') return same;
        if (!isOwn) return { code: 'NOT_OFFERED' };
        return may('reopen') ? { status: 'open' } : refused('REQUEST_TRANSITION_REFUSED');
      }
      if (!isOwn) return { code: 'NOT_OFFERED' };
      if (wish.kind === 'outcome') return may('record') ? same : refused('REQUEST_TRANSITION_REFUSED');
      if (status === 'in_progress') return same;
      if (!may('start')) return refused('REQUEST_TRANSITION_REFUSED');
      return request.isCustomerThere ? { status: 'in_progress' } : { code: 'CUSTOMER_ABSENT' };
    }
  }
}
