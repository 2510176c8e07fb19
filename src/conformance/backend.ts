import { expect, shown, shownText, Violation } from './expect.js';

export type JsonObject = Record<string, unknown>;

export interface Answer {
  status: number;
  headers: Headers;
  /** Empty where the answer is no JSON object. */
  body: JsonObject;
  /** The body as it came. */
  text: string;
}

/** Nobody is at the address, so that there is nothing to look at. */
export class Unreachable extends Error {}

export interface Call {
  token?: string | null;
  body?: unknown;
  /** A body as it is, in place of JSON. */
  content?: string;
  headers?: Record<string, string>;
}

const timeoutMs = 10_000;

/** The backend that is looked at, by the address of its API. */
export class Backend {
  readonly #url: string;
  readonly #fetch: (request: Request) => Promise<Response>;

  /**
   * @param url such as `https://market.example/api/v1`
   * @param send in place of the network
   */
  constructor(url: string, send: (request: Request) => Promise<Response> = (request) => fetch(request)) {
    this.#url = url.replace(/\/+$/, '');
    this.#fetch = send;
  }

  /**
   * An answer whose body is still to be read, for as long as that takes.
   * @throws {Violation} where no answer begins in time.
   */
  async open(method: string, path: string, call: Call = {}): Promise<Response> {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(new Error('it takes too long')), timeoutMs);
    return this.#ask(method, path, call, patience.signal).finally(() => clearTimeout(timer));
  }

  async call(method: string, path: string, call: Call = {}): Promise<Answer> {
    const response = await this.#ask(method, path, call, AbortSignal.timeout(timeoutMs));
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: toObject(text) ?? {}, text };
  }

  /** @throws {Unreachable} where nobody answers; any answer will do. */
  async reach(): Promise<void> {
    try {
      await this.call('GET', '/');
    } catch (error) {
      const reason = error instanceof Violation ? error.message.replace(/^.*? is not answered: /, '') : error;
      throw new Unreachable(`nobody answers at ${this.#url}: ${String(reason)}`);
    }
  }

  async #ask(method: string, path: string, { token, body, content, headers }: Call, signal: AbortSignal) {
    try {
      const request = new Request(this.#url + path, {
        method,
        headers: {
          ...(token != null && { Authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...(content !== undefined && { 'Content-Type': 'application/octet-stream' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(content !== undefined && { body: content }),
        redirect: 'manual',
        signal,
      });
      return await this.#fetch(request);
    } catch (error) {
      const { message, cause } = error as Error;
      throw new Violation(
        `${method} ${path} is not answered: ${String((cause as Error)?.message ?? message)}`,
      );
    }
  }

  /** The same, where the protocol wants it to succeed. */
  async succeed(method: string, path: string, call: Call = {}): Promise<JsonObject> {
    const answer = await this.call(method, path, call);
    const { status, headers, body } = answer;
    const isGood = status >= 200 && status < 300;
    expect(isGood, `${method} ${path} is to succeed, and answers ${status} ${said(answer)}`);
    const type = headers.get('content-type') ?? '';
    expect(
      /^application\/json\b/i.test(type) && toObject(answer.text) !== undefined,
      `${method} ${path} is to answer a JSON object as application/json, not ${shown(type)}: ${said(answer)}`,
    );
    return body;
  }

  /** The same, where it is to be refused. @param statuses any of 4xx where none is named */
  async refuse(method: string, path: string, call: Call, statuses?: readonly number[]): Promise<Answer> {
    const answer = await this.call(method, path, call);
    const { status } = answer;
    const isRefused = statuses ? statuses.includes(status) : status >= 400 && status < 500;
    const wanted = statuses?.join(' or ') ?? 'a status from 400 to 499';
    expect(isRefused, `${method} ${path} is to answer ${wanted}, and answers ${status} ${said(answer)}`);
    return answer;
  }
}

/** What an answer says: its JSON, or the text that it is in its place. */
export const said = ({ text, body }: Answer): string =>
  toObject(text) === undefined ? shownText(text) : shown(body);

function toObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
