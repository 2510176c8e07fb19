// Stands in for Supabase Auth: the answers that its client library reads, with real signatures and rotating refresh tokens.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServerClient, serializeCookieHeader } from '@supabase/ssr';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT, type JWTPayload } from 'jose';

export interface AuthUser {
  id: string;
  email: string;
  app_metadata: Record<string, unknown>;
  user_metadata: Record<string, unknown>;
  is_anonymous: boolean;
  is_banned: boolean;
}

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
type Body = Record<string, unknown>;

/** What it refuses, and in which words. */
class Refusal extends Error {
  readonly status: number;
  readonly body: Body;

  constructor(status: number, body: Body) {
    super('refused');
    this.status = status;
    this.body = body;
  }
}

const refuse = (status: number, code: string): never => {
  throw new Refusal(status, { code, message: code });
};

export class SupabaseAuth {
  readonly publishableKey = 'sb_publishable_test';
  /** What was asked, such as `GET /user`. */
  readonly asked: string[] = [];
  /** With what it answers everything, while it is set. */
  outageStatus: number | undefined;
  /** How long an access token is good for, seconds. */
  expiresIn = 3600;
  readonly #users = new Map<string, AuthUser>();
  /** The refresh token that counts, and whose it is, by the session's id. */
  readonly #sessions = new Map<string, { userId: string; refreshToken: string }>();
  readonly #keys: Keys;
  /** A name of its own: the library keeps keys for as long as the process lives. */
  readonly #kid = crypto.randomUUID();
  readonly #server: Server;

  private constructor(keys: Keys) {
    this.#keys = keys;
    this.#server = createServer(async (request, response) => {
      const { status, body } = await this.#answer(request).catch((error: unknown) => {
        if (error instanceof Refusal) return error;
        throw error;
      });
      response.writeHead(status, {
        'Content-Type': 'application/json',
        'X-Supabase-Api-Version': '2024-01-01',
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Headers':
          'authorization, apikey, content-type, x-client-info, x-supabase-api-version',
        'Access-Control-Expose-Headers': 'x-supabase-api-version',
      });
      response.end(JSON.stringify(body));
    });
  }

  static async start(): Promise<SupabaseAuth> {
    const auth = new SupabaseAuth(await generateKeyPair('ES256', { extractable: true }));
    auth.#server.listen(0, '127.0.0.1');
    await once(auth.#server, 'listening');
    return auth;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Of the project, without `/auth/v1`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  addUser(fields: Partial<AuthUser> = {}): AuthUser {
    const id = fields.id ?? crypto.randomUUID();
    const email = `${id}@customers.example`;
    const user = {
      id,
      email,
      app_metadata: { provider: 'email' },
      user_metadata: {},
      is_anonymous: false,
      is_banned: false,
      ...fields,
    };
    this.#users.set(id, user);
    return user;
  }

  /** Signs in by the real library. @returns the cookies that it has written, as a `Cookie` header holds them. */
  async signIn({ email }: AuthUser): Promise<string> {
    let cookies = '';
    const client = createServerClient(this.url, this.publishableKey, {
      cookies: {
        getAll: () => [],
        setAll: (written) => {
          cookies = written.map(({ name, value }) => serializeCookieHeader(name, value, {})).join('; ');
        },
      },
      realtime: { transport: globalThis.WebSocket ?? class {} },
    });
    const { error } = await client.auth.signInWithPassword({ email, password: 'secret' });
    if (error) throw error;
    return cookies;
  }

  /** Ends all sessions of a user. */
  signOut({ id }: AuthUser): void {
    for (const [sessionId, { userId }] of this.#sessions) if (userId === id) this.#sessions.delete(sessionId);
  }

  /** An access token of a session of its own. @param claims in place of those that it would have; undefined leaves one out. */
  async accessToken(user: AuthUser, claims: Body = {}): Promise<string> {
    return (await this.#sessionFor(user, claims)).access_token;
  }

  async #sessionFor(user: AuthUser, claims: Body = {}, sessionId: string = crypto.randomUUID()) {
    const refreshToken = crypto.randomUUID();
    this.#sessions.set(sessionId, { userId: user.id, refreshToken });
    const { id, email, app_metadata, user_metadata, is_anonymous } = user;
    const iat = Math.floor(Date.now() / 1000);
    const payload = {
      ...{ iss: `${this.url}/auth/v1`, sub: id, aud: 'authenticated', role: 'authenticated' },
      ...{ email, app_metadata, user_metadata, is_anonymous, session_id: sessionId },
      ...{ iat, exp: iat + this.expiresIn, ...claims },
    };
    const signing = new SignJWT(JSON.parse(JSON.stringify(payload)) as JWTPayload);
    return {
      access_token: await signing
        .setProtectedHeader({ alg: 'ES256', kid: this.#kid, typ: 'JWT' })
        .sign(this.#keys.privateKey),
      token_type: 'bearer',
      expires_in: this.expiresIn,
      expires_at: iat + this.expiresIn,
      refresh_token: refreshToken,
      user: this.#described(user),
    };
  }

  #described({ id, email, app_metadata, user_metadata, is_anonymous }: AuthUser) {
    const at = '2026-01-01T00:00:00Z';
    return {
      ...{ id, email, app_metadata, user_metadata, is_anonymous },
      ...{ aud: 'authenticated', role: 'authenticated', identities: [], created_at: at, updated_at: at },
    };
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: Body }> {
    const { pathname, searchParams } = new URL(request.url!, this.url);
    const asked = `${request.method} ${pathname.replace('/auth/v1', '')}`;
    this.asked.push(asked);
    if (this.outageStatus) return { status: this.outageStatus, body: { message: 'outage' } };
    if (asked === 'GET /.well-known/jwks.json') {
      const jwk = { ...(await exportJWK(this.#keys.publicKey)), kid: this.#kid, alg: 'ES256', use: 'sig' };
      return { status: 200, body: { keys: [jwk] } };
    }
    if (request.method === 'OPTIONS') return { status: 200, body: {} };
    // The gateway before it.
    if (request.headers.apikey !== this.publishableKey)
      throw new Refusal(401, { message: 'Invalid API key' });
    if (asked === 'GET /user')
      return { status: 200, body: this.#described(await this.#userOf(request.headers.authorization)) };
    if (asked !== 'POST /token') throw new Refusal(404, { message: 'no Route matched with those values' });
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text) as { email?: string; refresh_token?: string };
    if (searchParams.get('grant_type') === 'password') {
      const user = [...this.#users.values()].find(({ email }) => email === body.email);
      return { status: 200, body: await this.#sessionFor(user ?? refuse(400, 'invalid_credentials')) };
    }
    const [id, session] =
      [...this.#sessions].find(([, { refreshToken }]) => refreshToken === body.refresh_token) ??
      refuse(400, 'refresh_token_not_found');
    return { status: 200, body: await this.#sessionFor(this.#users.get(session.userId)!, {}, id) };
  }

  async #userOf(authorization = ''): Promise<AuthUser> {
    const token = authorization.replace('Bearer ', '');
    const { payload } = await jwtVerify(token, this.#keys.publicKey).catch(() => refuse(403, 'bad_jwt'));
    if (!payload.sub) refuse(403, 'bad_jwt');
    const user = this.#users.get(payload.sub!) ?? refuse(403, 'user_not_found');
    if (user.is_banned) refuse(403, 'user_banned');
    if (!this.#sessions.has(String(payload.session_id))) refuse(403, 'session_not_found');
    return user;
  }
}
