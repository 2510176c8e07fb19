import { SessionError } from '../../protocol/errors.js';
import { inTime } from '../in-time.js';
import { untilAborted } from '../until-aborted.js';
import { pageOf } from '../page/browser-page.js';
import type { TabChannel } from '../tabs/tab-channel.js';
import type { World } from '../world.js';
import { accessTokenOf, ageOf, type AccessToken } from './access-token.js';
import { readAccessTokenMessage } from './access-token-messages.js';
import { requestAccessToken } from './access-token-request.js';
import { oneAtATime } from './one-at-a-time.js';

/** The part of its life after which a token is renewed. */
const renewAfter = 0.8;
/** How long other tabs may take to hand over the token that one of them has, ms. */
const handOverMs = 100;
/** Between two questions that failed, ms: twice as long each time, and half of it by chance. */
const firstPauseMs = 1000;
const longestPauseMs = 60_000;

/**
 * The access token of one address, for all who need it in this page: fetched when it is first needed, by one tab for all
 * tabs, and renewed at 80 % of its life while anybody holds on to it.
 */
class AccessTokenSource {
  readonly #world: World;
  readonly #address: string;
  readonly #name: string;
  #holders = 0;
  #over = new AbortController();
  #channel: TabChannel | null = null;
  #token: AccessToken | undefined;
  /** Whether this tab has fetched it: what a tab was handed it hands to nobody. */
  #isOwn = false;
  /** The last one that the service refused. */
  #refused: string | undefined;
  #renewing: Promise<AccessToken> | undefined;
  #timer: number | undefined;
  #onToken = () => {};
  #failures = 0;
  #failure: unknown;
  #retryAt = -Infinity;

  constructor(world: World, address: string) {
    this.#world = world;
    this.#address = address;
    this.#name = `marketplace-session access ${address}`;
  }

