import { expect, waitUntil } from '@open-wc/testing';
import type {
  MarketplaceNotificationsElement,
  MarketplaceNotificationsEventMap,
} from '../../src/live-help.js';
import '../../src/live-help.js';
import { loadNotificationsWords } from '../../src/elements/help/notifications/words/load.js';
import { axeFaults } from './axe-faults.js';
import { endpoint, HelpDeskBackend, tokenUrl } from './help-desk-backend.js';

interface Manifest {
  modules: {
    declarations: { tagName: string; cssParts: { name: string }[]; cssStates: { name: string }[] }[];
  }[];
}

const pageFetch = window.fetch.bind(window);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Puts something in the place of what a browser has, until the test is over. */
const undo: (() => void)[] = [];
function replace<T extends object>(owner: T, name: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { configurable: true, writable: true, value });
  undo.push(() => {
    if (before) Object.defineProperty(owner, name, before);
    else delete (owner as Record<string, unknown>)[name];
  });
}

/** What the system shows, in place of the browser's own. */
class ShownBySystem {
  static permission: NotificationPermission = 'default';
  static answer: NotificationPermission | 'never' = 'granted';
  static all: ShownBySystem[] = [];
  static requestPermission = (): Promise<NotificationPermission> => {
    if (ShownBySystem.answer === 'never') return new Promise(() => {});
    ShownBySystem.permission = ShownBySystem.answer;
    return Promise.resolve(ShownBySystem.answer);
  };
  isClosed = false;
  onclick: (() => void) | undefined;
  readonly title: string;
  readonly tag: string;
  constructor(title: string, { tag }: { tag: string }) {
    this.title = title;
    this.tag = tag;
    ShownBySystem.all.push(this);
  }
  close(): void {
    this.isClosed = true;
  }
  static get open(): ShownBySystem[] {
    return ShownBySystem.all.filter(({ isClosed }) => !isClosed);
  }
}

