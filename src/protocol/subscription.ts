import { SessionError } from './errors.js';

/** How long a period is, times `interval_count`. */
export const intervals = ['day', 'week', 'month', 'year'] as const;
export type Interval = (typeof intervals)[number];

export const subscriptionStatuses = ['active', 'paused', 'canceled'] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

/** What can be done to a subscription. */
export type SubscriptionAction = 'renew' | 'change' | 'pause' | 'resume' | 'cancel';

/**
 * The state machine of a subscription, whole: a row is a status, a cell the status that an action leads to. What is missing
 * from a row is impossible there. `resume` of an active one takes back its cancellation at the end of the period.
 */
export const subscriptionTransitions = {
  active: { renew: 'active', change: 'active', pause: 'paused', resume: 'active', cancel: 'canceled' },
  paused: { resume: 'active', cancel: 'canceled' },
  canceled: {},
} as const satisfies Record<SubscriptionStatus, Partial<Record<SubscriptionAction, SubscriptionStatus>>>;

/**
 * The status that `action` leads to.
 * @throws {SessionError} `SUBSCRIPTION_TRANSITION_REFUSED`
 */
export function nextSubscriptionStatus(
  status: SubscriptionStatus,
  action: SubscriptionAction,
): SubscriptionStatus {
  const row: Partial<Record<SubscriptionAction, SubscriptionStatus>> = subscriptionTransitions[status];
  const next = row[action];
  if (!next) throw new SessionError('SUBSCRIPTION_TRANSITION_REFUSED');
  return next;
}
