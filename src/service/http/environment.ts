import type { Credential } from './credential.js';

/** What a request carries from one middleware to the next. */
export interface HttpEnvironment {
  Variables: {
    requestId: string;
    credential: Credential;
    /** Set once the origin of the page is known to be registered with the application in question. */
    originAllowed?: true;
  };
}
