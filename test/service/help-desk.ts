// A provider whose helpers sit at their desks, and customers who ask for help, over HTTP.
import { EventReader } from './event-reader.js';
import {
  expectOk,
  until,
  type Answer,
  type Json,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { grantable } from '../../src/service/features/access-tokens/subjects.js';
import type { DeskFrame, DeskRequest, HelpRequestFrame } from '../../src/protocol/help-request.js';

export interface HelpRequestAnswer extends Json {
  id: string;
  code?: string;
  status: string;
  reason: string | null;
  round: number;
  offered_count: number;
  helper_id: string | null;
  session_id: string | null;
  final_cost: number | null;
}

/** Reads a stream whose frames need have no ids. */
export class FrameReader<T extends { type: string }> {
  readonly frames: T[] = [];
  readonly lines: string[] = [];
  isOver = false;
  readonly #abort = new AbortController();

  static async open<T extends { type: string }>(url: string, token: string, lastEventId?: number) {
    const reader = new FrameReader<T>();
    const headers = {
      Authorization: `Bearer ${token}`,
      ...(lastEventId !== undefined && { 'Last-Event-ID': String(lastEventId) }),
    };
    const response = await fetch(url, { headers, signal: reader.#abort.signal });
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    const over = () => void (reader.isOver = true);
    void reader.#read(response).then(over, over);
    return reader;
  }

  get types(): string[] {
    return this.frames.map(({ type }) => type);
  }

  leave(): void {
    this.#abort.abort();
  }

  async #read(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n');
      text = blocks.pop()!;
      for (const line of blocks) {
        this.lines.push(line);
        if (line.startsWith('data: ')) this.frames.push(JSON.parse(line.slice(6)) as T);
      }
    }
  }
}

/** What a desk shows, put together from its frames as a page does. */
export class Desk {
  readonly reader: FrameReader<DeskFrame>;
  constructor(reader: FrameReader<DeskFrame>) {
    this.reader = reader;
  }

  get requests(): Map<string, DeskRequest> {
    const shown = new Map<string, DeskRequest>();
    for (const frame of this.reader.frames) {
      if (frame.type === 'desk.snapshot') shown.clear();
      const news = frame.type === 'desk.snapshot' ? frame.requests : [];
      for (const one of frame.type === 'help_request.changed' ? [frame.request] : news)
        shown.set(one.id, one);
    }
    return shown;
  }

  get unread(): number {
    return this.reader.frames.at(-1)?.unread_count ?? 0;
  }

  isOffered(id: string): boolean {
    const shown = this.requests.get(id);
    return shown?.status === 'open' && shown.offer === 'offered';
  }

  leave(): void {
    this.reader.leave();
  }
}

export interface TestHelper {
  id: string;
  token: string;
}

export class HelpScene {
  readonly service: TestService;
  readonly application: TestApplication;
  readonly providerId: string;
  readonly categoryId: string;
  constructor(service: TestService, application: TestApplication, providerId: string, categoryId: string) {
    this.service = service;
    this.application = application;
    this.providerId = providerId;
    this.categoryId = categoryId;
  }

  /** A provider of its own with a category: ten minutes for 100 tokens. */
  static async open(service: TestService, category: Json = {}, fields: Json = {}): Promise<HelpScene> {
    const providerId = `provider-${crypto.randomUUID()}`;
    const application = await service.createApplication({ provider_id: providerId, ...fields });
    const body = { name: 'A leak', tokens: 100, duration_seconds: 600, skills: ['plumbing'], ...category };
    const as = application.secretKey;
    const { id } = expectOk(await service.call<{ id: string }>('POST', '/help-categories', { as, body }));
    return new HelpScene(service, application, providerId, id);
  }

  /** The same provider, asked through another instance. */
  on(service: TestService): HelpScene {
    return new HelpScene(service, this.application, this.providerId, this.categoryId);
  }

  async helper(fields: Json = {}, availability = 'available'): Promise<TestHelper> {
    const as = this.application.secretKey;
    const body = { display_name: 'Maria Secretname', skills: ['plumbing'], ...fields };
    const { id } = expectOk(await this.service.call<{ id: string }>('POST', '/helpers', { as, body }));
    const token = await this.tokenOf('helper', id);
    await this.setAvailability({ id, token }, availability);
    return { id, token };
  }

  async setAvailability({ id, token }: TestHelper, availability: string): Promise<void> {
    const body = { availability };
    expectOk(await this.service.call('PUT', `/helpers/${id}/availability`, { as: token, body }));
  }

  async tokenOf(kind: keyof typeof grantable, id: string): Promise<string> {
    const body = { subject: { kind, id }, scope: grantable[kind], expires_in_seconds: 86_400 };
    const answer = await this.service.call<{ access_token: string }>('POST', '/access-tokens', {
      as: this.application.secretKey,
      body,
    });
    return expectOk(answer).access_token;
  }

  async desk({ id, token }: TestHelper): Promise<Desk> {
    const reader = await FrameReader.open<DeskFrame>(
      `${this.service.url}/api/v1/helpers/${id}/events`,
      token,
    );
    const desk = new Desk(reader);
    await until(() => reader.frames.length > 0);
    await this.untilSeen([id]);
    return desk;
  }

  /** Until every instance knows that these helpers are there. */
  async untilSeen(ids: readonly string[]): Promise<void> {
    await until(async () => {
      const rows = await this.service.database.kysely
        .selectFrom('helper_desks')
        .select('helper_id')
        .where('helper_id', 'in', ids)
        .execute();
      return rows.length === ids.length;
    });
  }

  async ask(
    userId: string,
    fields: Json = {},
    key: string = crypto.randomUUID(),
  ): Promise<Answer<HelpRequestAnswer>> {
    return this.service.call<HelpRequestAnswer>('POST', '/help-requests', {
      as: this.application.secretKey,
      headers: { 'Idempotency-Key': key },
      body: {
        application_id: this.application.id,
        user_id: userId,
        category_id: this.categoryId,
        description: 'It drips below the Secretsink.',
        ...fields,
      },
    });
  }

  async customer(tokens = 1_000): Promise<string> {
    return this.service.createCustomer(tokens);
  }

  read(id: string, as = this.application.secretKey): Promise<HelpRequestAnswer> {
    return this.service.call<HelpRequestAnswer>('GET', `/help-requests/${id}`, { as }).then(expectOk);
  }

  /** What a helper does. */
  answer({ token }: TestHelper, id: string, what: string, body?: Json): Promise<Answer<HelpRequestAnswer>> {
    return this.service.call('POST', `/help-requests/${id}/${what}`, { as: token, ...(body && { body }) });
  }

  cancel(id: string): Promise<Answer<HelpRequestAnswer>> {
    const as = this.application.secretKey;
    return this.service.call('POST', `/help-requests/${id}/cancel`, { as });
  }

  /** The customer opens the session in his page. */
  async join(sessionId: string): Promise<EventReader> {
    const as = this.application.secretKey;
    const { session_token: token } = expectOk(
      await this.service.call<{ session_token: string }>('POST', `/sessions/${sessionId}/launch`, { as }),
    );
    return this.#listen(sessionId, token, 'customer');
  }

  /** The helper does, or a member of the provider. */
  attend({ id, token }: TestHelper, sessionId: string, role = 'helper'): Promise<EventReader> {
    return this.#listen(sessionId, token, `${role}:${id}`);
  }

  /** It is known that who listens is there: nobody writes it down while the clock is set. */
  async #listen(sessionId: string, token: string, participant: string): Promise<EventReader> {
    const url = `${this.service.url}/api/v1/sessions/${sessionId}/events`;
    const reader = await EventReader.open(url, { Authorization: `Bearer ${token}` });
    await until(async () => {
      const presences = this.service.database.kysely
        .selectFrom('presences')
        .select('state')
        .where('session_id', '=', sessionId)
        .where('participant', '=', participant as 'customer');
      return (await presences.execute()).length > 0;
    });
    return reader;
  }

  async follow(id: string, token: string, lastEventId?: number): Promise<FrameReader<HelpRequestFrame>> {
    return FrameReader.open(`${this.service.url}/api/v1/help-requests/${id}/events`, token, lastEventId);
  }

  untilStatus(id: string, status: string): Promise<void> {
    return until(async () => (await this.read(id)).status === status);
  }

  async wallet(userId: string): Promise<{ available: number; held: number }> {
    const { wallet } = expectOk(await this.service.call('GET', `/customers/${userId}`));
    return wallet as { available: number; held: number };
  }
}
