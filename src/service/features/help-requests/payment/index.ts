// Help that is paid by money: held before anybody is asked, taken after the talk, let go where there was none.
export { orderAuthorization, type PaymentOrder } from './authorizations.js';
export { followStripe } from './follow-stripe.js';
export { paymentJobs } from './jobs.js';
export { openPayment } from './open-payment.js';
export { lifeMs, newsMs } from './times.js';
