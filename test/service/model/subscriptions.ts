// What subscriptions come to, said once more and as plainly as it can be: one customer's, in memory, a day at a time.
import { addMonths, type Plan } from './plans.js';

export interface ModelSubscription {
  plan: Plan;
  pending: Plan | undefined;
  status: 'active' | 'paused' | 'canceled';
  /** Seconds since the epoch, as all instants here. */
  anchor: number;
  number: number;
  start: number;
  end: number;
  isEnding: boolean;
  resumesAt: number | undefined;
  /** Of each period: its start, all that was granted in it, and how much had been spent when it was. */
  grants: { start: number; tokens: number; spentBefore: number; expires: boolean }[];
}

export interface Model {
  subscriptions: ModelSubscription[];
  available: number;
  spent: number;
}

export type Wish =
  | { kind: 'subscribe'; plan: number }
  | { kind: 'change'; target: number; plan: number }
  | { kind: 'pause'; target: number; hours?: number | undefined }
  | { kind: 'resume'; target: number }
  | { kind: 'cancel'; target: number; atPeriodEnd: boolean };

const refused = 'SUBSCRIPTION_TRANSITION_REFUSED';

const endOf = ({ anchor, plan, number }: ModelSubscription) =>
  plan.days === undefined ? addMonths(anchor, number + 1) : anchor + (number + 1) * plan.days * 86_400;

/** Begins the period that is set, of the plan that is set, with its grant. */
function grant(model: Model, subscription: ModelSubscription): void {
  const last = subscription.grants.at(-1);
  if (last?.expires) {
    const unspent = last.tokens - Math.min(last.tokens, model.spent - last.spentBefore);
    model.available -= Math.min(model.available, unspent);
  }
  const { plan } = subscription;
  subscription.end = endOf(subscription);
  subscription.grants.push({
    start: subscription.start,
    tokens: plan.tokens,
    spentBefore: model.spent,
    expires: plan.expires,
  });
  model.available += plan.tokens;
}

function beginAt(model: Model, subscription: ModelSubscription, anchor: number): void {
  const plan = subscription.pending ?? subscription.plan;
  Object.assign(subscription, { plan, pending: undefined, anchor, number: 0, start: anchor });
  grant(model, subscription);
}

function resume(model: Model, subscription: ModelSubscription, at: number): void {
  Object.assign(subscription, { status: 'active', resumesAt: undefined });
  if (at >= subscription.end) beginAt(model, subscription, at);
}

const end = (subscription: ModelSubscription) =>
  Object.assign(subscription, {
    status: 'canceled',
    pending: undefined,
    isEnding: false,
    resumesAt: undefined,
  });

/** Lets everything happen that falls due until then. */
export function passTo(model: Model, now: number): void {
  for (const one of model.subscriptions) {
    for (;;) {
      const endsAt = one.status !== 'canceled' && one.isEnding ? one.end : Infinity;
      const renewsAt = one.status === 'active' && !one.isEnding ? one.end : Infinity;
      const resumesAt = one.status === 'paused' ? (one.resumesAt ?? Infinity) : Infinity;
      const next = Math.min(endsAt, renewsAt, resumesAt);
      if (next > now) break;
      if (next === endsAt) end(one);
      else if (next === resumesAt) resume(model, one, next);
      else if (one.pending && one.pending.days !== one.plan.days) beginAt(model, one, next);
      else {
        Object.assign(one, { plan: one.pending ?? one.plan, pending: undefined, start: next });
        one.number += 1;
        grant(model, one);
      }
    }
  }
}

/** @returns the code of its refusal; undefined where it is done. */
export function perform(model: Model, wish: Wish, plans: readonly Plan[], now: number): string | undefined {
  const isTaken = (plan: Plan, except?: ModelSubscription) =>
    model.subscriptions.some(
      (other) =>
        other !== except && other.status !== 'canceled' && (other.plan === plan || other.pending === plan),
    );
  if (wish.kind === 'subscribe') {
    const plan = plans[wish.plan]!;
    if (isTaken(plan)) return 'SUBSCRIPTION_EXISTS';
    const made: ModelSubscription = {
      ...{ plan, pending: undefined, status: 'active', anchor: now, number: 0, start: now, end: 0 },
      ...{ isEnding: false, resumesAt: undefined, grants: [] },
    };
    model.subscriptions.push(made);
    grant(model, made);
    return undefined;
  }
  const one = model.subscriptions.at(-1 - wish.target)!;
  if (one.status === 'canceled') return refused;
  switch (wish.kind) {
    case 'pause':
      if (one.status === 'paused') return refused;
      Object.assign(one, {
        status: 'paused',
        resumesAt: wish.hours === undefined ? undefined : now + wish.hours * 3600,
      });
      return undefined;
    case 'resume':
      if (one.status === 'active' && !one.isEnding) return refused;
      one.isEnding = false;
      if (one.status === 'paused') resume(model, one, now);
      return undefined;
    case 'cancel':
      if (!wish.atPeriodEnd || one.end <= now) end(one);
      else one.isEnding = true;
      return undefined;
    case 'change': {
      const plan = plans[wish.plan]!;
      if (one.status === 'paused') return refused;
      if (plan === (one.pending ?? one.plan)) return undefined;
      if (plan !== one.plan && isTaken(plan, one)) return 'SUBSCRIPTION_EXISTS';
      if (plan.days !== one.plan.days || plan.tokens <= one.plan.tokens) {
        one.pending = plan === one.plan ? undefined : plan;
        return undefined;
      }
      const rest = Math.floor(((plan.tokens - one.plan.tokens) * (one.end - now)) / (one.end - one.start));
      const last = one.grants.at(-1)!;
      last.tokens += rest;
      last.expires = plan.expires;
      model.available += rest;
      Object.assign(one, { plan, pending: undefined });
      return undefined;
    }
  }
}
