import type { ServiceContext } from '../../../foundation/context.js';
import { noteEvent, type PaymentFollower } from '../../payments/index.js';
import { changeRequest } from '../change-request.js';
import { findAuthorization } from './authorizations.js';
import { followIntent } from './follow-intent.js';
import { intentNewsOf } from './news.js';

/** Does what Stripe tells of what is held for help, once, in whatever order it comes. */
export const followStripe =
  (context: ServiceContext): PaymentFollower =>
  async (event) => {
    const news = intentNewsOf(event);
    if (!news) return false;
    const authorization = await findAuthorization(context, news);
    // What names one that is not there was not sold here.
    if (!authorization) return news.authorizationId !== undefined;
    await changeRequest(context, authorization.request_id, undefined, async (trx, locked, now) => {
      if (await noteEvent(trx, event, now)) await followIntent(context, trx, locked, news, now);
    });
    return true;
  };