describe('marketplace-notifications', () => {
  let backend: HelpDeskBackend;
  let element: MarketplaceNotificationsElement;

  beforeEach(() => {
    backend = new HelpDeskBackend();
    Object.assign(ShownBySystem, { permission: 'default', answer: 'granted', all: [] });
    replace(window, 'Notification', ShownBySystem);
  });
  afterEach(async () => {
    for (const one of document.querySelectorAll(
      'marketplace-notifications, marketplace-helper-desk, textarea',
    ))
      one.remove();
    await pause(20);
    expect(backend.streams, 'streams that are open').to.equal(0);
    expect(ShownBySystem.open, 'what the system shows').to.deep.equal([]);
    backend.restore();
    for (const end of undo.splice(0).reverse()) end();
    document.documentElement.removeAttribute('lang');
    localStorage.clear();
  });

  const until = (what: () => unknown, message: string) =>
    waitUntil(what as () => boolean, message, { timeout: 30_000 });
  const parts = (name: string) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(`[part~="${name}"]`)];
  const part = <T extends HTMLElement = HTMLElement>(name: string) => parts(name)[0] as T | undefined;
  const textOf = (name: string) => part(name)?.textContent?.trim().replace(/\s+/g, ' ') ?? '';
  const seen = async (name: string) => {
    await until(() => part(name), `${name} is seen`);
    return part(name)!;
  };
  const press = async (name: string) => (await seen(name)).click();
  const bellName = () => part('bell-button')?.getAttribute('aria-label') ?? '';
  const isOpen = () => part('notifications')!.matches(':popover-open');
  const ring = () => element.shadowRoot!.querySelector<HTMLInputElement>('[part=ring] input')!;

  function add(attributes: Record<string, string> = {}): MarketplaceNotificationsElement {
    element = document.createElement('marketplace-notifications');
    const all = { 'server-url': endpoint, 'access-token-url': tokenUrl, 'helper-id': 'maria', ...attributes };
    for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
    (document.querySelector('main') ?? document.body).append(element);
    return element;
  }
  async function open(attributes: Record<string, string> = {}): Promise<void> {
    add(attributes);
    await seen('bell-button');
    await until(() => element.matches(':state(connected)'), 'it is heard');
  }
  /** The list behind the bell. */
  async function openList(): Promise<void> {
    await open();
    await press('bell-button');
    await until(
      () => part('notifications-list') ?? /Nothing yet/.test(textOf('notifications-text')),
      'it is read',
    );
  }

  it('its name has the whole number, as the service counts it; the bell shows 9+', async () => {
    await open();
    expect(bellName()).to.equal('Notifications, nothing unread');
    expect(part('unread-count')).to.equal(undefined);
    for (let count = 0; count < 9; count++) backend.notify('offered', null);
    backend.tellDesk();
    await until(() => part('unread-count')?.dataset.count === '9', 'nine');
    for (let count = 0; count < 3; count++) backend.notify('offered', null);
    backend.tellDesk();
    await until(() => part('unread-count')?.dataset.count === '9+', 'more');
    expect(bellName()).to.equal('Notifications, unread: 12');
    expect(element.matches(':state(unread)')).to.equal(true);
    // Nobody has looked at the list.
    expect(backend.calls('/notifications')).to.have.length(0);
  });

  it('lists what was told, newest first, and goes on live while it is open; Escape gives the focus back', async () => {
    const { id } = backend.offer();
    backend.notify('set_away', null);
    await open();
    part('bell-button')!.focus();
    await press('bell-button');
    await until(() => parts('notification').length === 2, 'both are there');
    expect(isOpen()).to.equal(true);
    expect(part('bell-button')!.ariaExpanded).to.equal('true');
    expect(parts('notification-name').map(({ textContent }) => textContent)).to.deep.equal([
      'You were set to away',
      'Somebody needs help',
    ]);
    expect(parts('notification-text')[1]!.textContent).to.match(/^Unread · .+ · Still open$/);
    await until(
      () => element.shadowRoot!.activeElement === part('notifications-title'),
      'the focus is inside',
    );
    backend.change(id, { status: 'claimed', offer: 'withdrawn' });
    await until(() => !/Still open/.test(parts('notification-text')[1]!.textContent!), 'it is taken');
    backend.offer();
    await until(() => parts('notification').length === 3, 'it came');
    const focusIsOn = (place: number) =>
      element.shadowRoot!.activeElement === parts('notification-name')[place];
    const arrow = (key: string) =>
      element.shadowRoot!.activeElement!.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
      );
    for (const [key, place] of [
      ['ArrowDown', 0],
      ['ArrowDown', 1],
      ['ArrowDown', 2],
      ['ArrowDown', 2],
      ['ArrowUp', 1],
    ] as const) {
      arrow(key);
      expect(focusIsOn(place), `${key} to ${place}`).to.equal(true);
    }
    part('notifications')!.hidePopover();
    await until(() => part('bell-button')!.ariaExpanded === 'false', 'it is closed');
    await until(() => element.shadowRoot!.activeElement === part('bell-button'), 'the focus is back');
    const asked = backend.calls('/notifications').length;
    backend.offer();
    await pause(50);
    expect(backend.calls('/notifications')).to.have.length(asked);
    // To be moved closes it.
    await press('bell-button');
    await until(() => isOpen() && part('bell-button')!.ariaExpanded === 'true', 'it is open again');
    const place = document.createElement('div');
    document.body.append(place);
    place.append(element);
    await until(() => !isOpen() && part('bell-button')!.ariaExpanded === 'false', 'it is closed by the move');
    await press('bell-button');
    await until(() => isOpen() && part('bell-button')!.ariaExpanded === 'true', 'and opens');
    element.remove();
    place.remove();
  });

  it('marks nothing as read that is not listed yet', async () => {
    backend.notify('offered', null);
    await open();
    await until(() => bellName() === 'Notifications, unread: 1', 'it is counted');
    backend.reply = ({ path }) => (/\/notifications(\?|$)/.test(path) ? 'lost' : undefined);
    await press('bell-button');
    const markAll = await seen('mark-all-read-button');
    expect(markAll.ariaDisabled).to.equal('true');
    markAll.click();
    await seen('try-again-button');
    backend.reply = () => undefined;
    await press('try-again-button');
    await seen('notifications-list');
    await until(() => markAll.ariaDisabled !== 'true', 'it can be pressed');
    expect(backend.calls('/read')).to.have.length(0);
    markAll.click();
    await until(() => bellName() === 'Notifications, nothing unread', 'it is read');
  });

  it('marks one or all as read, by the service; what fails is said', async () => {
    for (let count = 0; count < 3; count++) backend.notify('offered', null);
    await openList();
    parts('mark-read-button')[1]!.click();
    await until(() => bellName() === 'Notifications, unread: 2', 'one is read');
    await until(() => parts('read-notification').length === 1, 'it is seen');
    expect(backend.calls('/read').map(({ body }) => body)).to.deep.equal([{ ids: [2] }]);
    backend.reply = ({ path }) => (path.endsWith('/read') ? 'lost' : undefined);
    await press('mark-all-read-button');
    await until(() => /That was not marked/.test(textOf('announcement')), 'it is said');
    expect(bellName()).to.equal('Notifications, unread: 2');
    backend.reply = () => undefined;
    await press('mark-all-read-button');
    await until(() => bellName() === 'Notifications, nothing unread', 'all are read');
    expect(backend.calls('/read').at(-1)!.body).to.deep.equal({ up_to: 3 });
    await until(() => parts('unread-notification').length === 0, 'it is seen');
  });

  it('opens a request: the page may do that itself, else the desk of the page shows it', async () => {
    const desk = document.createElement('marketplace-helper-desk');
    for (const [name, value] of Object.entries({
      'server-url': endpoint,
      'access-token-url': tokenUrl,
      'helper-id': 'maria',
    }))
      desk.setAttribute(name, value);
    document.body.append(desk);
    const { id } = backend.offer();
    await openList();
    // Desk and bell of a page hear one stream.
    expect(backend.streams).to.equal(1);
    const events: MarketplaceNotificationsEventMap['notification-opened'][] = [];
    element.addEventListener('notification-opened', (event) => events.push(event));
    await until(() => desk.shadowRoot!.querySelector('h4'), 'the desk is drawn');
    await press('open-button');
    const { requestId, notificationId, notificationType, cancelable } = events[0]!;
    expect([requestId, notificationId, notificationType, cancelable]).to.deep.equal([id, 1, 'offered', true]);
    expect(isOpen()).to.equal(false);
    await until(() => desk.shadowRoot!.activeElement?.localName === 'h4', 'the desk has the focus');
    await until(() => bellName() === 'Notifications, nothing unread', 'it is read');
    part('bell-button')!.focus();
    element.addEventListener('notification-opened', (event) => event.preventDefault());
    await press('bell-button');
    await press('open-button');
    await pause(30);
    expect(desk.shadowRoot!.activeElement).to.equal(null);
  });

  it('says in one line what has come, and not while somebody types', async () => {
    await open();
    const field = document.createElement('textarea');
    document.body.append(field);
    field.focus();
    backend.offer();
    await pause(600);
    expect(textOf('announcement')).to.equal('');
    backend.offer();
    field.remove();
    await until(() => textOf('announcement') === 'New notifications: 2.', 'it is said once');
  });

  it('is empty, fails, is tried again, and goes on to older ones', async () => {
    await openList();
    expect(textOf('notifications-text')).to.match(/^Nothing yet/);
    await press('close-button');
    await until(() => part('bell-button')!.ariaExpanded === 'false', 'it is closed');
    backend.reply = ({ path }) => (path.includes('/notifications?') ? 'lost' : undefined);
    backend.notify('offered', null);
    await press('bell-button');
    await until(() => textOf('notifications-text') === 'The list could not be read.', 'it is said');
    const page = (ids: number[], next_cursor: string | null) => ({
      body: {
        notifications: ids.map((id) => ({
          id,
          type: 'offered',
          request_id: null,
          created_at: 1,
          read_at: null,
        })),
        unread_count: 4,
        next_cursor,
      },
    });
    backend.reply = ({ path }) =>
      path.includes('cursor=')
        ? page([3, 2, 1], null)
        : path.includes('/notifications?')
          ? page([4, 3], 'older')
          : undefined;
    await press('try-again-button');
    await until(() => parts('notification').length === 2, 'the newest are there');
    await press('more-button');
    await until(() => parts('notification').length === 4, 'each once');
    expect(part('more-button')).to.equal(undefined);
  });

  it('rings only where it was asked for, while nobody looks, by what the system shows; gone once it is taken', async () => {
    await openList();
    const hide = () => {
      replace(document, 'visibilityState', 'hidden');
      document.dispatchEvent(new Event('visibilitychange'));
    };
    hide();
    backend.offer();
    await pause(400);
    expect(ShownBySystem.all, 'nobody has asked for it').to.have.length(0);
    ring().click();
    await until(() => ShownBySystem.permission === 'granted', 'the person was asked');
    // This tab leads once the others had their time to say that they do.
    for (let count = 0; count < 20 && !ShownBySystem.open.length; count++) {
      backend.offer();
      await pause(800);
    }
    const [shown] = ShownBySystem.open;
    const id = [...backend.requests.keys()].at(-1)!;
    expect([shown!.tag, shown!.title]).to.deep.equal([id, 'New request for help']);
    backend.change(id, { status: 'claimed', offer: 'withdrawn' });
    await until(() => ShownBySystem.open.length === 0, 'it is taken back');
    const { id: next } = backend.offer();
    await until(() => ShownBySystem.open.length === 1, 'the next one');
    const opened: string[] = [];
    element.addEventListener('notification-opened', ({ requestId }) => opened.push(requestId));
    ShownBySystem.open[0]!.onclick!();
    expect(opened).to.deep.equal([next]);
    // Somebody looks: nothing rings.
    undo.pop()!();
    document.dispatchEvent(new Event('visibilitychange'));
    backend.offer();
    await pause(500);
    expect(ShownBySystem.open).to.have.length(0);
    // It is kept over a reload, and can be turned off.
    element.remove();
    await openList();
    expect(ring().checked).to.equal(true);
    ring().click();
    hide();
    backend.offer();
    await pause(500);
    expect(ShownBySystem.open).to.have.length(0);
    undo.pop()!();
  });

  it('another tab that is looked at keeps it quiet', async () => {
    await openList();
    ring().click();
    await until(() => ShownBySystem.permission === 'granted', 'the person was asked');
    const other = new BroadcastChannel(`marketplace-session alerts ${endpoint} ${tokenUrl} maria`);
    other.onmessage = ({ data }) => {
      if ((data as { type: string }).type === 'who-looks') other.postMessage({ type: 'looking' });
    };
    replace(document, 'visibilityState', 'hidden');
    backend.offer();
    await pause(700);
    other.close();
    expect(ShownBySystem.all).to.have.length(0);
    backend.offer();
    await until(() => ShownBySystem.open.length === 1, 'nobody looks now');
    element.remove();
    await pause(20);
    expect(ShownBySystem.open, 'removed with it').to.have.length(0);
  });

  it('takes over from a tab that leads and hangs, within some seconds, and not from one that answers', async () => {
    const name = `marketplace-session alerts ${endpoint} ${tokenUrl} maria`;
    // It holds the lead and hears nothing.
    let free = () => {};
    const held = new Promise<void>((resolve) => (free = resolve));
    await new Promise<void>((isHeld) => {
      const hold = () => {
        isHeld();
        return held;
      };
      navigator.locks.request(name, hold).catch(() => {});
    });
    const other = new BroadcastChannel(name);
    other.onmessage = ({ data }) => {
      if ((data as { type: string }).type === 'who-rings') other.postMessage({ type: 'ringing' });
    };
    await openList();
    ring().click();
    await until(() => ShownBySystem.permission === 'granted', 'the person was asked');
    replace(document, 'visibilityState', 'hidden');
    backend.offer();
    await pause(4500);
    expect(ShownBySystem.all, 'another one rings').to.have.length(0);
    other.onmessage = null;
    const { id } = backend.offer();
    await until(() => ShownBySystem.open.length === 1, 'nobody else does');
    expect(ShownBySystem.open[0]!.tag).to.equal(id);
    other.close();
    free();
  });

  it('says what a browser refuses, and lives with one that never answers', async () => {
    ShownBySystem.answer = 'denied';
    replace(
      window,
      'AudioContext',
      class {
        resume = () => new Promise(() => {});
        close = () => Promise.reject(new Error('refused'));
      },
    );
    await openList();
    ring().click();
    await until(
      () => /does not let it ring yet.*System notifications are blocked/.test(textOf('ring-text')),
      'both are said',
    );
    ring().click();
    await until(() => !part('ring-text'), 'nothing is said of what nobody wants');
    ShownBySystem.permission = 'default';
    ShownBySystem.answer = 'never';
    ring().click();
    await until(() => /does not let it ring yet/.test(textOf('ring-text')), 'it goes on');
    ring().click();
    replace(window, 'Notification', undefined);
    ring().click();
    await until(() => /shows no system notifications/.test(textOf('ring-text')), 'there is none');
    backend.offer();
  });

  it('speaks the language around it, in its direction, and stays inside a narrow window', async () => {
    document.documentElement.lang = 'ar';
    backend.notify('set_away', null);
    await open();
    await until(() => /الإشعارات/.test(bellName()), 'Arabic');
    await press('bell-button');
    await seen('notifications-list');
    const { left, right } = part('notifications')!.getBoundingClientRect();
    expect(left).to.be.at.least(0);
    expect(right).to.be.at.most(innerWidth);
    element.strings = { title: 'Neues' };
    await until(() => textOf('notifications-title') === 'Neues', 'words of the page');
  });

  it('has every word in every language', async () => {
    const keys = (of: object): string[] =>
      Object.entries(of).flatMap(([name, value]: [string, unknown]) => {
        if (typeof value === 'object') return keys(value as object).map((key) => `${name}.${key}`);
        expect(value, name).to.be.a('string').and.not.equal('');
        return `${name} ${(String(value).match(/{\w+}/g) ?? []).sort().join(' ')}`;
      });
    const english = keys((await loadNotificationsWords('en')).words);
    for (const code of ['de', 'fr', 'es', 'pt', 'cy', 'ja', 'ar']) {
      const { code: loaded, words } = await loadNotificationsWords(code);
      expect(loaded).to.equal(code);
      expect(keys(words), code).to.deep.equal(english);
    }
  });

  it('draws every part and state that custom-elements.json names, and no other; axe finds nothing in any', async function () {
    this.timeout(120_000);
    const manifest = (await (await pageFetch('/custom-elements.json')).json()) as Manifest;
    const { cssParts, cssStates } = manifest.modules
      .flatMap(({ declarations }) => declarations)
      .find(({ tagName }) => tagName === 'marketplace-notifications')!;
    const names = new Set<string>();
    const states = new Set<string>();
    const look = async () => {
      await element.updateComplete;
      for (const drawn of element.shadowRoot!.querySelectorAll('[part]'))
        for (const name of drawn.getAttribute('part')!.trim().split(/\s+/)) names.add(name);
      for (const { name } of cssStates) if (element.matches(`:state(${name})`)) states.add(name);
      expect(await axeFaults(element)).to.deep.equal([]);
    };
    let answer = () => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    backend.reply = async ({ path }) => {
      if (path.endsWith('/events')) await answered;
      return undefined;
    };
    add();
    await seen('bell-button');
    await look();
    answer();
    await until(() => element.matches(':state(connected)'), 'it is heard');
    for (let count = 0; count < 25; count++) backend.offer({ id: `r${count}` });
    backend.reply = ({ path }) =>
      path.includes('/notifications?')
        ? {
            body: {
              notifications: [
                { id: 2, type: 'offered', request_id: 'r1', created_at: 1, read_at: null },
                { id: 1, type: 'set_away', request_id: null, created_at: 1, read_at: 1 },
              ],
              unread_count: 25,
              next_cursor: 'more',
            },
          }
        : undefined;
    ShownBySystem.answer = 'denied';
    await press('bell-button');
    await seen('read-notification');
    ring().click();
    await seen('ring-text');
    await look();
    backend.reply = ({ path }) => (path.includes('/notifications?') ? 'lost' : undefined);
    backend.offer();
    await seen('try-again-button');
    element.theme = 'dark';
    await look();
    backend.isCut = true;
    backend.cut();
    await until(() => element.matches(':state(disconnected)'), 'it is cut off');
    await look();
    expect([...names].filter(Boolean).sort()).to.deep.equal(cssParts.map(({ name }) => name).sort());
    expect([...states].sort()).to.deep.equal(cssStates.map(({ name }) => name).sort());
  });
});
