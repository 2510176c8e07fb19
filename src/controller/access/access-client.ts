import { SessionError } from '../../protocol/errors.js';
import { browserWorld } from '../browser-world.js';
import { log } from '../log.js';
import { goodAnswer, networkError } from '../network/http-client.js';
import { requestInit, sendOnce, type HttpRequest } from '../network/http-request.js';
import { checkedAddress, type SessionControllerOptions } from '../options.js';
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
   * @returns the answer's body; undefined where it has none (204).
   * @throws {SessionError} the service's code, those of `requestAccessToken`, or `NETWORK_FAILED`, `TIMED_OUT`, `ANSWER_INVALID`.
   */
  async request<Body>(request: HttpRequest, signal?: AbortSignal): Promise<Body> {
    const over = this.#over.signal;
    const given = new AbortController();
    const giveUp = () => given.abort(signal?.aborted ? signal.reason : over.reason);
    const both = signal ? [over, signal] : [over];
    for (const each of both) each.addEventListener('abort', giveUp);
    if (both.some(({ aborted }) => aborted)) giveUp();
    try {
      return await this.#askTwice<Body>(request, given.signal);
    } finally {
      for (const each of both) each.removeEventListener('abort', giveUp);
    }
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

  async #askTwice<Body>(request: HttpRequest, signal: AbortSignal): Promise<Body> {
    const token = await this.#source.get(signal);
    try {
      return await this.#send<Body>(request, token, signal);
    } catch (error) {
      if (!(error instanceof SessionError && isOver(error))) throw error;
      log(this.#options, 'info', `${error.code}: another access token is asked for`);
      this.#source.refuse(token);
    }
    return this.#send<Body>(request, await this.#source.get(signal), signal);
  }

  async #send<Body>(request: HttpRequest, token: string, signal: AbortSignal): Promise<Body> {
    const url = this.#endpoint + request.path;
    const init = requestInit(this.#options, url, { Authorization: `Bearer ${token}` }, request);
    const answer = await sendOnce(this.#world, this.#options, url, init, signal).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw networkError(cause);
    });
    if (answer.response.status === 204) return undefined as Body;
    return goodAnswer<Body>(answer, this.#world.now()).body;
  }
}
