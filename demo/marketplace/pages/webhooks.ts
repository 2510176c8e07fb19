import { html } from 'hono/html';
import type { Customer, WebhookEvent } from '../../../src/sdk/index.js';
import { formatRemaining } from '../../../src/protocol/time.js';
import type { CatalogueEntry } from '../catalogue.js';
import type { ReceivedWebhook } from '../webhook-inbox.js';
import { layout, type Markup } from './layout.js';
import { dayAndTime, isoTime, length, timeOfDay, tokens } from './words.js';

export interface WebhooksPage {
  wallet: Customer['wallet'];
  /** Newest first. */
  received: readonly ReceivedWebhook[];
  catalogue: readonly CatalogueEntry[];
  /** Where the service delivers them to. */
  url: string;
  /** A test that was asked for. */
  test?: { hasCome: boolean } | undefined;
}

/** What the session service has told the marketplace's server. */
export function webhooksPage({ wallet, received, catalogue, url, test }: WebhooksPage): Markup {
  return layout({
    title: 'Webhooks · Tempo',
    wallet,
    script: '/assets/webhooks.js',
    main: html`<section class="hooks-head">
        <h1>Webhooks</h1>
        <p>
          Tempo’s server hears of every session while nobody looks: the session service signs what happened
          and posts it here. <code>createWebhookRoute</code> of <code>marketplace-session/sdk</code> checks
          each one before it is believed.
        </p>
        <dl class="hooks-facts">
          <div>
            <dt>Delivered to</dt>
            <dd><code>${url}</code></dd>
          </div>
        </dl>
        <form method="post" action="/webhooks/tests" data-once>
          <button class="button">Send test</button>
        </form>
        ${test && testNotice(test)}
      </section>
      <section aria-labelledby="received">
        <h2 id="received">Received</h2>
        ${
          received.length === 0 &&
          html`<p class="hooks-empty" data-empty>
            Nothing yet. Send a test, or <a href="/">open an app</a> and watch this page.
          </p>`
        }
        <ol class="hooks" data-live="hooks">
          ${received.map((one) => row(one, catalogue))}
        </ol>
      </section>`,
  });
}

function testNotice({ hasCome }: { hasCome: boolean }): Markup {
  return hasCome
    ? html`<p class="notice notice-good" role="status">The test has arrived, and its signature is right.</p>`
    : html`<p class="notice notice-short" role="status">
        The test is on its way and has not arrived yet. It will show below.
      </p>`;
}

function row(
  { id, receivedAt, event, refusal, times }: ReceivedWebhook,
  catalogue: readonly CatalogueEntry[],
) {
  const when = html`<time class="hook-when" datetime="${isoTime(receivedAt)}"
    >${dayAndTime(receivedAt)}</time
  >`;
  if (!event) {
    return html`<li data-id="${id}" class="hook">
      <div class="hook-line">
        <span class="hook-mark hook-mark-bad">Refused</span>
        <span class="hook-name">Not believed</span>
        <span class="hook-story">${refusal}</span>
        ${when}
      </div>
    </li>`;
  }
  return html`<li data-id="${id}" class="hook">
    <details>
      <summary class="hook-line">
        <span class="hook-mark">Verified</span>
        <span class="hook-name">${titleOf(event)}</span>
        <span class="hook-story">${storyOf(event, catalogue)}${times > 1 && `, told ${times} times`}</span>
        ${when}
      </summary>
      <div class="hook-body">
        <p><code>${event.type}</code>, <code>webhook-id: ${id}</code></p>
        ${
          'session_id' in event.data &&
          html`<p><a href="/sessions?session_id=${event.data.session_id}">The receipt of this session</a></p>`
        }
        <pre>${JSON.stringify(event, null, 2)}</pre>
      </div>
    </details>
  </li>`;
}

/** Where its name alone says too little. */
const titles: Partial<Record<WebhookEvent['type'], string>> = {
  'session.waiting': 'Waits for both sides',
  'session.extended': 'Time added',
  'session.shortened': 'Time taken back',
  'session.paused': 'Paused',
  'session.resumed': 'Resumed',
  'session.warning': 'Ends soon',
  'session.cancelled': 'Cancelled',
  'participant.joined': 'Joined',
  'participant.lost': 'Lost',
  'participant.back': 'Back',
  'message.created': 'Message',
  'file.created': 'File',
  'exception.opened': 'Needs a person',
  'customer.created': 'New customer',
  'customer.updated': 'Customer changed',
  'customer.deleted': 'Customer erased',
  'wallet.low': 'Wallet runs low',
  'help_request.opened': 'Help asked for',
  'help_request.reopened': 'Help request open again',
  'help_request.started': 'Help started',
  'help_request.completed': 'Help given',
  'help_request.outcome_recorded': 'Outcome of help recorded',
  'payment.authorized': 'Payment of help held',
  'payment.captured': 'Payment of help taken',
  'payment.released': 'Payment of help let go',
  'payment.expired': 'Payment of help lapsed',
  'subscription.created': 'Subscribed',
  'subscription.renewed': 'Renewed',
  'subscription.updated': 'Subscription changed',
  'subscription.canceled': 'Subscription ended',
  'webhook.test': 'Test',
};

/** An event without a title of its own is called by its name: `help_request.expired` is "Help request expired". */
const titleOf = ({ type }: WebhookEvent) =>
  titles[type] ?? type.charAt(0).toUpperCase() + type.slice(1).replace(/[._]/g, ' ');

/** What an event says, in a few words. */
function storyOf(event: WebhookEvent, catalogue: readonly CatalogueEntry[]): string {
  if (event.type === 'webhook.test') return 'as you asked';
  if (event.type === 'webhook.disabled') return event.data.url;
  if (event.type === 'exception.opened') return event.data.detail;
  if ('customer_id' in event.data) return event.data.customer_id;
  const { application_id } = event.data;
  const name = catalogue.find(({ id }) => id === application_id)?.name ?? application_id;
  return [name, detailOf(event)].filter(Boolean).join(', ');
}

/** Webhooks stay as they were signed: in seconds. */
const timeAt = (seconds: number) => timeOfDay(new Date(seconds * 1000));

function detailOf(event: WebhookEvent): string {
  switch (event.type) {
    case 'session.waiting':
      return `until ${timeAt(event.data.waiting_until)}`;
    case 'session.cancelled':
      return `${tokens(event.data.tokens_refunded)} given back`;
    case 'session.started':
    case 'session.resumed':
      return `until ${timeAt(event.data.expires_at)}`;
    case 'session.extended':
      return `${length(event.data.additional_seconds)} for ${tokens(event.data.additional_cost)}`;
    case 'session.shortened':
      return length(event.data.removed_seconds);
    case 'session.paused':
      return `${event.data.paused_by ? `by the ${event.data.paused_by}, ` : ''}until ${timeAt(event.data.pause_ends_at)} at most`;
    case 'session.warning':
      return `${formatRemaining(event.data.remaining_seconds)} left`;
    case 'session.ended':
      return `${formatRemaining(event.data.used_seconds)} used, ${tokens(event.data.final_cost)} charged`;
    default:
      return '';
  }
}
