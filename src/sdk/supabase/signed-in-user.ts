import {
  createServerClient,
  parseCookieHeader,
  serializeCookieHeader,
  type CookieOptionsWithName,
} from '@supabase/ssr';
import { SessionError } from '../../protocol/errors.js';
import { environment } from '../options.js';

export interface SupabaseOptions {
  /** The project; `SUPABASE_URL` or `NEXT_PUBLIC_SUPABASE_URL` by default. */
  supabaseUrl?: string | undefined;
  /**
   * The publishable (anon) key; the environment's `SUPABASE_PUBLISHABLE_KEY` or `SUPABASE_ANON_KEY` by default, each with
   * `NEXT_PUBLIC_` before it too.
   */
  supabaseKey?: string | undefined;
  /** As the application gives them to its own clients: another name, a domain. */
  cookieOptions?: CookieOptionsWithName | undefined;
  /**
   * `user` (default) asks Supabase: who has signed out or is banned gets nothing. `claims` checks the signature and is faster, but
   * believes a token until it runs out.
   */
  verify?: 'user' | 'claims' | undefined;
  /** Who signs, for `claims`; `/auth/v1` of the project by default. */
  issuer?: string | undefined;
  /** Users without an e-mail address and the like (`signInAnonymously`); refused by default. */
  allowAnonymous?: boolean | undefined;
  /** How long Supabase may take for one answer, ms; 10 000 by default. */
  supabaseTimeoutMs?: number | undefined;
}

/** Who is signed in with Supabase. */
export interface SupabaseUser {
  id: string;
  email: string | undefined;
  /** What only your server can write. */
  appMetadata: Readonly<Record<string, unknown>>;
  /** What users can write themselves. */
  userMetadata: Readonly<Record<string, unknown>>;
  isAnonymous: boolean;
}

/**
 * Who has sent the request, by its `Authorization: Bearer` or else its cookies; null where that is nobody.
 * @param setCookie takes cookies that were refreshed, as they stand in `Set-Cookie`. They must reach the browser: the former
 * ones count for nothing any more.
 * @throws {SessionError} `SERVICE_UNAVAILABLE` where Supabase does not answer.
 * @throws where it is not set up.
 */
export async function signedInUser(
  request: Request,
  options: SupabaseOptions,
  setCookie: (cookie: string) => void,
): Promise<SupabaseUser | null> {
  const url = settingOf(options.supabaseUrl, 'supabaseUrl', urlNames);
  const key = settingOf(options.supabaseKey, 'supabaseKey', keyNames);
  const { cookieOptions, supabaseTimeoutMs = 10_000 } = options;
  const { auth } = createServerClient(url, key, {
    ...(cookieOptions && { cookieOptions }),
    cookies: {
      getAll: () =>
        parseCookieHeader(request.headers.get('cookie') ?? '').map(({ name, value = '' }) => ({
          name,
          value,
        })),
      setAll: (cookies) => {
        for (const { name, value, options } of cookies)
          setCookie(serializeCookieHeader(name, value, options));
      },
    },
    global: {
      fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(supabaseTimeoutMs) }),
    },
    // None is ever opened here, but without one the client cannot be made in Node 20.
    realtime: { transport: globalThis.WebSocket ?? class {} },
  });
  const [, bearer] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  const token = bearer ?? (await tokenOfCookies(auth));
  if (!token || !isJwt(token)) return null;
  const user =
    options.verify === 'claims'
      ? await userOfClaims(auth, token, options.issuer ?? `${url.replace(/\/+$/, '')}/auth/v1`)
      : await userOfAccount(auth, bearer);
  return user && (!user.isAnonymous || options.allowAnonymous) ? user : null;
}

const urlNames = ['SUPABASE_URL', 'NEXT_PUBLIC_SUPABASE_URL'];
const keyNames = [
  'SUPABASE_PUBLISHABLE_KEY',
  'NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY',
  'SUPABASE_ANON_KEY',
  'NEXT_PUBLIC_SUPABASE_ANON_KEY',
];

function settingOf(given: string | undefined, option: string, names: readonly string[]): string {
  const value = given ?? names.map(environment).find(Boolean);
  if (!value) throw new TypeError(`${option} is missing: pass it, or set ${names[0]}`);
  return value;
}

type Auth = ReturnType<typeof createServerClient>['auth'];

/** Refreshed, where its time is over. */
async function tokenOfCookies(auth: Auth): Promise<string | null | undefined> {
  const { data, error } = await auth.getSession();
  return error ? refused(error) : data.session?.access_token;
}

/**
 * Whether it has the form of one: of others the library throws whatever goes wrong with them. Stricter reading is for
 * session tokens; what users write into their metadata may be as long and as deep as they like.
 */
function isJwt(token: string): boolean {
  try {
    const parts = token.split('.');
    const [header, payload] = parts.slice(0, 2).map((part) => {
      const bytes = atob(part.replace(/-/g, '+').replace(/_/g, '/'));
      const utf8 = new TextDecoder('utf-8', { fatal: true });
      return JSON.parse(utf8.decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)))) as unknown;
    });
    const { alg } = header as { alg: string };
    return (
      parts.length === 3 &&
      ['ES256', 'RS256', 'HS256'].includes(alg) &&
      typeof payload === 'object' &&
      !!payload
    );
  } catch {
    return false;
  }
}

/** @param token that of the cookies by default, which are cleared where Supabase says that they are over. */
async function userOfAccount(auth: Auth, token: string | undefined): Promise<SupabaseUser | null> {
  const { data, error } = await auth.getUser(token);
  if (error) return refused(error);
  const { id, email, app_metadata, user_metadata, is_anonymous } = data.user;
  return userOf(id, email, app_metadata, user_metadata, is_anonymous);
}

/** The library looks at the signature and the time; all the rest is looked at here. */
async function userOfClaims(auth: Auth, token: string, issuer: string): Promise<SupabaseUser | null> {
  const { data, error } = await auth.getClaims(token);
  if (error) return refused(error);
  if (!data) return null;
  const { sub, aud, iss, role, email, app_metadata, user_metadata, is_anonymous } = data.claims;
  const isForUsers = [aud].flat().includes('authenticated') && role === 'authenticated' && iss === issuer;
  return isForUsers && sub ? userOf(sub, email, app_metadata, user_metadata, is_anonymous) : null;
}

const userOf = (
  id: string,
  email: string | undefined,
  appMetadata: object = {},
  userMetadata: object = {},
  isAnonymous = false,
): SupabaseUser => ({
  id,
  email: email || undefined,
  appMetadata: { ...appMetadata },
  userMetadata: { ...userMetadata },
  isAnonymous,
});

/**
 * Null where Supabase says that this is nobody.
 * @throws {SessionError} `SERVICE_UNAVAILABLE` where it says nothing.
 * @throws where it refuses the application itself.
 */
function refused(error: { name: string; status?: number | undefined; code?: unknown }): null {
  const { name, status = 0, code } = error;
  // Without a code it is a gateway before Supabase that knows no such key, or no such address.
  const isOfGateway = [401, 404].includes(status) && code === undefined;
  const isRefusal = status >= 400 && status < 500 && status !== 429 && !isOfGateway;
  if (isRefusal || name === 'AuthSessionMissingError') return null;
  if (isOfGateway) throw error;
  throw new SessionError('SERVICE_UNAVAILABLE', { message: 'Supabase does not answer.', cause: error });
}
