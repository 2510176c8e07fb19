import type { HeartbeatRequest } from '../protocol/api.js';
import type { PageReport } from '../protocol/page-metrics.js';
import { said, type Backend, type JsonObject } from './backend.js';
import { expect, expectWhole, Violation } from './expect.js';

/** A session that was sold for this run, with its session token. */
export class SoldSession {
  readonly backend: Backend;
  readonly token: string;
  readonly id: string;
  readonly path: string;

  constructor(backend: Backend, token: string) {
    this.backend = backend;
    this.token = token;
    this.id = idOf(token);
    this.path = `/sessions/${encodeURIComponent(this.id)}`;
  }

  validate(): Promise<JsonObject> {
    return this.backend.succeed('POST', '/sessions/validate', { body: { session_jwt: this.token } });
  }

  heartbeat(metrics?: PageReport): Promise<JsonObject> {
    const body: HeartbeatRequest = { timestamp: Date.now(), active: true, metrics };
    return this.post('heartbeat', body);
  }

  post(action: string, body: object = {}, key: string = crypto.randomUUID()): Promise<JsonObject> {
    return this.backend.succeed('POST', `${this.path}/${action}`, {
      token: this.token,
      body,
      headers: { 'Idempotency-Key': key },
    });
  }

  /** The deadline, as heartbeats tell it, seconds since the epoch. */
  async deadline(): Promise<number> {
    const { expires_at } = await this.heartbeat();
    expectWhole(expires_at, 'expires_at of a heartbeat', 1);
    return expires_at;
  }

  /** Buys the first extension that is on offer, in either spelling. @returns what it was to add, and the deadline told. */
  async extend(): Promise<{ seconds: number; expiresAt: unknown }> {
    const seconds = await this.firstOption();
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const call = { token: this.token, headers };
    const extended = await this.backend.call('POST', `${this.path}/extend`, {
      ...call,
      body: { additional_seconds: seconds },
    });
    if (extended.status !== 404 && extended.status !== 405) {
      expect(extended.status < 300, `extend is to succeed, and answers ${extended.status} ${said(extended)}`);
      return { seconds, expiresAt: extended.body.expires_at };
    }
    const body = { additional_minutes: seconds / 60 };
    const renewed = await this.backend.succeed('PUT', `${this.path}/renew`, { ...call, body });
    return { seconds, expiresAt: renewed.new_expires_at };
  }

  /** The seconds of the first extension that tokens buy now. */
  async firstOption(): Promise<number> {
    const { session } = await this.validate();
    const { extension_options } = session as { extension_options?: unknown };
    expect(Array.isArray(extension_options), 'session.extension_options is to be a list');
    const option = (extension_options as JsonObject[]).find(
      ({ available, tokens }) => available === true && typeof tokens === 'number',
    );
    expect(option !== undefined, 'the session is to offer an extension that tokens buy: sell it with one');
    expectWhole(option.additional_seconds, 'additional_seconds of an option', 1);
    return option.additional_seconds;
  }
}

/** The `jti` of a session token; nothing else of it is looked at. */
function idOf(token: string): string {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as JsonObject;
    if (typeof claims.jti === 'string' && claims.jti !== '') return claims.jti;
  } catch {
    // Said below.
  }
  throw new Violation('the session token is to be a JWT with a jti');
}
