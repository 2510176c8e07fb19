import {
  operations,
  sessionOperations,
  type CustomerOperation,
  type Operation,
} from '../../../../protocol/session-operations.js';
import type { Permission } from '../../../foundation/auth/permissions.js';

/** The permissions that each operation stands for. */
const permissionsFor: Record<Operation, readonly Permission[]> = {
  use_session: [
    'sessions.read',
    'sessions.attend',
    'sessions.change',
    'messages.read',
    'messages.send',
    'files.read',
    'files.upload',
    'files.delete',
  ],
  pause_session: ['sessions.pause'],
  extend_session: ['sessions.extend'],
  complete_session: ['sessions.complete'],
  read_customer: ['customers.read'],
  read_wallet: ['wallets.read'],
  read_subscription: ['subscriptions.read'],
  read_sessions: ['sessions.list'],
};

export const permissionsOf = (allowed: readonly Operation[]): Permission[] =>
  allowed.flatMap((operation) => permissionsFor[operation]);

/** The operation that stands for a permission; undefined where none does. */
export const operationWith = (permission: Permission): Operation | undefined =>
  operations.find((operation) => permissionsFor[operation].includes(permission));

/**
 * What a scope allows. What a later version no longer knows, or the application may no longer have read, is not kept alive by a
 * token of before.
 */
export function operationsIn(scope: string, granted: readonly CustomerOperation[]): Operation[] {
  const named = scope.split(' ');
  const known: readonly Operation[] = [...sessionOperations, ...granted];
  return operations.filter((operation) => named.includes(operation) && known.includes(operation));
}
