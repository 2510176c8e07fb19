import { browserWorld } from '../browser-world.js';
import { callEach } from '../call-each.js';
import { inTime } from '../in-time.js';
import { pageOf } from '../page/browser-page.js';
import { canSound, playTone } from '../preflight/sound.js';
import { Leadership } from '../tabs/leadership.js';
import type { TabChannel } from '../tabs/tab-channel.js';
import type { World } from '../world.js';
import { deskLink, type DeskLink } from './desk-link.js';
import type { DeskOptions } from './desk-options.js';

/** How long the other tabs may take to say that somebody looks at them, ms. */
const answerMs = 300;
/** How long the tab that leads may take to say that it rings, ms, and by how much more at most, by chance: one takes over first. */
const patienceMs = 2000;
const spreadMs = 1500;
/** How long a lead may take that was just taken over, ms. */
const takeOverMs = 1000;
/** Of many that come at once so many are shown by the system. */
const mostShown = 3;

/** `unknown` until it was tried; `blocked` is what the browser refuses as things are, and a press may change. */
export type AlertState = 'unknown' | 'works' | 'blocked' | 'unsupported';

export interface AlertsSnapshot {
  /** Whether the person has asked for it, in this browser. */
  readonly isOn: boolean;
  readonly sound: AlertState;
  readonly system: AlertState;
}

export interface AlertsOptions extends DeskOptions {
  /** What the system shows: words alone that may stand on a screen that others see. */
  title(): string;
  /** The person has pressed what the system shows. */
  onOpen(requestId: string): void;
}

type Message =
  | { type: 'who-looks' }
  | { type: 'looking' }
  /** Who leads, and has heard of this one too? */
  | { type: 'who-rings'; id: string }
  | { type: 'ringing' }
  | { type: 'switch'; isOn: boolean };

/** What came over the line, where it has the shape of a message: anything on this origin may post there. */
function readMessage(data: unknown): Message | undefined {
  const { type, isOn, id } = (data ?? {}) as Record<string, unknown>;
  if (type === 'who-looks' || type === 'looking' || type === 'ringing') return { type };
  if (type === 'who-rings') return typeof id === 'string' ? { type, id } : undefined;
  return type === 'switch' && typeof isOn === 'boolean' ? { type, isOn } : undefined;
}

/**
 * Rings for a new offer, by sound and by the system's own notifications, where the person has asked for that: one tab for all,
 * and only while nobody looks at any of them. A tab that leads and hangs, or hears nothing, is replaced by another one with the next
 * offer. What is shown goes once the request is taken. Every browser API may refuse here, or never answer.
 */
