import { pausers } from '../protocol/pauser.js';
import type { ExtensionOption, Session } from '../protocol/session.js';
import type { JsonObject } from './backend.js';
import {
  duration,
  faultsOf,
  instant,
  oneOf,
  optional,
  orNull,
  text,
  truth,
  whole,
  type Check,
  type Shape,
} from './shape.js';

export const finalStatuses = ['completed', 'expired', 'cancelled'];
const statuses = ['waiting', 'active', 'paused', ...finalStatuses];

const isOrigin: Check = (value) => URL.canParse(String(value)) && new URL(String(value)).origin === value;

const price: Shape = {
  amount: (value) => whole(value) && value !== 0,
  currency: (value) => typeof value === 'string' && /^[a-z]{3}$/.test(value),
};

const option: Record<keyof ExtensionOption, Check> = {
  additional_seconds: (value) => duration(value) && value !== 0,
  tokens: orNull(whole),
  available: truth,
  unavailable_reason: oneOf(undefined, 'INSUFFICIENT_TOKENS', 'EXTENSION_LIMIT_REACHED'),
  money: optional((value) => faultsOf(price, value as JsonObject, '').length === 0),
};

/** Every member of a session, with what it may be. */
const members: Record<keyof Session, Check> = {
  id: text,
  revision: optional((value) => whole(value) && value !== 0),
  status: oneOf(...statuses),
  user_id: text,
  provider_id: text,
  application_id: text,
  tokens_allocated: whole,
  duration_limit_seconds: duration,
  created_at: instant,
  started_at: orNull(instant),
  waiting_until: optional(orNull(instant)),
  expires_at: orNull(instant),
  remaining_seconds: duration,
  pause_ends_at: orNull(instant),
  paused_by: oneOf(undefined, null, ...pausers),
  pausable: truth,
  pause_seconds_left: duration,
  return_url: orNull(text),
  return_origins: optional((value) => Array.isArray(value) && value.every(isOrigin)),
  top_up_url: orNull(text),
  extension_options: Array.isArray,
  ended_at: orNull(instant),
  used_seconds: orNull(duration),
  final_cost: orNull(whole),
  tokens_refunded: orNull(whole),
};

/** What the smaller set needs of a session. */
const needed = ['id', 'status'];

/** What is wrong with a session, member by member; more members than these are right. */
export function sessionFaults(session: JsonObject | undefined): string[] {
  return [...faultsOf(members, session, 'session'), ...optionFaults(session)];
}

/** The same for a backend of the smaller set: a member that is not there, or null, is none. */
export function givenSessionFaults(session: JsonObject | undefined): string[] {
  const given = Object.entries(members).filter(([name]) => needed.includes(name) || session?.[name] != null);
  return [...faultsOf(Object.fromEntries(given), session, 'session'), ...optionFaults(session)];
}

function optionFaults(session: JsonObject | undefined): string[] {
  const options = session?.extension_options;
  if (!Array.isArray(options)) return [];
  return options.flatMap((each, index) =>
    faultsOf(option, each as JsonObject, `session.extension_options[${index}]`),
  );
}
