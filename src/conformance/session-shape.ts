import { pausers } from '../protocol/pauser.js';
import type { Session } from '../protocol/session.js';
import type { JsonObject } from './backend.js';
import { shown } from './expect.js';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value !== '';
const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const truth: Check = (value) => typeof value === 'boolean';
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const statuses = ['waiting', 'active', 'paused', 'completed', 'expired', 'cancelled'];

/** Every member of a session, with what it may be. */
const members: Record<keyof Session, Check> = {
  id: text,
  status: oneOf(...statuses),
  user_id: text,
  provider_id: text,
  application_id: text,
  tokens_allocated: whole,
  duration_limit_seconds: whole,
  created_at: whole,
  started_at: orNull(whole),
  expires_at: orNull(whole),
  remaining_seconds: whole,
  pause_ends_at: orNull(whole),
  // It may be left out.
  paused_by: oneOf(undefined, null, ...pausers),
  pausable: truth,
  pause_seconds_left: whole,
  return_url: orNull(text),
  top_up_url: orNull(text),
  extension_options: Array.isArray,
  ended_at: orNull(whole),
  used_seconds: orNull(whole),
  final_cost: orNull(whole),
  tokens_refunded: orNull(whole),
};

/** What is wrong with a session, member by member; more members than these are right. */
export function sessionFaults(session: JsonObject | undefined): string[] {
  if (!session) return ['there is no session'];
  return Object.entries(members)
    .filter(([name, check]) => !check(session[name]))
    .map(([name]) => `session.${name} is ${name in session ? shown(session[name]) : 'missing'}`);
}
