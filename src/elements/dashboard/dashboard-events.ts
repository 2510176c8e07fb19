import type { SessionEvent } from '../../controller/events.js';
import type { DashboardPart } from '../../controller/dashboard/dashboard.js';
import type { DashboardFilters } from '../../controller/dashboard/filters.js';

/** The events of a dashboard and their fields: ids, numbers and states. They bubble and are composed. */
export interface DashboardEventFields {
  /** A person shows something else. */
  'filters-changed': Omit<DashboardFilters, 'sessionId'>;
  /** What has happened to a session is shown. */
  'timeline-opened': { sessionId: string };
  /** A file of the sessions in the list was made, of so many bytes. */
  'sessions-exported': { byteLength: number };
  /** A person goes to what waits; cancelable: a page that shows it itself prevents the default. */
  'attention-requested': { kind: string; count: number };
  /** A card is loading, ready or failed, or may be old (`stale`). */
  'card-state-changed': { card: DashboardPart; cardState: 'loading' | 'ready' | 'stale' | 'failed' };
}

export type MarketplaceDashboardEventMap = {
  [T in keyof DashboardEventFields]: SessionEvent & DashboardEventFields[T];
};

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a global event map
  interface GlobalEventHandlersEventMap extends MarketplaceDashboardEventMap {}
}
