import type { RateQuota } from '../rate-limits/rate-limiter.js';
import type { Credential } from '../auth/credential.js';

/** What a server knows of a request beside the request itself. */
export interface RequestOrigin {
  /** The address it comes from, where it is known; rate limits go by it. */
  clientAddress?: string | undefined;
  /** Lets the body of the request take longer to arrive than others may: who calls it limits the time itself. */
  unhurried?: (() => void) | undefined;
}

/** What a request carries from one middleware to the next. */
export interface HttpEnvironment {
  Bindings: RequestOrigin;
  Variables: {
    requestId: string;
    credential: Credential;
    /** Set once the origin of the page is known to be registered with the application in question. */
    originAllowed?: true;
    /** Set where the change of an `Idempotency-Key` was made by an earlier request. */
    isReplayed?: true;
    /** What the rate limits left over. */
    quota?: RateQuota;
  };
}
