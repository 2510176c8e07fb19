import { latePart } from '../../controller/late-part.js';
import { text } from '../../controller/option-values.js';
import type { SetupOptions } from '../../controller/setup/setup-options.js';
import { HelpElement } from '../help/help-element.js';
import { serviceAddress } from '../help/service-address.js';
import type { Property } from '../shared/base-element.js';
import type { SetupHost } from './setup-host.js';
import type { SetupPart } from './setup-part.js';
import type { OwnSetupWords } from './setup-words.js';

const setupPart = latePart(() => import('./setup-part.js'));

/**
 * Sets up an application step by step: where its page is, what a minute costs, its key of tests, which is shown once, what to write into the
 * page, what is wrong with that by name, and a session on the page itself that nobody pays for, in seconds. What is left stands
 * below, and how far it is the service knows: whoever comes back goes on there.
 *
 * @summary The set-up of a provider's application, from nothing to a page that works.
 * @tag marketplace-setup
 *
 * @attr {string} server-url - The address of the session service, such as "https://market.example/api/v1".
 * @attr {string} access-token-url - An address of the provider's own server that answers a POST by `{access_token, expires_in}`.
 * @attr {string} application-id - The application, which is registered already.
 * @attr {string} address-prefix - Keeps step and framework in the page's address, each under a name that begins with this and a point: `setup.step=price`.
 * @attr {'auto'|'light'|'dark'} theme - Colours; "auto" follows the page.
 *
 * @fires step-opened - A person looks at a step. `step`.
 * @fires page-checked - The page was looked at from outside. `isReady`, `causes`.
 * @fires setup-verified - A rehearsal has gone to its end on the page. `applicationId`.
 *
 * @csspart session, button, primary-button, actions, announcement
 * @csspart setup - The whole of it.
 * @csspart setup-title - Its heading.
 * @csspart setup-heading - Headings in it.
 * @csspart setup-text - What is said.
 * @csspart mode - Whether it is for tests or for customers.
 * @csspart test-mode - That it is for tests.
 * @csspart live-mode - That it is for customers.
 * @csspart unknown-mode - That nobody has said so yet.
 * @csspart steps - All steps.
 * @csspart step - One of them.
 * @csspart done-step - One that is done.
 * @csspart due-step - One that is due.
 * @csspart later-step - One that may wait.
 * @csspart step-button - Opens it.
 * @csspart step-number - Its place, or that it is done.
 * @csspart step-name - Its name.
 * @csspart step-state - How it stands.
 * @csspart step-panel - The one that is open.
 * @csspart step-title - Its heading.
 * @csspart next-button - Opens the one after it.
 * @csspart left - What is left.
 * @csspart left-list - The steps that are.
 * @csspart left-button - Opens one of them.
 * @csspart later - What comes before customers do.
 * @csspart trouble - What did not work.
 * @csspart trouble-text - What that is.
 * @csspart trouble-reason - Why, as the service says it.
 * @csspart retry-button - Tries anew.
 * @csspart page-form, price-form - A setting.
 * @csspart field-label - A field and its name.
 * @csspart field-name - The name of a field.
 * @csspart field-hint - What is said to it.
 * @csspart field - A field.
 * @csspart field-fault - What is wrong with it.
 * @csspart save-button - Saves it.
 * @csspart origins - Where the tag may run.
 * @csspart origin - One of these origins.
 * @csspart remove-button - Takes it away.
 * @csspart key-button - Has a key made.
 * @csspart keep-button - Says that the key is where it belongs.
 * @csspart key-warning - That it is shown once.
 * @csspart snippet-choices - What the code depends on.
 * @csspart code - Something to copy.
 * @csspart code-name - What it is.
 * @csspart code-text - As it stands.
 * @csspart copy-button - Copies it.
 * @csspart check-button - Looks at the page from outside.
 * @csspart verdict - Whether something blocks.
 * @csspart checks - What was looked at.
 * @csspart check - One of it.
 * @csspart check-name - What that is.
 * @csspart check-verdict - What came of it.
 * @csspart finding - Something that is wrong.
 * @csspart finding-means - What is so.
 * @csspart finding-mend - What mends it.
 * @csspart finding-cause - Its name.
 * @csspart register-button - Registers an origin.
 * @csspart rehearsal - How far a rehearsal is.
 * @csspart rehearse-button - Prepares one.
 * @csspart launch-link - Opens the page in it.
 * @csspart stop-button - Ends it.
 *
 * @cssproperty --marketplace-session-accent, --marketplace-session-on-accent, --marketplace-session-surface, --marketplace-session-text, --marketplace-session-muted, --marketplace-session-border, --marketplace-session-urgent, --marketplace-session-radius
 *
 * @cssstate loading - The application is not known yet.
 * @cssstate failed - It could not be read.
 * @cssstate incomplete - Something is due.
 * @cssstate complete - Sessions run.
 * @cssstate test - It is for tests.
 * @cssstate live - It is for customers.
 */
export class MarketplaceSetupElement extends HelpElement<SetupPart> implements SetupHost {
  static override properties: Record<string, Property> = {
    ...HelpElement.properties,
    serverUrl: { read: text },
    accessTokenUrl: { read: text },
    applicationId: { read: text },
    addressPrefix: { read: text },
  };

  declare serverUrl: string | undefined;
  declare accessTokenUrl: string | undefined;
  declare applicationId: string | undefined;
  declare addressPrefix: string | undefined;
  /** Words in place of the element's own. */
  declare strings: OwnSetupWords;

  constructor() {
    super('loading');
  }

  /** @internal */
  get options(): SetupOptions | undefined {
    const { serverUrl, accessTokenUrl, applicationId } = this;
    if (!serverUrl || !accessTokenUrl || !applicationId) return undefined;
    return { apiEndpoint: serviceAddress(serverUrl), accessTokenUrl, applicationId };
  }

  protected override async makePart(isNeeded: () => unknown): Promise<SetupPart> {
    const { SetupPart } = await setupPart(isNeeded);
    return new SetupPart(this);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-setup': MarketplaceSetupElement;
  }
}
