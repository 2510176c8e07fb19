import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { CreateSessionAnswer } from '../../src/protocol/api.js';
import type { DatabaseOptions } from '../../src/service/index.js';
import {
  startTestService,
  until,
  type Json,
  type TestApplication,
  type TestService,
  type TestServiceOptions,
} from '../service/fixtures.js';
import { startRealPostgres, type RealPostgres } from '../service/real-postgres.js';
import { AppServer } from './app-server.js';
import { SessionLine } from './session-line.js';

/** A session that was sold, and the addresses of its page. */
export interface Sold {
  id: string;
  token: string;
  customer: string;
  /** With the session token, as the marketplace sends the customer there. */
  address: string;
  /** Without it. */
  bareAddress: string;
  /** Of the application that sold it. */
  secretKey: string;
}

/** A real service behind a line that can break, and an app of an origin of its own with the tag in it. */
export class SessionWorld {
  readonly line: SessionLine;
  readonly app: AppServer;
  readonly #postgres: RealPostgres;
  readonly #database: DatabaseOptions;
  readonly #options: TestServiceOptions;
  readonly #applications = new Map<string, Promise<TestApplication>>();
  #service!: TestService;
  #skewMs = 0;

  private constructor(
    line: SessionLine,
    app: AppServer,
    postgres: RealPostgres,
    database: DatabaseOptions,
    options: TestServiceOptions,
  ) {
    this.line = line;
    this.app = app;
    this.#postgres = postgres;
    this.#database = database;
    this.#options = options;
  }

  static async open(options: TestServiceOptions = {}): Promise<SessionWorld> {
    const line = new SessionLine();
    await line.open();
    const [app, postgres] = await Promise.all([AppServer.open(line.url), startRealPostgres()]);
    const world = new SessionWorld(line, app, postgres, await postgres.createDatabase(), options);
    await world.startService();
    return world;
  }

  async close(): Promise<void> {
    this.line.close();
    this.app.close();
    await this.#service.close();
    await this.#postgres.stop();
  }

  get service(): TestService {
    return this.#service;
  }

  /** The service's clock, ms since the epoch. */
  now(): number {
    return Date.now() + this.#skewMs;
  }

  /** Lets time pass for the service, and for pages whose clock is installed. */
  async pass(seconds: number, ...pages: Page[]): Promise<void> {
    this.#skewMs += seconds * 1000;
    await Promise.all(pages.map((page) => page.clock.fastForward(seconds * 1000)));
  }

  /** The service is gone, its database stays. */
  async stopService(): Promise<void> {
    this.line.cutStreams();
    await this.#service.close();
  }

  async startService(): Promise<void> {
    const limits = { heartbeatSeconds: 1, ...this.#options.limits };
    this.#service = await startTestService({
      publicUrl: this.line.url,
      now: () => this.now(),
      database: this.#database,
      ...this.#options,
      limits,
    });
    this.line.lead(this.#service.url);
  }

  /**
   * Sells a session.
   * @param fields of the application; each set of them is one application.
   * @param attributes of the tag, as a query.
   */
  async sell(seconds = 600, fields: Json = {}, attributes = ''): Promise<Sold> {
    const name = JSON.stringify(fields);
    const { origin } = this.app;
    const made =
      this.#applications.get(name) ??
      this.#service.createApplication({
        allowed_origins: [origin],
        return_origins: [origin],
        tokens_per_minute: 1,
        extension_options: [{ additional_seconds: 900, tokens: 15 }],
        ...fields,
      });
    this.#applications.set(name, made);
    const application = await made;
    const customer = await this.#service.createCustomer(1000);
    const sold = await this.#service.createSession(application, customer, {
      duration_seconds: seconds,
      return_url: `${origin}/elsewhere`,
    });
    const bareAddress = this.app.addressOf(application.id, attributes);
    return {
      id: sold.session.id,
      token: sold.session_token,
      customer,
      bareAddress,
      address: `${bareAddress}&session=${sold.session_token}`,
      secretKey: application.secretKey,
    };
  }

  /** The session as the service sees it. */
  async session(sold: Sold): Promise<CreateSessionAnswer['session']> {
    const { body } = await this.#service.call<CreateSessionAnswer>('GET', `/api/v1/sessions/${sold.id}`);
    return body.session;
  }

  /** The marketplace adds a quarter of an hour from its own server. */
  async extendFromServer({ id, secretKey }: Sold): Promise<void> {
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const body = { additional_seconds: 900 };
    const answer = await this.#service.call('POST', `/api/v1/sessions/${id}/extend`, {
      as: secretKey,
      headers,
      body,
    });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  }

  /** What the customer has spent or set aside. */
  async spent(sold: Sold): Promise<number> {
    const { body } = await this.#service.call<{ wallet: { available: number } }>(
      'GET',
      `/api/v1/customers/${sold.customer}`,
    );
    return 1000 - body.wallet.available;
  }
}

/**
 * Asserts that a page shows the seconds that the service has left, within a tick; a busy machine has a few to get there,
 * which is less than a throttled timer or a heartbeat would take.
 * @param read what the page shows.
 */
export async function showsSecondsLeft(
  world: SessionWorld,
  sold: Sold,
  read: () => Promise<number>,
): Promise<void> {
  const deadline = (await world.session(sold)).expires_at! * 1000;
  const left = () => (deadline - world.now()) / 1000;
  let seen = '';
  const isRight = async () => {
    const before = left();
    const shown = await read();
    seen = `${shown} shown, ${left()} left`;
    return shown < before + 1.3 && shown > left() - 0.3;
  };
  await until(isRight, 10_000).catch(() => assert.fail(seen));
}
