import { SessionError } from '../../protocol/errors.js';
import { browserWorld } from '../browser-world.js';
import { inTime } from '../in-time.js';
import { log } from '../log.js';
import { goodAnswer, networkError } from '../network/http-client.js';
import {
  requestInit,
  sendOnce,
  timeoutMs,
  type HttpRequest,
  type Transport,
} from '../network/http-request.js';
import { parseJson } from '../network/parse-json.js';
import { hooks } from '../option-values.js';
import { checkedAddress, type SessionControllerOptions } from '../options.js';
import { untilAborted } from '../until-aborted.js';
import type { World } from '../world.js';
import { accessTokenSource, type AccessTokenSource } from './access-token-source.js';

export interface AccessClientOptions extends Pick<
  SessionControllerOptions,
  'apiEndpoint' | 'hooks' | 'logger' | 'debug'
> {
  /**
   * An address of the provider's own server that answers a POST with the page's cookies by `{access_token, expires_in}`, as the
   * service answers that server. Tabs with the same address share one token: it names whose it is where several persons may
   * be signed in.
   */
  readonly accessTokenUrl: string;
}

/** After one of these a new token may help; the others are the person's to hear. */
const isOver = ({ code }: SessionError) => /^ACCESS_TOKEN_(EXPIRED|REVOKED|INVALID)$/.test(code);

/**
 * Asks the session service in the name of a person, by an access token of the provider's own server. The token is fetched
 * when it is first needed, by one tab for all, renewed at 80 % of its life, and kept in memory alone.
 */
export class AccessClient {
  readonly #world: World;
  readonly #options: AccessClientOptions;
  readonly #endpoint: string;
  readonly #source: AccessTokenSource;
  readonly #over = new AbortController();

  /** @throws {SessionError} `CONFIGURATION_INVALID` where `apiEndpoint` is no https address (localhost aside). */
  constructor(options: AccessClientOptions, world: World = browserWorld()) {
    this.#world = world;
    this.#options = options;
    this.#endpoint = checkedAddress(options.apiEndpoint);
    this.#source = accessTokenSource(world, options.accessTokenUrl);
    this.#source.hold(this.#over.signal);
  }

  /**
   * Asks once; where the service says that the token is over, once more with a new one.
   * @param request its path is below the API endpoint, such as `/sessions`.
   * @param signal gives the request up.
   * @param sendBy sends it in another way than by `fetch`, once.
   * @returns the answer's body; undefined where it has none (204).
   * @throws {SessionError} the service's code, those of `requestAccessToken`, or `NETWORK_FAILED`, `TIMED_OUT`, `ANSWER_INVALID`.
   */
  async request<Body>(request: HttpRequest, signal?: AbortSignal, sendBy?: Transport): Promise<Body> {
    const over = this.#over.signal;
    const given = new AbortController();
    const giveUp = () => given.abort(signal?.aborted ? signal.reason : over.reason);
    const both = signal ? [over, signal] : [over];
    for (const each of both) each.addEventListener('abort', giveUp);
    if (both.some(({ aborted }) => aborted)) giveUp();
    try {
      return await this.#askTwice(
        (token) => this.#send<Body>(request, token, given.signal, sendBy),
        given.signal,
      );
    } finally {
      for (const each of both) each.removeEventListener('abort', giveUp);
    }
  }

  /**
   * The same, for an answer that goes on, such as a stream: its body is left to be read, for as long as that takes.
   * @param stop is aborted by the caller once it is read, and by `destroy()`.
   * @throws {SessionError} as `request()`.
   */
  async open(request: HttpRequest, stop: AbortController): Promise<Response> {
    const { signal } = stop;
    const over = this.#over.signal;
    over.addEventListener('abort', () => stop.abort(over.reason), { signal });
    if (over.aborted) stop.abort(over.reason);
    return this.#askTwice((token) => this.#openOnce(request, token, signal), signal);
  }

  /** Somebody asks again: where the provider's server refused a token it is asked at once. */
  retry(): void {
    this.#source.retry();
  }

  /** The person has signed out: no tab keeps the token. */
  forget(): void {
    this.#source.forget();
  }

  /** Ends what runs. Where nobody else uses it the token is gone. */
  destroy(): void {
    this.#over.abort(new DOMException('', 'AbortError'));
  }

  async #askTwice<T>(ask: (token: string) => Promise<T>, signal: AbortSignal): Promise<T> {
    const token = await this.#source.get(signal);
    try {
      return await ask(token);
    } catch (error) {
      if (!(error instanceof SessionError && isOver(error))) throw error;
      log(this.#options, 'info', `${error.code}: another access token is asked for`);
      this.#source.refuse(token);
    }
    return ask(await this.#source.get(signal));
  }

  async #send<Body>(
    request: HttpRequest,
    token: string,
    signal: AbortSignal,
    sendBy: Transport = (url, init) => sendOnce(this.#world, url, init, signal, hooks(this.#options.hooks)),
  ): Promise<Body> {
    const { url, init } = this.#requestOf(request, token);
    const answer = await sendBy(url, init, signal).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw networkError(cause);
    });
    if (answer.response.status === 204) return undefined as Body;
    return goodAnswer<Body>(answer, this.#world.now()).body;
  }

  async #openOnce(request: HttpRequest, token: string, signal: AbortSignal): Promise<Response> {
    const { url, init } = this.#requestOf(request, token);
    const now = this.#world.now();
    try {
      const response = await untilAborted(this.#world.fetch(url, { ...init, signal }), signal);
      hooks(this.#options.hooks)?.response?.(response);
      if (response.ok) return response;
      const body = parseJson(await inTime(response.text(), timeoutMs, this.#world));
      // It throws what the service says.
      goodAnswer({ response, body, sentAt: now, receivedAt: now }, now);
      return response;
    } catch (cause) {
      signal.throwIfAborted();
      throw cause instanceof SessionError ? cause : networkError(cause);
    }
  }

  #requestOf(request: HttpRequest, token: string): { url: string; init: RequestInit } {
    const url = this.#endpoint + request.path;
    return { url, init: requestInit(this.#options, url, { Authorization: `Bearer ${token}` }, request) };
  }
}
