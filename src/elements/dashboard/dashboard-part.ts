import { render } from 'lit/html.js';
import type { DashboardOptions } from '../../controller/dashboard/dashboard-options.js';
import { browserWorld } from '../../controller/browser-world.js';
import {
  Dashboard,
  type DashboardPart as Part,
  type DashboardSnapshot,
} from '../../controller/dashboard/dashboard.js';
import {
  readFilters,
  usualFilters,
  writeFilters,
  type DashboardFilters,
} from '../../controller/dashboard/filters.js';
import type { Read } from '../../controller/dashboard/reading.js';
import type { SessionStatus } from '../../protocol/session.js';
import { FeaturePart } from '../help/feature-part.js';
import { formStyles } from '../help/form-styles.js';
import { ConnectionNotice } from '../session/panels/connection-notice.js';
import { panelStyles } from '../session/panels/styles.js';
import { focusQuietly } from '../shared/focus.js';
import { formatsFor } from '../shared/formats.js';
import { Modal } from '../shared/modal.js';
import type { Words } from '../shared/words.js';
import type { DashboardEventFields } from './dashboard-events.js';
import { dashboardFormats } from './dashboard-formats.js';
import type { DashboardHost } from './dashboard-host.js';
import { dashboardStyles } from './dashboard-styles.js';
import { dashboardView } from './dashboard-view.js';
import type { DashboardView } from './dashboard-view-model.js';
import type { DashboardWords } from './dashboard-words.js';
import { loadDashboardWords } from './words/load.js';

/** Of a chart, until its place is measured, px. */
const usualWidth = 480;
const cards: readonly Part[] = ['figures', 'running', 'attention', 'help', 'metrics', 'sessions'];

