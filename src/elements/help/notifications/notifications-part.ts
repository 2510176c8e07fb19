import { render } from 'lit/html.js';
import { Alerts } from '../../../controller/desk/alerts.js';
import type { DeskOptions } from '../../../controller/desk/desk-options.js';
import { Notifications, type DeskNotification } from '../../../controller/desk/notifications.js';
import { panelStyles } from '../../session/panels/styles.js';
import { focused, focusQuietly } from '../../shared/focus.js';
import { fill } from '../../shared/wording.js';
import { FeaturePart } from '../feature-part.js';
import type { NotificationsEventFields } from './notifications-events.js';
import type { NotificationsHost } from './notifications-host.js';
import { notificationsStyles } from './notifications-styles.js';
import { notificationsView } from './notifications-view.js';
import type { NotificationsWords } from './notifications-words.js';
import { loadNotificationsWords } from './words/load.js';

/** Between the bell and its list, and the edges of the window, px. */
const gapPx = 8;

/** Draws a bell and its list, and turns what a person does into calls of them. */
export class NotificationsPart extends FeaturePart<
  NotificationsHost,
  NotificationsWords,
  NotificationsEventFields
> {
  #notifications: Notifications | undefined;
  #alerts: Alerts | undefined;
  #isOpen = false;
  /** How many were unread when it was said last. */
  #saidCount: number | undefined;
  #isSaying = false;
  #listening = new AbortController();

  constructor(host: NotificationsHost) {
    super(host, loadNotificationsWords, panelStyles, notificationsStyles);
  }

  override hostConnected(): void {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    // To be taken out has closed it, and nothing tells of that.
    this.#isOpen = this.#list?.matches(':popover-open') ?? false;
    window.addEventListener('resize', () => this.#place(), { signal });
    super.hostConnected();
  }

  override hostDisconnected(): void {
    this.#listening.abort();
    super.hostDisconnected();
  }

  protected override stop(): void {
    this.#notifications?.close();
    this.#alerts?.close();
    [this.#notifications, this.#alerts, this.#saidCount] = [undefined, undefined, undefined];
    this.#isSaying = false;
  }

  protected override start(options: DeskOptions): void {
    this.#notifications = new Notifications(options);
    this.#alerts = new Alerts({
      ...options,
      title: () => this.said?.alert ?? '',
      onOpen: (requestId) => this.#open(requestId, null, 'offered'),
    });
    this.#notifications.subscribe(() => this.#changed());
    this.#alerts.subscribe(() => this.host.requestUpdate());
    if (this.#isOpen) this.#notifications.show();
    this.#changed();
  }

  get #list(): HTMLElement | null {
    return this.host.shadowRoot!.querySelector('[part=notifications]');
  }

  draw(): void {
    const { whole, language, shadowRoot } = this.host;
    this.follow();
    const words = this.said;
    const notifications = this.#notifications;
    const alerts = this.#alerts;
    if (!words || !notifications || !alerts) return;
    const before = shadowRoot!.activeElement;
    const view = notificationsView({
      words,
      snapshot: notifications.snapshot,
      alerts: alerts.snapshot,
      isOpen: this.#isOpen,
      clock: (instant) => language.clock(instant),
      toggled: (event) => this.#toggled((event as ToggleEvent).newState === 'open'),
      keyed: (event) => this.#keyed(event),
      close: () => this.#list?.hidePopover(),
      open: (one) => this.#openListed(one),
      markRead: (id) => this.#mark(notifications.markRead(id)),
      markAllRead: () => this.#mark(notifications.markAllRead()),
      more: () => void notifications.more(),
      retry: () => notifications.retry(),
      ring: (isOn) => (isOn ? alerts.turnOn() : alerts.turnOff()),
    });
    render(view, whole);
    // The button that was pressed has gone.
    if (this.#isOpen && before && !before.isConnected && (!focused() || focused() === document.body))
      focusQuietly(shadowRoot!.querySelector('[part=notifications-title]'));
    this.#place();
  }

  /** By a press, by Escape or by a press elsewhere. */
  #toggled(isOpen: boolean): void {
    if (isOpen === this.#isOpen) return;
    this.#isOpen = isOpen;
    if (isOpen) this.#notifications?.show();
    else this.#notifications?.hide();
    this.#showState();
    this.host.requestUpdate();
    const bell = this.host.shadowRoot!.querySelector('[part~=bell-button]');
    const inside = this.#list!.contains(this.host.shadowRoot!.activeElement);
    if (!isOpen && (inside || !focused() || focused() === document.body)) focusQuietly(bell);
    if (isOpen)
      void this.host.updateComplete.then(() =>
        focusQuietly(this.host.shadowRoot!.querySelector('[part=notifications-title]')),
      );
  }

  /** Up and down from one to the next: behind each come its buttons. */
  #keyed(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const names = [...this.#list!.querySelectorAll<HTMLElement>('[part=notification-name]')];
    const within = this.host.shadowRoot!.activeElement?.closest('article');
    const at = names.findIndex((name) => within?.contains(name));
    const next = names[at < 0 && step < 0 ? -1 : at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  /** Below the bell, and inside the window. */
  #place(): void {
    const list = this.#list;
    if (!this.#isOpen || !list) return;
    const bell = this.host.shadowRoot!.querySelector('[part~=bell-button]')!.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = list;
    const { clientWidth, clientHeight } = document.documentElement;
    const isRightToLeft = getComputedStyle(list).direction === 'rtl';
    const left = isRightToLeft ? bell.left : bell.right - offsetWidth;
    const inside = (wanted: number, size: number, room: number) =>
      `${Math.max(gapPx, Math.min(wanted, room - size - gapPx))}px`;
    list.style.left = inside(left, offsetWidth, clientWidth);
    list.style.top = inside(bell.bottom + gapPx, offsetHeight, clientHeight);
  }

  #openListed({ id, requestId, type, isRead }: DeskNotification): void {
    if (!isRead) this.#mark(this.#notifications!.markRead(id));
    this.#list?.hidePopover();
    this.#open(requestId!, id, type);
  }

  #open(requestId: string, notificationId: number | null, notificationType: DeskNotification['type']): void {
    const fields = { requestId, notificationId, notificationType };
    if (!this.tellPage('notification-opened', fields, { cancelable: true })) return;
    const root = this.host.getRootNode() as Document | ShadowRoot;
    const desk =
      root.querySelector('marketplace-helper-desk') ?? document.querySelector('marketplace-helper-desk');
    if (desk) return desk.show(requestId);
    const address = this.host.deskUrl?.replaceAll('{request_id}', encodeURIComponent(requestId));
    if (!address || !URL.canParse(address, document.baseURI)) return;
    const { href, protocol } = new URL(address, document.baseURI);
    if (/^https?:$/.test(protocol)) location.assign(href);
  }

  #mark(marking: Promise<void>): void {
    marking.catch(() => this.announcements.say(() => this.said?.notMarked ?? ''));
  }

  #showState(): void {
    const { connection, unreadCount } = this.#notifications!.snapshot;
    this.host.showState(
      connection === 'online' ? 'connected' : connection === 'connecting' ? 'connecting' : 'disconnected',
      ...(unreadCount ? ['unread'] : []),
      ...(this.#isOpen ? ['open'] : []),
    );
  }

  #changed(): void {
    this.#showState();
    const { connection, unreadCount } = this.#notifications!.snapshot;
    if (connection === 'online') {
      const before = this.#saidCount ?? unreadCount;
      if (this.#saidCount === undefined || unreadCount < before) this.#saidCount = unreadCount;
      else if (unreadCount > before) this.#sayNews();
    }
    this.host.requestUpdate();
  }

  /** One line for all that have come; a desk in the page says it itself. */
  #sayNews(): void {
    if (this.#isSaying) return;
    this.#isSaying = true;
    this.announcements.say(() => {
      this.#isSaying = false;
      const { unreadCount = 0 } = this.#notifications?.snapshot ?? {};
      const count = unreadCount - (this.#saidCount ?? unreadCount);
      this.#saidCount = unreadCount;
      if (count <= 0 || !this.said || document.querySelector('marketplace-helper-desk')) return '';
      return fill(this.said.news, { count: String(count) });
    });
  }
}
