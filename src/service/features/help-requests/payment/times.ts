/** How long the price of a request can be paid, ms: the half hour that Stripe lets a Checkout live at least, and tries to open it. */
export const lifeMs = 34 * 60_000;
/** How much later the request gives up: what was paid in the last moment is told until then, ms. */
export const newsMs = 60_000;
/** How often one that is not paid yet is looked up, ms, for news may be lost. */
export const lookAgainMs = 5 * 60_000;
/** How often one that is held is, ms. */
export const lookAfterHeldMs = 3_600_000;