  /** Keeps it in use until the signal aborts; the last one to go takes the token along. */
  hold(signal: AbortSignal): void {
    if (this.#holders++ === 0) this.#open();
    signal.addEventListener('abort', () => --this.#holders === 0 && this.#close(), { once: true });
  }

  /**
   * The token to send. Nobody waits for the successor of one that still counts.
   * @throws {SessionError} as `requestAccessToken` does; for some time the same without asking again.
   * @throws the reason of the signal once it has aborted.
   */
  async get(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    if (this.#isDue()) {
      const renewed = this.#renew();
      renewed.catch(() => {});
      if (!this.#counts()) return (await untilAborted(renewed, signal)).text;
    }
    return this.#token!.text;
  }

  /** The service refuses that token: it is given out no more. */
  refuse(text: string): void {
    this.#refused = text;
    if (this.#token?.text === text) this.#drop();
  }

  /** The person has signed out, or another one in: no tab keeps the token. */
  forget(): void {
    this.#drop();
    this.#channel?.post({ type: 'forget' });
  }

  /** Somebody asks again: what failed is tried at once. */
  retry(): void {
    this.#retryAt = -Infinity;
  }

  #counts(): boolean {
    return this.#token !== undefined && ageOf(this.#world, this.#token) < this.#token.lifeMs;
  }

  #isDue(): boolean {
    return this.#dueInMs() <= 0;
  }

  #dueInMs(): number {
    return this.#token ? this.#token.lifeMs * renewAfter - ageOf(this.#world, this.#token) : 0;
  }

  #renew(): Promise<AccessToken> {
    if (this.#renewing) return this.#renewing;
    const renewing = this.#obtain().finally(() => {
      if (this.#renewing === renewing) this.#renewing = undefined;
    });
    return (this.#renewing = renewing);
  }

  async #obtain(): Promise<AccessToken> {
    const world = this.#world;
    const { signal } = this.#over;
    if (world.monotonicNow() < this.#retryAt) throw this.#failure;
    try {
      // Where nothing can be handed over there is nothing to wait for.
      const find = () => this.#find(signal);
      const token = await (this.#channel ? oneAtATime(world, this.#name, find) : find());
      this.#failures = 0;
      return token;
    } catch (error) {
      signal.throwIfAborted();
      const longestMs = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failures++);
      const waitMs = error instanceof SessionError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
      const pauseMs = waitMs + longestMs * (0.5 + pageOf(world).random() / 2);
      this.#failure = error;
      this.#retryAt = world.monotonicNow() + pauseMs;
      // While the old one counts nobody has to ask for the next try.
      if (this.#counts()) this.#lookIn(pauseMs);
      throw error;
    }
  }

  /** That of another tab, which may have come while this one waited, or a new one. */
  async #find(signal: AbortSignal): Promise<AccessToken> {
    if (this.#isDue()) await this.#askTabs();
    if (!this.#isDue()) return this.#token!;
    const token = await requestAccessToken(this.#world, this.#address, signal);
    signal.throwIfAborted();
    this.#take(token, true);
    this.#hand();
    return token;
  }

  async #askTabs(): Promise<void> {
    if (!this.#channel) return;
    const handed = new Promise<void>((resolve) => (this.#onToken = resolve));
    this.#channel.post({ type: 'want' });
    await inTime(handed, handOverMs, this.#world).catch(() => {});
  }

  #hand(): void {
    if (!this.#isOwn || this.#isDue()) return;
    const { text, lifeMs } = this.#token!;
    this.#channel?.post({ type: 'token', text, lifeMs, ageMs: ageOf(this.#world, this.#token!) });
  }

  #hear(data: unknown): void {
    const message = readAccessTokenMessage(data);
    if (message?.type === 'want') this.#hand();
    else if (message?.type === 'forget') this.#drop();
    else if (message) {
      const token = accessTokenOf(this.#world, message.text, message.lifeMs, message.ageMs);
      const left = (each: AccessToken) => each.lifeMs - ageOf(this.#world, each);
      const isNewer = !this.#token || left(token) > left(this.#token);
      if (token.text !== this.#refused && isNewer) this.#take(token, false);
    }
  }

  #take(token: AccessToken, isOwn: boolean): void {
    this.#token = token;
    this.#isOwn = isOwn;
    this.#lookIn(this.#dueInMs());
    this.#onToken();
  }

  #drop(): void {
    this.#token = undefined;
    this.#world.clearTimeout(this.#timer);
  }

  #lookIn(delayMs: number): void {
    this.#world.clearTimeout(this.#timer);
    const look = () => {
      if (!this.#isDue()) this.#lookIn(this.#dueInMs());
      else if (this.#token) this.#renew().catch(() => {});
    };
    this.#timer = this.#world.setTimeout(look, Math.min(Math.ceil(delayMs), 2 ** 31 - 1));
  }

  #open(): void {
    this.#over = new AbortController();
    this.#listen();
    pageOf(this.#world).listen((news) => {
      // A message would throw the page out of the back-forward cache.
      if (news === 'suspended') this.#hangUp();
      else if (news === 'resumed') this.#listen();
    }, this.#over.signal);
  }

  /** Over a line that is written down, as `storage` events are, no token goes. */
  #listen(): void {
    this.#channel ??= pageOf(this.#world).openTabChannel(this.#name, (data) => this.#hear(data));
    if (!this.#channel?.isUnwritten) this.#hangUp();
  }

  #hangUp(): void {
    this.#channel?.close();
    this.#channel = null;
  }

  #close(): void {
    this.#over.abort(new DOMException('', 'AbortError'));
    this.#renewing = undefined;
    this.#hangUp();
    this.#drop();
  }
}

export type { AccessTokenSource };

const sources = new WeakMap<World, Map<string, AccessTokenSource>>();

/** The one source of an address in a page. @param address may be relative to the page's. */
export function accessTokenSource(world: World, address: string): AccessTokenSource {
  const ofWorld = sources.get(world) ?? new Map<string, AccessTokenSource>();
  sources.set(world, ofWorld);
  const { href } = new URL(address, world.address);
  const source = ofWorld.get(href) ?? new AccessTokenSource(world, href);
  ofWorld.set(href, source);
  return source;
}