/** Draws a dashboard, and turns what a person does into calls of it. */
export class DashboardPart extends FeaturePart<DashboardHost, DashboardWords, DashboardEventFields> {
  readonly #notice = new ConnectionNotice((told) => {
    this.say((words) => (told === 'online' ? words.reconnected : words.connectionLost));
    this.host.requestUpdate();
  });
  readonly #modal = new Modal(() => this.#filter({ sessionId: undefined }));
  readonly #cursors = new Map<string, number>();
  readonly #states = new Map<Part, string>();
  #resizing: ResizeObserver | undefined;
  #width = usualWidth;
  #metric: string | undefined;
  #dashboard: Dashboard | undefined;
  #isExporting = false;
  #listening: AbortController | undefined;

  constructor(host: DashboardHost) {
    super(host, loadDashboardWords, panelStyles, formStyles, dashboardStyles);
  }

  protected override stop(): void {
    this.#dashboard?.close();
    this.#dashboard = undefined;
    this.#notice.stop();
    this.#listening?.abort();
    this.#resizing?.disconnect();
    this.#resizing = undefined;
    this.#states.clear();
    this.#modal.hide(this.#dialog);
  }

  protected override start(options: DashboardOptions): void {
    this.#dashboard = new Dashboard(options, this.#writtenFilters);
    this.#dashboard.subscribe(() => this.#changed());
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    window.addEventListener('popstate', () => this.#dashboard?.filter(this.#writtenFilters), { signal });
    this.#changed();
  }

  get #writtenFilters(): DashboardFilters {
    const { addressPrefix } = this.host;
    return addressPrefix ? readFilters(new URLSearchParams(location.search), addressPrefix) : usualFilters;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.host.shadowRoot!.querySelector('dialog');
  }

  draw(): void {
    this.follow(this.host.addressPrefix);
    const words = this.said;
    const { locale, words: common } = this.host.language;
    const dashboard = this.#dashboard;
    if (!words || locale === undefined || !dashboard) return;
    const view = this.#view(words, common as Words, locale, dashboard.snapshot);
    // A dialog that goes gives the focus back first.
    if (!dashboard.snapshot.filters.sessionId) this.#modal.hide(this.#dialog);
    render(dashboardView(view), this.host.whole);
    this.#measure();
    const dialog = this.#dialog;
    if (dialog && (this.#modal.isOpen || !Modal.isTaken)) this.#modal.show(dialog);
  }

  #view(words: DashboardWords, common: Words, locale: string, snapshot: DashboardSnapshot): DashboardView {
    const { filters, span, timeZone = 'UTC' } = snapshot;
    const own = dashboardFormats(locale, timeZone);
    const days = span && [span.from, span.to].map((date) => own.slot({ date, startsAt: undefined }));
    return {
      ...{ words, common, snapshot, own, formats: formatsFor(common, locale) },
      notice: this.#isRefused(snapshot) ? 'refused' : this.#notice.told === 'online' ? undefined : 'lost',
      periodName: filters.period === 'custom' && days ? days.join(' – ') : words.periods[filters.period],
      ownTimeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
      isExporting: this.#isExporting,
      chartWidth: this.#width,
      isRightToLeft: getComputedStyle(this.host.whole).direction === 'rtl',
      cursors: this.#cursors,
      moveTo: (chart, column) => this.#moveTo(chart, column),
      metric: this.#metric,
      chooseMetric: (name) => {
        this.#metric = name;
        this.#cursors.clear();
        this.host.requestUpdate();
      },
      isStale: (read) => this.#isStale(read),
      filter: (changes) => this.#filter(changes),
      showRows: (status) => this.#showRows(status),
      attentionAddress: (kind) => this.#attentionAddress(kind),
      attend: (event, kind, count) => {
        if (!this.tellPage('attention-requested', { kind, count }, { cancelable: true }))
          event.preventDefault();
      },
      retry: (part) => this.#dashboard?.retry(part),
      readMore: () => void this.#dashboard?.more(),
      exportCsv: () => void this.#export(),
      open: (sessionId) => {
        this.#filter({ sessionId });
        this.tellPage('timeline-opened', { sessionId });
      },
      close: () => this.#filter({ sessionId: undefined }),
      tryNow: () => this.#dashboard?.retry(),
    };
  }

  #isRefused({ connection, code, timeZone }: DashboardSnapshot): boolean {
    return (
      connection === 'refused' ||
      (timeZone === undefined && /^(CREDENTIAL|ACCESS_TOKEN|PROVIDER_NOT)/.test(code ?? ''))
    );
  }

  /** Its last question failed, or changes are not heard. */
  #isStale({ code, value }: Read<unknown>): boolean {
    return value !== undefined && (code !== undefined || this.#notice.told !== 'online');
  }

  #moveTo(chart: string, column: number | undefined): void {
    if (this.#cursors.get(chart) === column) return;
    if (column === undefined) this.#cursors.delete(chart);
    else this.#cursors.set(chart, column);
    this.host.requestUpdate();
  }

  #filter(changes: Partial<DashboardFilters>): void {
    const dashboard = this.#dashboard;
    if (!dashboard) return;
    this.#cursors.clear();
    const before = dashboard.snapshot.filters;
    const filters = { ...before, ...changes };
    dashboard.filter(changes);
    const { addressPrefix } = this.host;
    if (addressPrefix) this.#write(addressPrefix, filters);
    const { sessionId, ...told } = filters;
    if (sessionId === before.sessionId) this.tellPage('filters-changed', told);
  }

  /** One step back is what was shown before. What a router keeps of the page stays with it. */
  #write(prefix: string, filters: DashboardFilters): void {
    const address = new URL(location.href);
    writeFilters(address.searchParams, prefix, filters);
    if (address.href === location.href) return;
    try {
      history.pushState(history.state, '', address);
    } catch {
      // A page in a frame of its own, or one that does so too often, may be refused it.
    }
  }

  #showRows(status: SessionStatus | undefined): void {
    this.#filter({ status, userId: undefined });
    const heading = this.host.shadowRoot!.querySelector<HTMLElement>('#history');
    heading?.scrollIntoView({ block: 'start' });
    focusQuietly(heading);
  }

  #attentionAddress(kind: string): string | undefined {
    const { attentionUrl } = this.host;
    if (!attentionUrl) return undefined;
    const address = attentionUrl.replaceAll('{kind}', encodeURIComponent(kind));
    if (!URL.canParse(address, document.baseURI)) return undefined;
    return /^https?:/.test(new URL(address, document.baseURI).protocol) ? address : undefined;
  }

  /** Makes the file in the page: a link to the service would have to hold the access token. */
  async #export(): Promise<void> {
    const dashboard = this.#dashboard;
    if (this.#isExporting || !dashboard) return;
    this.#isExporting = true;
    this.host.requestUpdate();
    try {
      const { content, fileName } = await dashboard.csv();
      const href = URL.createObjectURL(content);
      const link = Object.assign(document.createElement('a'), { href, download: fileName });
      link.click();
      browserWorld().setTimeout(() => URL.revokeObjectURL(href), 60_000);
      this.tellPage('sessions-exported', { byteLength: content.size });
      this.say((words) => words.csvMade);
    } catch {
      this.say((words) => words.failed);
    } finally {
      this.#isExporting = false;
      this.host.requestUpdate();
    }
  }

  /** Charts are drawn as wide as their place: letters stay as large as they are. */
  #measure(): void {
    const chart = this.host.shadowRoot!.querySelector<HTMLElement>('[part=chart-title]');
    if (!chart) return;
    if (!this.#resizing) {
      this.#resizing = new ResizeObserver(([entry]) => {
        const width = Math.floor(entry!.contentRect.width);
        if (!width || width === this.#width) return;
        this.#width = width;
        this.host.requestUpdate();
      });
    }
    this.#resizing.observe(chart);
  }

  #changed(): void {
    const { snapshot } = this.#dashboard!;
    const { connection } = snapshot;
    this.#notice.follow(connection === 'lost' ? 'reconnecting' : 'online');
    this.host.showState(
      connection === 'live' ? 'connected' : connection === 'connecting' ? 'connecting' : 'disconnected',
    );
    for (const card of cards) {
      const read = snapshot[card];
      const cardState = this.#isStale(read) ? 'stale' : read.state;
      if (this.#states.get(card) === cardState) continue;
      this.#states.set(card, cardState);
      this.tellPage('card-state-changed', { card, cardState });
    }
    this.host.requestUpdate();
  }
}
