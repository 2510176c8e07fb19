import { latePart } from '../../../controller/late-part.js';
import { text } from '../../../controller/option-values.js';
import type { OutcomeFormOptions } from '../../../controller/outcome/outcome-form.js';
import type { Property } from '../../shared/base-element.js';
import { HelpElement } from '../help-element.js';
import { serviceAddress } from '../service-address.js';
import type { OutcomeHost } from './outcome-host.js';
import type { OutcomePart } from './outcome-part.js';
import type { OwnOutcomeWords } from './outcome-words.js';

const outcomePart = latePart(() => import('./outcome-part.js'));

/**
 * Asks a helper how a talk has ended, and for notes, once the talk is over. The same sent twice is no mistake; where
 * something else was recorded before, that is shown, and stays.
 *
 * @summary A helper's form after a talk: how it ended, and notes.
 * @tag marketplace-session-outcome
 *
 * @attr {string} server-url - Address of the session service, such as `https://market.example/api/v1`.
 * @attr {string} access-token-url - A route of your server that answers a POST with an access token of the helper.
 * @attr {string} request-id - The help request whose talk it was.
 * @attr {'auto'|'light'|'dark'} theme - Colours; "auto" follows the page.
 *
 * @fires outcome-submitted - The service has it. `requestId`, `outcome`: never the notes.
 *
 * @csspart session, button, primary-button, announcement
 * @csspart outcome - The card.
 * @csspart outcome-title - Its heading.
 * @csspart outcome-text - Why nothing can be said of it, or that something else was.
 * @csspart outcome-form - The form.
 * @csspart options - What can be chosen.
 * @csspart option - One of them.
 * @csspart chosen-option - The one that is chosen.
 * @csspart missing-choice - That one has to be chosen.
 * @csspart field, notes-field - The field for notes.
 * @csspart field-label - A field and its name.
 * @csspart field-name - The name of a field.
 * @csspart field-hint - What is to be known of a field.
 * @csspart given-outcome - What was recorded.
 * @csspart given-notes - The notes to it.
 * @csspart trouble - What did not work, and the way out.
 * @csspart reference - The code of it.
 * @csspart submit-button - Sends it.
 * @csspart retry-button - Tries anew what failed by itself.
 *
 * @cssproperty --marketplace-session-accent, --marketplace-session-on-accent, --marketplace-session-surface, --marketplace-session-text, --marketplace-session-muted, --marketplace-session-border, --marketplace-session-urgent, --marketplace-session-radius
 *
 * @cssstate loading - It is not known yet how the talk stands.
 * @cssstate early - The talk is not over.
 * @cssstate form - Nothing was said of it.
 * @cssstate given - Something was.
 * @cssstate void - No talk came of the request.
 */
export class MarketplaceSessionOutcomeElement extends HelpElement<OutcomePart> implements OutcomeHost {
  static override properties: Record<string, Property> = {
    ...HelpElement.properties,
    serverUrl: { read: text },
    accessTokenUrl: { read: text },
    requestId: { read: text },
  };

  declare serverUrl: string | undefined;
  declare accessTokenUrl: string | undefined;
  declare requestId: string | undefined;
  /** Words in place of the element's own. */
  declare strings: OwnOutcomeWords;

  constructor() {
    super('loading');
  }

  /** @internal */
  get options(): OutcomeFormOptions | undefined {
    const { serverUrl, accessTokenUrl, requestId } = this;
    if (!serverUrl || !accessTokenUrl || !requestId) return undefined;
    return { apiEndpoint: serviceAddress(serverUrl), accessTokenUrl, requestId };
  }

  /** @internal */
  protected override async makePart(isNeeded: () => unknown): Promise<OutcomePart> {
    const { OutcomePart } = await outcomePart(isNeeded);
    return new OutcomePart(this);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-session-outcome': MarketplaceSessionOutcomeElement;
  }
}