export class Alerts {
  readonly #world: World;
  readonly #options: AlertsOptions;
  readonly #link: DeskLink;
  readonly #name: string;
  readonly #listeners = new Set<() => void>();
  readonly #over = new AbortController();
  readonly #leadership: Leadership;
  readonly #shown = new Map<string, Notification>();
  #isLeading = false;
  #isOn = false;
  #sound: AlertState = 'unknown';
  #system: AlertState = 'unknown';
  /** What is offered, as it was known last; undefined before the first word. */
  #offered: ReadonlySet<string> | undefined;
  #channel: TabChannel | null = null;
  /** Who waits for an answer of the other tabs. */
  readonly #waiting = new Map<'looking' | 'ringing', Set<() => void>>([
    ['looking', new Set()],
    ['ringing', new Set()],
  ]);
  #onLead = () => {};

  constructor(options: AlertsOptions, world: World = browserWorld()) {
    this.#world = world;
    this.#options = options;
    const { apiEndpoint, accessTokenUrl, helperId = '' } = options;
    this.#name = `marketplace-session alerts ${apiEndpoint} ${accessTokenUrl} ${helperId}`;
    this.#leadership = new Leadership(world, this.#name, (term) => {
      this.#isLeading = true;
      this.#onLead();
      term.addEventListener('abort', () => (this.#isLeading = false));
    });
    const { signal } = this.#over;
    this.#link = deskLink(world, options);
    this.#link.hold(() => this.#follow(), signal);
    this.#listen();
    pageOf(world).listen((news) => {
      if (news === 'shown') this.#closeAll();
      // A lock or a message would throw the page out of the back-forward cache.
      else if (news === 'suspended') this.#hangUp();
      else if (news === 'resumed') this.#listen();
    }, signal);
    signal.addEventListener('abort', () => {
      this.#hangUp();
      this.#closeAll();
    });
    this.#follow();
    if (this.#isKept()) this.#turn(true);
  }

  get snapshot(): AlertsSnapshot {
    return { isOn: this.#isOn, sound: this.#sound, system: this.#system };
  }

  /** Calls back after each change. @returns ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hears nothing any more, and takes back what is shown. */
  close(): void {
    this.#listeners.clear();
    this.#over.abort(new DOMException('', 'AbortError'));
  }

  /** Call it from a press: browsers let a page sound, and ask the person, then alone. */
  turnOn(): void {
    this.#keep(true);
    this.#turn(true);
    void this.#askForSystem();
    this.#channel?.post({ type: 'switch', isOn: true } satisfies Message);
  }

  turnOff(): void {
    this.#keep(false);
    this.#turn(false);
    this.#channel?.post({ type: 'switch', isOn: false } satisfies Message);
  }

  #turn(isOn: boolean): void {
    this.#isOn = isOn;
    if (isOn) {
      this.#leadership.contend();
      this.#lookAtSystem();
      void this.#trySound();
    } else {
      this.#leadership.resign();
      this.#isLeading = false;
      this.#closeAll();
    }
    this.#tell();
  }

  /** After a reload a browser may let nothing sound until there was a press, wherever on the page. */
  async #trySound(): Promise<void> {
    const isWorking = await canSound();
    if (this.#over.signal.aborted || !this.#isOn) return;
    this.#sound = isWorking ? 'works' : 'blocked';
    this.#tell();
    if (!isWorking) this.#waitForPress();
  }

  #waitForPress(): void {
    const pressed = new AbortController();
    const retry = () => {
      pressed.abort();
      void this.#trySound();
    };
    this.#over.signal.addEventListener('abort', () => pressed.abort(), { signal: pressed.signal });
    for (const type of ['pointerup', 'keydown'])
      document.addEventListener(type, retry, { signal: pressed.signal, capture: true });
  }

  #lookAtSystem(): void {
    try {
      const { permission } = Notification;
      this.#system = permission === 'granted' ? 'works' : permission === 'denied' ? 'blocked' : 'unknown';
    } catch {
      this.#system = 'unsupported';
    }
  }

  async #askForSystem(): Promise<void> {
    try {
      // It waits for the person, maybe for ever; older browsers answer by the callback.
      await new Promise<unknown>((resolve, reject) => {
        const answered = Notification.requestPermission(resolve) as Promise<unknown> | undefined;
        answered?.then(resolve, reject);
      });
    } catch {
      // Told by the permission.
    }
    this.#lookAtSystem();
    this.#tell();
  }

  #isKept(): boolean {
    try {
      return pageOf(this.#world).sharedStorage?.getItem(this.#name) === 'on';
    } catch {
      return false;
    }
  }

  #keep(isOn: boolean): void {
    try {
      const storage = pageOf(this.#world).sharedStorage;
      if (isOn) storage?.setItem(this.#name, 'on');
      else storage?.removeItem(this.#name);
    } catch {
      // It is forgotten with the page.
    }
  }

  #listen(): void {
    this.#channel ??= pageOf(this.#world).openTabChannel(this.#name, (data) => this.#hear(readMessage(data)));
    if (this.#isOn) this.#leadership.contend();
  }

  #hangUp(): void {
    this.#channel?.close();
    this.#channel = null;
    this.#leadership.resign();
    this.#isLeading = false;
  }

  #hear(message: Message | undefined): void {
    if (message?.type === 'who-looks' && pageOf(this.#world).isVisible)
      this.#channel?.post({ type: 'looking' } satisfies Message);
    if (message?.type === 'looking' || message?.type === 'ringing')
      callEach(this.#waiting.get(message.type)!);
    if (message?.type === 'who-rings' && this.#isLeading && this.#link.state?.requests.has(message.id))
      this.#channel?.post({ type: 'ringing' } satisfies Message);
    if (message?.type === 'switch' && message.isOn !== this.#isOn) this.#turn(message.isOn);
  }

  #follow(): void {
    const { state } = this.#link;
    if (!state) return;
    const offered = new Set<string>();
    for (const { id, status, offer } of state.requests.values())
      if (status === 'open' && offer === 'offered') offered.add(id);
    const before = this.#offered;
    this.#offered = offered;
    for (const [id, shown] of this.#shown) if (!offered.has(id)) this.#close(id, shown);
    const news = before ? [...offered].filter((id) => !before.has(id)) : [];
    if (news.length && this.#isOn) void this.#ring(news);
  }

  async #ring(ids: readonly string[]): Promise<void> {
    if (!this.#isLeading && !(await this.#takesOver(ids[0]!))) return;
    if (await this.#isLookedAt()) return;
    // Somebody may have been faster meanwhile.
    const still = ids.filter((id) => this.#offered!.has(id));
    if (!still.length || !this.#isOn || this.#over.signal.aborted) return;
    for (const id of still.slice(0, mostShown)) this.#show(id);
    const hasSounded = await playTone(undefined, this.#over.signal).catch(() => false);
    this.#sound = hasSounded ? 'works' : 'blocked';
    this.#tell();
  }

  /** Whether somebody looks at any tab of the desk. */
  #isLookedAt(): Promise<boolean> {
    if (pageOf(this.#world).isVisible) return Promise.resolve(true);
    return this.#ask({ type: 'who-looks' }, 'looking', answerMs);
  }

  /** Whether this tab leads in place of one that says nothing to an offer: it hangs, or its stream does. */
  async #takesOver(id: string): Promise<boolean> {
    const patience = patienceMs + pageOf(this.#world).random() * spreadMs;
    if (await this.#ask({ type: 'who-rings', id }, 'ringing', patience)) return false;
    if (!this.#isOn || this.#over.signal.aborted) return false;
    if (this.#isLeading) return true;
    const led = new Promise<void>((resolve) => (this.#onLead = resolve));
    void this.#leadership.takeOver();
    await inTime(led, takeOverMs, this.#world).catch(() => {});
    if (!this.#isLeading) return false;
    // Others wait for the same.
    this.#channel?.post({ type: 'ringing' } satisfies Message);
    return true;
  }

  /** @returns whether another tab has given that answer in time. */
  #ask(question: Message, answer: 'looking' | 'ringing', limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(answer)!;
      const end = (isAnswered: boolean) => {
        waiting.delete(answered);
        this.#world.clearTimeout(timer);
        resolve(isAnswered);
      };
      const answered = () => end(true);
      waiting.add(answered);
      const timer = this.#world.setTimeout(() => end(false), limitMs);
      this.#channel?.post(question);
    });
  }

  #show(id: string): void {
    if (this.#system !== 'works') return;
    try {
      const shown = new Notification(this.#options.title(), { tag: id });
      shown.onclick = () => {
        window.focus();
        this.#close(id, shown);
        this.#options.onOpen(id);
      };
      this.#shown.set(id, shown);
    } catch {
      // Some systems show them for service workers alone.
      this.#system = 'unsupported';
    }
  }

  #close(id: string, shown: Notification): void {
    this.#shown.delete(id);
    shown.close();
  }

  #closeAll(): void {
    for (const [id, shown] of this.#shown) this.#close(id, shown);
  }

  #tell(): void {
    if (!this.#over.signal.aborted) callEach(this.#listeners);
  }
}
