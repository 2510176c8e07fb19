import { latePart } from '../../../controller/late-part.js';
import type { HelpRequestOptions } from '../../../controller/help-request/help-request.js';
import { text } from '../../../controller/option-values.js';
import type { CheckName } from '../../../controller/preflight/check-state.js';
import type { HelpCategory } from '../../../protocol/help-request.js';
import type { Property } from '../../shared/base-element.js';
import { HelpElement } from '../help-element.js';
import { serviceAddress } from '../service-address.js';
import type { HelpRequestHost } from './help-request-host.js';
import type { HelpRequestPart } from './help-request-part.js';
import type { OwnHelpRequestWords } from './help-request-words.js';
import { readChecks } from '../preflight/read-checks.js';
import { readCategories } from './read-categories.js';

const helpRequestPart = latePart(() => import('./help-request-part.js'));

/**
 * Lets a customer ask for help, and takes him from the question to the end of the talk: what it is about, the payment where
 * there is one, who was asked, who has taken it, a look at camera and microphone where the talk needs them, the way into the
 * session and back into it, and what it has cost. It survives reloads, and a question that is asked twice is one request.
 *
 * @summary A customer's request for help, from the question to the end of the talk.
 * @tag marketplace-help-request
 *
 * @attr {string} server-url - Address of the session service, such as `https://market.example/api/v1`.
 * @attr {string} access-token-url - A route of your server that answers a POST with an access token of the customer.
 * @attr {string} request-url - A route of your server that creates the request: it answers a POST of `{category_id, description}` with the help request, and passes `Idempotency-Key` on.
 * @attr {string} join-url - A route of your server that answers a POST of `{request_id, session_id}` with `{launch_url}`. Without it no button leads into the session: the page does, by `help-claimed`.
 * @attr {string} request-id - A request that is there already; found by itself where it is left out.
 * @attr {string} categories - What can be asked for, as JSON of `{id, name, tokens, duration_seconds}`, or with `amount` and `currency` in place of `tokens`; read from the service where it is left out.
 * @attr {string} checks - What is looked at before the customer joins, while somebody is looked for and after: names as `<marketplace-session-preflight>` takes them, such as "camera microphone network". Nothing by default.
 * @attr {string} require - What of it has to pass before the customer can join; the rest can be skipped. Nothing by default.
 * @attr {'auto'|'light'|'dark'} theme - Colours; "auto" follows the page.
 *
 * @fires help-requested - The service has the request. `requestId`.
 * @fires help-claimed - A helper has taken it; cancelable. Prevented, no button leads into the session: the page does. `requestId`, `sessionId`.
 * @fires help-started - The talk has begun. `requestId`, `sessionId`.
 * @fires preflight-passed - The check before the talk was passed. `cameraId`, `microphoneId`, `speakerId`: ids of devices in this page, or null.
 * @fires preflight-failed - A check that is required cannot pass as it stands. `check`, `checkState`.
 * @fires help-ended - It is over, with or without a talk. `requestId`, `sessionId`, `status`, `reason`.
 *
 * @csspart session, button, primary-button, announcement
 * @csspart help - The card.
 * @csspart help-title - How it stands.
 * @csspart help-text - What that means.
 * @csspart help-form - The form.
 * @csspart field - A field of it.
 * @csspart category-field, description-field - The field for that.
 * @csspart field-label - A field and its name.
 * @csspart field-name - The name of a field.
 * @csspart field-hint - What is to be known of a field.
 * @csspart price - What it costs, and for how long.
 * @csspart waited - How long it has been.
 * @csspart cut-off - That the connection is interrupted.
 * @csspart trouble - What did not work, and the way out.
 * @csspart reference - The code of it.
 * @csspart receipt - What the talk has cost.
 * @csspart receipt-row - A line of that.
 * @csspart check - The `<marketplace-session-preflight>` before the talk.
 * @csspart checked - That it was passed.
 * @csspart check-first - That it has to be.
 * @csspart help-actions - The buttons.
 * @csspart ask-button - Asks for help.
 * @csspart pay-button - Leads to the payment.
 * @csspart cancel-button - Gives the request up.
 * @csspart join-button - Leads into the session.
 * @csspart again-button - Begins anew.
 * @csspart retry-button - Tries anew what failed by itself.
 * @csspart top-up-button - Leads to where tokens are bought.
 *
 * @cssproperty --marketplace-session-accent, --marketplace-session-on-accent, --marketplace-session-surface, --marketplace-session-text, --marketplace-session-muted, --marketplace-session-border, --marketplace-session-urgent, --marketplace-session-radius
 *
 * @cssstate loading - It is not known yet whether there is a request.
 * @cssstate form - There is none.
 * @cssstate paying - It has to be paid.
 * @cssstate waiting - Somebody is looked for.
 * @cssstate claimed - A helper has taken it.
 * @cssstate running - The talk is under way.
 * @cssstate ended - It is over.
 */
export class MarketplaceHelpRequestElement extends HelpElement<HelpRequestPart> implements HelpRequestHost {
  static override properties: Record<string, Property> = {
    ...HelpElement.properties,
    serverUrl: { read: text },
    accessTokenUrl: { read: text },
    requestUrl: { read: text },
    joinUrl: { read: text },
    requestId: { read: text },
    categories: { read: readCategories },
    checks: { read: readChecks([]) },
    require: { read: readChecks([]) },
  };

  declare serverUrl: string | undefined;
  declare accessTokenUrl: string | undefined;
  declare requestUrl: string | undefined;
  declare joinUrl: string | undefined;
  declare requestId: string | undefined;
  declare categories: readonly HelpCategory[] | undefined;
  declare checks: readonly CheckName[];
  declare require: readonly CheckName[];
  /** Words in place of the element's own. */
  declare strings: OwnHelpRequestWords;

  constructor() {
    super('loading');
  }

  /** @internal */
  get options(): HelpRequestOptions | undefined {
    const { serverUrl, accessTokenUrl, requestUrl, joinUrl, requestId, categories } = this;
    if (!serverUrl || !accessTokenUrl) return undefined;
    return {
      apiEndpoint: serviceAddress(serverUrl),
      accessTokenUrl,
      requestUrl,
      joinUrl,
      requestId,
      categories,
    };
  }

  /** @internal */
  protected override async makePart(isNeeded: () => unknown): Promise<HelpRequestPart> {
    const { HelpRequestPart } = await helpRequestPart(isNeeded);
    return new HelpRequestPart(this);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-help-request': MarketplaceHelpRequestElement;
  }
}
