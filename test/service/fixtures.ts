import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createSessionService,
  localFiles,
  openDatabase,
  serve,
  type Database,
  type DatabaseOptions,
  type SessionService,
  type SessionServiceOptions,
  type WebhookOptions,
} from '../../src/service/index.js';
import type { CreateSessionAnswer } from '../../src/protocol/api.js';
import { createTemporaryDatabase } from './databases.js';

export const operatorKey = 'operator-key-of-the-tests-0123456789abcdef';

export interface TestServiceOptions extends Partial<Omit<SessionServiceOptions, 'database' | 'operatorKey'>> {
  /** Without one: a new database, removed at the end. */
  database?: DatabaseOptions;
  port?: number;
}

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

export interface Call {
  /** Sent as `Authorization: Bearer`; the operator key where none is named, null sends nothing. */
  as?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

export type Json = Record<string, unknown>;

export interface TestService {
  url: string;
  service: SessionService;
  database: Database;
  call<T = Json>(method: string, path: string, call?: Call): Promise<Answer<T>>;
  /** Registers an application; what is not named has a default. */
  createApplication(fields?: Json): Promise<TestApplication>;
  /** A new customer whose wallet holds that many tokens. */
  createCustomer(tokens: number): Promise<string>;
  createSession(application: TestApplication, userId: string, fields?: Json): Promise<CreateSessionAnswer>;
  close(): Promise<void>;
}

export interface TestApplication {
  id: string;
  secretKey: string;
}

/** Nobody is asked for a name, and nothing leaves this machine: the addresses of the fixtures refuse connections. */
const deafReceivers: WebhookOptions = {
  allowedHosts: ['app.example', 'market.example'],
  lookup: async () => ['127.0.0.1'],
};

/** A running session service on a free port of this machine, over real HTTP. */
export async function startTestService(options: TestServiceOptions = {}): Promise<TestService> {
  const {
    database: given,
    port = 0,
    publicUrl = 'http://session.test',
    webhooks = deafReceivers,
    ...others
  } = options;
  const temporary = given ? undefined : await createTemporaryDatabase();
  const database = await openDatabase(given ?? temporary!.options);
  const folder = join(tmpdir(), `marketplace-session-files-${crypto.randomUUID()}`);
  const files = { storage: localFiles(folder) };
  const service = createSessionService({ database, operatorKey, publicUrl, webhooks, files, ...others });
  await service.start().catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const server = await serve(service, { port });
  const call = callerOf(server.url);
  return {
    url: server.url,
    service,
    database,
    call,
    ...seeding(call),
    async close() {
      const closed = server.close();
      await service.close();
      await closed;
      await database.close();
      await rm(folder, { recursive: true, force: true });
      await temporary?.remove();
    },
  };
}

/** Calls a service by its address; answers are read as JSON. */
export function callerOf(url: string): TestService['call'] {
  return async <T>(method: string, path: string, { as = operatorKey, body, headers }: Call = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(as !== null && { Authorization: `Bearer ${as}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : {}) as T };
  };
}

export interface SentFile {
  id: string;
  name: string;
  size: number;
  content_type: string;
  sha256: string;
  url: string;
}

/** Sends a file, and expects it to be kept. */
export async function sendFile(
  { call }: Pick<TestService, 'call'>,
  sessionId: string,
  { as, name, content }: { as: string; name: string; content: string },
): Promise<SentFile> {
  const headers = { 'X-File-Name': encodeURIComponent(name), 'Content-Type': 'application/octet-stream' };
  return expectOk(
    await call<SentFile>('POST', `/sessions/${sessionId}/files`, { as, body: content, headers }),
  );
}

/** Fails with what the service said where a call was to succeed. */
export function expectOk<T>(answer: Answer<T>): T {
  if (answer.status >= 300) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export function seeding(call: TestService['call']) {
  return {
    async createApplication(fields: Json = {}): Promise<TestApplication> {
      const body = {
        id: `app-${crypto.randomUUID()}`,
        provider_id: 'provider-1',
        name: 'Test application',
        launch_url: 'https://app.example/launch',
        allowed_origins: ['https://app.example'],
        return_origins: ['https://market.example'],
        tokens_per_minute: 10,
        extension_options: [
          { additional_seconds: 900, tokens: 150 },
          { additional_seconds: 1800, tokens: 280 },
        ],
        max_duration_seconds: 7200,
        pausable: true,
        max_pause_seconds: 600,
        top_up_url: 'https://market.example/top-up',
        ...fields,
      };
      const made = expectOk(
        await call<{ id: string; secret_key: string }>('POST', '/api/v1/applications', { body }),
      );
      return { id: made.id, secretKey: made.secret_key };
    },

    async createCustomer(tokens: number): Promise<string> {
      const id = `user-${crypto.randomUUID()}`;
      expectOk(await call('POST', '/api/v1/customers', { body: { id } }));
      if (tokens > 0) {
        const body = { tokens, reference: 'first' };
        expectOk(await call('POST', `/api/v1/customers/${id}/credits`, { body }));
      }
      return id;
    },

    async createSession(application: TestApplication, userId: string, fields: Json = {}) {
      const body = {
        application_id: application.id,
        user_id: userId,
        duration_seconds: 600,
        return_url: 'https://market.example/done',
        ...fields,
      };
      const headers = { 'Idempotency-Key': crypto.randomUUID() };
      const as = application.secretKey;
      return expectOk(await call<CreateSessionAnswer>('POST', '/api/v1/sessions', { as, body, headers }));
    },
  };
}

/** Waits until a condition holds, asking again and again. */
export async function until(condition: () => Promise<boolean> | boolean, withinMs = 60_000): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`the condition did not come true within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
