import type { DashboardOptions } from '../../controller/dashboard/dashboard-options.js';
import { latePart } from '../../controller/late-part.js';
import { text, words } from '../../controller/option-values.js';
import { HelpElement } from '../help/help-element.js';
import { serviceAddress } from '../help/service-address.js';
import type { Property } from '../shared/base-element.js';
import type { DashboardHost } from './dashboard-host.js';
import type { DashboardPart } from './dashboard-part.js';
import type { OwnDashboardWords } from './dashboard-words.js';

const dashboardPart = latePart(() => import('./dashboard-part.js'));

/**
 * What a provider's sessions come to, as it happens: what runs now, what was earned, what waits for somebody; charts with a table
 * beside each; the sessions themselves, with filters, a file for spreadsheets, and what has happened to each. All of it is counted
 * by the service, in the provider's time zone. Each card says by itself that it is loading, empty, old or not to be had.
 *
 * @summary A provider's dashboard: figures, charts, sessions and their timelines.
 * @tag marketplace-dashboard
 *
 * @attr {string} server-url - The address of the session service, such as "https://market.example/api/v1".
 * @attr {string} access-token-url - An address of the provider's own server that answers a POST by `{access_token, expires_in}`.
 * @attr {string} provider-id - Whose dashboard it is.
 * @attr {string} application-ids - Applications among which a person may choose, by their ids; all together where none is named.
 * @attr {string} address-prefix - Keeps the filters in the page's address, each under a name that begins with this and a point: `board.period=30`.
 * @attr {string} attention-url - Where what waits is listed, with "{kind}" in the place of what it is; without it `attention-requested` is not told.
 * @attr {'auto'|'light'|'dark'} theme - Colours; "auto" follows the page.
 *
 * @fires filters-changed - A person shows something else. `period`, `from`, `to`, `interval`, `timeZone`, `applicationId`, `status`, `userId`.
 * @fires timeline-opened - What has happened to a session is shown. `sessionId`.
 * @fires sessions-exported - A file of the listed sessions was made. `byteLength`.
 * @fires attention-requested - A person goes to what waits; cancelable. `kind`, `count`.
 * @fires card-state-changed - A card is "loading", "ready", "stale" or "failed". `card`, `cardState`.
 *
 * @csspart session, button, primary-button, actions, announcement
 * @csspart dashboard - The whole of it.
 * @csspart dashboard-title - Its heading.
 * @csspart dashboard-heading - Headings in it.
 * @csspart dashboard-text - That it is being opened.
 * @csspart dashboard-notice - That there is no connection, or none is allowed.
 * @csspart notice-text - What that says.
 * @csspart try-now-button - Tries at once.
 * @csspart filters - What is shown, to choose.
 * @csspart field-label - A choice and its name.
 * @csspart field-name - The name of a choice.
 * @csspart field - A choice.
 * @csspart cards - All cards.
 * @csspart card - One of them.
 * @csspart main-card - One of the first three.
 * @csspart card-title - Its heading.
 * @csspart card-value - Its number.
 * @csspart card-text - What is said to it.
 * @csspart card-scope - Its period and time zone.
 * @csspart card-stale - That it may be old.
 * @csspart card-failed - That it could not be read.
 * @csspart waiting - What waits for somebody.
 * @csspart rows-button - Leads to its sessions.
 * @csspart retry-button - Tries anew what failed.
 * @csspart charts - All charts.
 * @csspart chart - One of them.
 * @csspart chart-title - Its name.
 * @csspart plot - What is drawn.
 * @csspart column - A day or an hour.
 * @csspart running-column - One that is not over.
 * @csspart before - The same of the time before.
 * @csspart chart-value - The value under the pointer, or the cursor.
 * @csspart chart-legend - What the marks mean.
 * @csspart chart-table - The table beside it.
 * @csspart table - A table.
 * @csspart metrics - What pages counted.
 * @csspart history - The list of sessions.
 * @csspart history-text - Which sessions it holds.
 * @csspart csv-button - Makes a file of them.
 * @csspart more-button - Reads older ones.
 * @csspart session-row - One of them.
 * @csspart timeline-button - Opens what has happened to one.
 * @csspart dialog, dialog-head, dialog-body - The timeline.
 * @csspart dialog-title - Its heading.
 * @csspart timeline - What has happened.
 * @csspart timeline-entry - One thing of it.
 * @csspart timeline-time - When it was.
 * @csspart close-button - Closes it.
 *
 * @cssproperty --marketplace-session-accent, --marketplace-session-on-accent, --marketplace-session-surface, --marketplace-session-text, --marketplace-session-muted, --marketplace-session-border, --marketplace-session-urgent, --marketplace-session-radius
 *
 * @cssstate connecting - It has not been heard yet.
 * @cssstate connected - Changes are heard as they come.
 * @cssstate disconnected - What stands there may be old.
 */
export class MarketplaceDashboardElement extends HelpElement<DashboardPart> implements DashboardHost {
  static override properties: Record<string, Property> = {
    ...HelpElement.properties,
    serverUrl: { read: text },
    accessTokenUrl: { read: text },
    providerId: { read: text },
    applicationIds: { read: words },
    addressPrefix: { read: text },
    attentionUrl: { read: text },
  };

  declare serverUrl: string | undefined;
  declare accessTokenUrl: string | undefined;
  declare providerId: string | undefined;
  declare applicationIds: readonly string[] | undefined;
  declare addressPrefix: string | undefined;
  declare attentionUrl: string | undefined;
  /** Words in place of the element's own. */
  declare strings: OwnDashboardWords;

  constructor() {
    super('connecting');
  }

  /** @internal */
  get options(): DashboardOptions | undefined {
    const { serverUrl, accessTokenUrl, providerId, applicationIds = [] } = this;
    if (!serverUrl || !accessTokenUrl || !providerId) return undefined;
    return { apiEndpoint: serviceAddress(serverUrl), accessTokenUrl, providerId, applicationIds };
  }

  protected override async makePart(isNeeded: () => unknown): Promise<DashboardPart> {
    const { DashboardPart } = await dashboardPart(isNeeded);
    return new DashboardPart(this);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-dashboard': MarketplaceDashboardElement;
  }
}
