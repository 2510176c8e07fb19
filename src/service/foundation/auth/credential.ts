import type { Environment } from '../../../protocol/environments.js';
import type { Pauser } from '../../../protocol/pauser.js';
import type { RatePolicy } from '../rate-limits/rate-limiter.js';
import { permissions, type Permission } from './permissions.js';

/** Who asks. A feature that knows credentials of its own has its own class; `instanceof` tells them apart. */
export abstract class Credential {
  /** The rate limit that counts it. */
  abstract readonly policy: RatePolicy;
  /** Its name among all others: `operator`, `application:<id>`, `session:<id>`, `member:<provider>:<id>`. */
  abstract readonly name: string;
  /** For whom it speaks. */
  abstract readonly side: Pauser;
  /** What it may do, within what it is confined to. */
  abstract readonly permissions: readonly Permission[];
  /** The provider that it is confined to; undefined reaches all. */
  readonly providerId: string | undefined = undefined;
  /** The application that it is confined to, and its sessions; undefined reaches all of the provider's. */
  readonly applicationId: string | undefined = undefined;
  /** Whether it reaches what is for customers, or for tests, alone; undefined reaches both. */
  readonly environment: Environment | undefined = undefined;
  /** The customer that it is confined to; undefined reaches those of everybody. */
  readonly customerId: string | undefined = undefined;
  /** The helper that it speaks for, and is confined to; undefined for everybody else. */
  readonly helperId: string | undefined = undefined;

  /** The operation that another token of its kind would be allowed for this permission; undefined where there is none. */
  operationFor?(permission: Permission): string | undefined;
}

/** The marketplace's own servers: they reach everything. */
export class OperatorCredential extends Credential {
  readonly policy = 'operator';
  readonly name = 'operator';
  readonly side = 'marketplace';
  readonly permissions = permissions;
}
