/** How long a checkout can be paid, ms. */
export const lifeMs = 3_600_000;
/** Stripe opens a Checkout only where this is left of it: half an hour, and a minute for the way, ms. */
export const minLifeMs = 31 * 60_000;
