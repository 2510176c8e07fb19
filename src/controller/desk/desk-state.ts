import {
  availabilities,
  type DeskFrame,
  type DeskHelper,
  type DeskRequest,
} from '../../protocol/help-request.js';

/** How many that are shown no more are kept, so that a late frame brings none of them back. */
const mostGone = 500;

/** A desk as its frames have told it. */
export interface DeskState {
  readonly helper: DeskHelper;
  readonly unreadCount: number;
  /** By id; those that are shown no more are kept for a while, as they went. */
  readonly requests: ReadonlyMap<string, DeskRequest>;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const isHelper = (value: unknown) =>
  isObject(value) &&
  typeof value.id === 'string' &&
  (availabilities as readonly unknown[]).includes(value.availability);
const isRequest = (value: unknown) =>
  isObject(value) && typeof value.id === 'string' && Number.isInteger(value.version);

/** What the stream told, where it has the shape of a frame: what is none is passed over. */
export function readFrame(data: unknown): DeskFrame | undefined {
  if (!isObject(data) || !Number.isFinite(data.server_time)) return undefined;
  const { type, helper, request, requests } = data;
  const isFrame =
    type === 'help_request.changed'
      ? isRequest(request)
      : isHelper(helper) &&
        (type === 'desk.changed' ||
          (type === 'desk.snapshot' && Array.isArray(requests) && requests.every(isRequest)));
  return isFrame ? (data as unknown as DeskFrame) : undefined;
}

/** Whether a desk goes on showing it. */
export const isShown = ({ status, offer, outcome }: DeskRequest): boolean =>
  (status === 'open' && offer === 'offered') ||
  (offer === 'accepted' &&
    (status === 'claimed' || status === 'in_progress' || (status === 'completed' && outcome === null)));

/** Within one version an offer is answered once and never made again. */
const isNewer = (one: DeskRequest, other: DeskRequest | undefined): boolean => {
  if (!other || one.version !== other.version) return one.version > (other?.version ?? -1);
  return one.offer !== other.offer && other.offer === 'offered';
};

/** How a request went that a desk shows no more. */
export type Went =
  | 'taken'
  | 'declined'
  | 'cancelled'
  | 'expired'
  /** It was this helper's: given back, or not begun in time. */
  | 'returned'
  | 'lapsed'
  | 'completed'
  /** How the talk ended was said, here or elsewhere. */
  | 'recorded'
  /** Nobody listened as it went. */
  | 'unknown';

/** @param before as it was shown last. */
export function wentOf(before: DeskRequest, after: DeskRequest): Went {
  const { status, offer } = after;
  if (status === 'cancelled' || status === 'expired') return status;
  if (before.offer === 'accepted') {
    if (before.status === 'completed' || after.outcome) return 'recorded';
    if (status === 'completed' && offer === 'accepted') return 'completed';
    return offer === 'declined' ? 'returned' : offer === 'missed' ? 'lapsed' : 'unknown';
  }
  if (offer === 'declined') return offer;
  return status === 'open' ? 'unknown' : 'taken';
}

/**
 * A desk after one more frame, whatever order they come in: an older state of a request never takes the place of a newer one.
 * Of the helper and of the count, which have no version, the last word counts.
 * @returns the very same where the frame says nothing new; undefined until there was a `desk.snapshot`.
 */
export function takeFrame(state: DeskState | undefined, frame: DeskFrame): DeskState | undefined {
  const isWhole = frame.type === 'desk.snapshot';
  if (!state && !isWhole) return state;
  const told = isWhole ? frame.requests : frame.type === 'help_request.changed' ? [frame.request] : [];
  const before = state?.requests ?? new Map<string, DeskRequest>();
  const requests = new Map(before);
  for (const request of told)
    if (isNewer(request, requests.get(request.id))) requests.set(request.id, request);
  if (isWhole) {
    const named = new Set(told.map(({ id }) => id));
    // It went while nobody listened, and nothing says how.
    for (const [id, request] of before)
      if (isShown(request) && !named.has(id)) requests.set(id, { ...request, offer: 'withdrawn' });
  }
  return {
    helper: frame.type === 'help_request.changed' ? state!.helper : frame.helper,
    unreadCount: frame.unread_count,
    requests: withoutOldest(requests),
  };
}

function withoutOldest(requests: Map<string, DeskRequest>): Map<string, DeskRequest> {
  const gone = [...requests.values()].filter((request) => !isShown(request));
  for (const { id } of gone.slice(0, Math.max(0, gone.length - mostGone))) requests.delete(id);
  return requests;
}
