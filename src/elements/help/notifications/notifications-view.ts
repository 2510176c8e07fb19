import { html, nothing, svg, type TemplateResult } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AlertsSnapshot } from '../../../controller/desk/alerts.js';
import type { DeskNotification, NotificationsSnapshot } from '../../../controller/desk/notifications.js';
import { button } from '../../session/panels/button.js';
import { sentences } from '../../shared/sentences.js';
import { fill } from '../../shared/wording.js';
import type { NotificationsWords } from './notifications-words.js';

/** Above this the bell shows `9+`; its name has the whole number. */
const mostShown = 9;

export interface NotificationsView {
  words: NotificationsWords;
  snapshot: NotificationsSnapshot;
  alerts: AlertsSnapshot;
  isOpen: boolean;
  /** An instant by the helper's clock. */
  clock(instant: number): string;
  toggled(event: Event): void;
  keyed(event: KeyboardEvent): void;
  close(): void;
  open(notification: DeskNotification): void;
  markRead(id: number): void;
  markAllRead(): void;
  more(): void;
  retry(): void;
  ring(isOn: boolean): void;
}

/** The whole of it. */
export function notificationsView(view: NotificationsView): TemplateResult {
  const { words, snapshot, isOpen, toggled, keyed } = view;
  const { unreadCount } = snapshot;
  const name = unreadCount ? fill(words.unread, { count: String(unreadCount) }) : words.noneUnread;
  const count = unreadCount > mostShown ? `${mostShown}+` : String(unreadCount);
  return html`<button
      type="button"
      part="button bell-button"
      aria-label=${name}
      aria-haspopup="dialog"
      popovertarget="list"
      aria-expanded=${isOpen}
    >
      ${bell} ${unreadCount ? html`<span part="unread-count" data-count=${count}></span>` : nothing}
    </button>
    <div
      part="notifications"
      id="list"
      popover="auto"
      role="dialog"
      aria-labelledby="title"
      @toggle=${toggled}
      @keydown=${keyed}
    >
      ${isOpen ? list(view) : nothing}
    </div>
    <p part="announcement" role="status"></p>`;
}

const bell = html`<svg
  part="bell-icon"
  viewBox="0 0 24 24"
  aria-hidden="true"
  fill="none"
  stroke="currentColor"
>
  ${svg`<path
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    d="M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7M10 20h4"
  />`}
</svg>`;

function list(view: NotificationsView): TemplateResult {
  const { words, snapshot, close, markAllRead, more, retry } = view;
  const { notifications, hasMore, isLoading, code, unreadCount } = snapshot;
  const isFailed = code !== undefined && !isLoading && snapshot.connection !== 'connecting';
  return html`<h2 part="notifications-title" id="title" tabindex="-1">${words.title}</h2>
    <div part="actions">
      ${button('mark-all-read', words.markAllRead, markAllRead, { isBusy: !unreadCount || !notifications?.length })}
    </div>
    ${ring(view)}
    ${
      notifications?.length
        ? html`<ul part="notifications-list" role="list">
            ${repeat(
              notifications,
              ({ id }) => id,
              (one) => html`<li>${notification(one, view)}</li>`,
            )}
          </ul>`
        : nothing
    }
    ${
      isFailed
        ? html`<p part="notifications-text">${words.notLoaded}</p>
            ${button('try-again', words.tryAgain, retry)}`
        : !notifications
          ? html`<p part="notifications-text">${words.loading}</p>`
          : notifications.length
            ? nothing
            : html`<p part="notifications-text">${words.empty}</p>`
    }
    ${hasMore ? button('more', words.more, more, { isBusy: isLoading }) : nothing}
    ${button('close', words.close, close)}`;
}

/** To be told by sound and system, which is asked for by this press alone. */
function ring({ words, alerts, ring }: NotificationsView): TemplateResult {
  const { isOn, sound, system } = alerts;
  const advice = sentences(
    sound === 'blocked' && words.soundBlocked,
    system === 'blocked' && words.systemBlocked,
    system === 'unsupported' && words.systemUnsupported,
  );
  return html`<label part="ring">
      <input
        type="checkbox"
        .checked=${live(isOn)}
        @change=${({ target }: Event) => ring((target as HTMLInputElement).checked)}
      />
      <span .textContent=${words.ring}></span>
    </label>
    ${isOn && advice ? html`<p part="ring-text">${advice}</p>` : nothing}`;
}

function notification(one: DeskNotification, view: NotificationsView): TemplateResult {
  const { words, clock, open, markRead } = view;
  const { id, type, requestId, createdAt, isRead, isOpen } = one;
  const text = words.kinds[type];
  const name = (action: string) => fill(words.named, { action, text });
  const told = [!isRead && words.isUnread, clock(createdAt), type === 'offered' && isOpen && words.isOpen];
  return html`<article
    part="notification ${isRead ? 'read' : 'unread'}-notification"
    aria-labelledby="name-${id}"
  >
    <h3 part="notification-name" id="name-${id}" tabindex="-1">${text}</h3>
    <p part="notification-text">${told.filter(Boolean).join(' · ')}</p>
    <div part="actions">
      ${requestId === null ? nothing : button('open', words.open, () => open(one), { name: name(words.open) })}
      ${isRead ? nothing : button('mark-read', words.markRead, () => markRead(id), { name: name(words.markRead) })}
    </div>
  </article>`;
}
