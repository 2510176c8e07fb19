import type { DeskOptions } from '../../../controller/desk/desk-options.js';
import { latePart } from '../../../controller/late-part.js';
import { text } from '../../../controller/option-values.js';
import type { Property } from '../../shared/base-element.js';
import { HelpElement } from '../help-element.js';
import { deskOptions } from './desk-address.js';
import type { DeskHost } from './desk-host.js';
import type { DeskPart } from './desk-part.js';
import type { OwnDeskWords } from './desk-words.js';

const deskPart = latePart(() => import('./desk-part.js'));

/**
 * Where a helper sits: the own switch, requests for help as they come, and those that are the helper's, from accepting one to
 * joining its session, and to saying how the talk ended. Of all who are asked exactly one gets a request, and the others are told. While the page listens the
 * helper counts as there. Several tabs show the same; while the connection is lost that is said, and nothing can be accepted.
 *
 * @summary A helper's desk: availability, offers and own requests.
 * @tag marketplace-helper-desk
 *
 * @attr {string} server-url - The address of the session service, such as "https://market.example/api/v1".
 * @attr {string} access-token-url - An address of the provider's own server that answers a POST by `{access_token, expires_in}`.
 * @attr {string} helper-id - Whose desk it is; the helper that the access token speaks for by default.
 * @attr {string} session-url - Where a session is opened, in a tab of its own, with "{session_id}", and "{request_id}", in the places of ids; without it `join-requested` alone tells.
 * @attr {'auto'|'light'|'dark'} theme - Colours; "auto" follows the page.
 *
 * @fires offer-received - A request is offered. `requestId`.
 * @fires offer-claimed - The helper has it. `requestId`, `sessionId`.
 * @fires join-requested - Before a session is opened; cancelable. `requestId`, `sessionId`.
 * @fires outcome-submitted - The service has what the helper said of a talk. `requestId`, `outcome`: never the notes.
 * @fires availability-changed - The switch stands elsewhere, whoever has put it. `availability`.
 *
 * @csspart session, button, primary-button, actions, announcement
 * @csspart desk - The card.
 * @csspart desk-title - Its heading.
 * @csspart desk-heading - Headings in it.
 * @csspart desk-text - That it is being opened, or that there is nothing to do.
 * @csspart desk-notice - That there is no connection, or none is allowed.
 * @csspart notice-text - What that says.
 * @csspart try-now-button - Tries at once.
 * @csspart availability - The switch.
 * @csspart availability-option - A place of it.
 * @csspart chosen-option - The place that it is in, and what is chosen of how a talk ended.
 * @csspart availability-text - What that means.
 * @csspart set-away - That the service has put it to away, and when.
 * @csspart offers - The list of what is offered.
 * @csspart own-requests - The list of those that are the helper's.
 * @csspart request - One of either.
 * @csspart offered-request, claimed-request, in_progress-request, completed-request, gone-request - One that stands so.
 * @csspart request-name - Its category.
 * @csspart request-text - Since when it waits, how long it takes and what it costs.
 * @csspart request-description - What the customer wrote.
 * @csspart request-time - The time to join, or that the talk runs.
 * @csspart outcome-title - The question how a talk ended.
 * @csspart outcome-text - That it is being looked what was said of it.
 * @csspart outcome-form - The form.
 * @csspart options - What can be chosen.
 * @csspart option - One of them.
 * @csspart missing-choice - That one has to be chosen.
 * @csspart field, notes-field - The field for notes.
 * @csspart field-label - A field and its name.
 * @csspart field-name - The name of a field.
 * @csspart field-hint - What is to be known of a field.
 * @csspart trouble - What did not work, and the way out.
 * @csspart reference - The code of it.
 * @csspart submit-button - Sends it.
 * @csspart retry-button - Tries anew what failed by itself.
 * @csspart given-outcome - What was recorded.
 * @csspart given-notes - The notes to it.
 * @csspart request-message - How it went, or why something was refused.
 * @csspart claim-button - Accepts it.
 * @csspart decline-button - Leaves it to others.
 * @csspart join-button - Opens its session.
 * @csspart start-button - Starts the talk.
 * @csspart withdraw-button - Gives it back.
 * @csspart dismiss-button - Puts away one that is gone.
 *
 * @cssproperty --marketplace-session-accent, --marketplace-session-on-accent, --marketplace-session-surface, --marketplace-session-text, --marketplace-session-muted, --marketplace-session-border, --marketplace-session-urgent, --marketplace-session-radius
 *
 * @cssstate connecting - It has not been heard yet.
 * @cssstate connected - What stands there is so.
 * @cssstate disconnected - What stands there may be old.
 * @cssstate available, away, offline - Where the switch stands.
 * @cssstate busy - The helper has as many requests as he takes at a time.
 */
export class MarketplaceHelperDeskElement extends HelpElement<DeskPart> implements DeskHost {
  static override properties: Record<string, Property> = {
    ...HelpElement.properties,
    serverUrl: { read: text },
    accessTokenUrl: { read: text },
    helperId: { read: text },
    sessionUrl: { read: text },
  };

  declare serverUrl: string | undefined;
  declare accessTokenUrl: string | undefined;
  declare helperId: string | undefined;
  declare sessionUrl: string | undefined;
  /** Words in place of the element's own. */
  declare strings: OwnDeskWords;

  constructor() {
    super('connecting');
  }

  /** @internal */
  get options(): DeskOptions | undefined {
    return deskOptions(this);
  }

  /** Brings a request into view, with the focus on it; the desk itself where it is there no more. */
  show(requestId: string): void {
    this.drawing?.show(requestId);
  }

  protected override async makePart(isNeeded: () => unknown): Promise<DeskPart> {
    const { DeskPart } = await deskPart(isNeeded);
    return new DeskPart(this);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-helper-desk': MarketplaceHelperDeskElement;
  }
}
