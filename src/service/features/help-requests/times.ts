/** How long who has claimed has to come, ms; nobody there by then, and others are asked. */
export const joinMs = 120_000;
/** How long a helper who is there waits for the customer, ms. */
export const customerMs = 300_000;
/** How long the session waits, seconds: longer than either, for the request decides. */
export const sessionWaitingSeconds = 360;
/** How long a talk that is over waits at its helper's desk for what he says of it, ms. */
export const outcomeMs = 86_400_000;
/** How long after the deadline of a talk its request is looked at, ms: an instance that knows no requests may have ended it. */
export const lookAfterMs = 60_000;
/** A helper whose desk was closed for so long is not there, ms: a page that is loaded again takes less. */
export const absenceMs = 20_000;
/** How often an instance says whose desks are open, ms. */
export const beatMs = 5_000;
