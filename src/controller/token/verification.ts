import { SessionError } from '../../protocol/errors.js';
import { checkClaims } from '../../protocol/session-token-claims.js';
import { parseSessionToken, tokenAlgorithms } from '../../protocol/session-token.js';
import { sendOnce } from '../network/http-request.js';
import type { World } from '../world.js';

/** An unknown kid does not cause another request for the key set sooner, ms. */
const cooldownMs = 30_000;
/** How long a key set that was fetched serves, ms: a key that was taken back is refused after that. */
const lifeMs = 600_000;
/** Difference of clocks that is forgiven, seconds. */
const toleranceSeconds = 60;

export interface VerificationOptions {
  /** Where the key set is published (RFC 7517). */
  jwksUri: string;
  audience?: string | undefined;
  /** The service's time, ms since the epoch. */
  now: number;
  world: World;
  signal: AbortSignal;
}

/** A public key as published (RFC 7517). */
type PublishedKey = JsonWebKey & { kid?: string };

interface FetchedKeys {
  keys: PublishedKey[];
  fetchedAt: number;
}

const fetched = new Map<string, FetchedKeys>();

/** What the two algorithms are to Web Cryptography (RFC 7518, 3.3 and 3.4). */
const algorithms = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const;

/** The least length of an RSA key, bits (RFC 7518, 3.3). */
const minModulusLength = 2048;

/**
 * Verifies a session token against the marketplace's published keys. The key is picked by `kid` from the set alone,
 * the algorithm is the key's: nothing in the token chooses either (RFC 8725, 3.1).
 * @throws {SessionError} the codes of `parseSessionToken` and `checkClaims`, `TOKEN_KEY_UNKNOWN`,
 * `TOKEN_SIGNATURE_INVALID`, `TOKEN_ALGORITHM_REFUSED`, `KEYS_UNAVAILABLE`, `KEYS_INVALID`.
 */
export async function verifySessionToken(token: string, options: VerificationOptions): Promise<void> {
  const { header, claims } = parseSessionToken(token);
  const jwk = await findKey(header.kid, options);
  const algorithm = algorithmOf(jwk);
  if (algorithm !== header.alg) throw new SessionError('TOKEN_ALGORITHM_REFUSED');
  const key = await importKey(jwk, algorithm);
  if (!(await hasSigned(key, algorithm, token))) throw new SessionError('TOKEN_SIGNATURE_INVALID');
  checkClaims(claims, { now: options.now, toleranceSeconds, audience: options.audience });
}

/** The browser refuses a point off the curve; of the published members only those that make the key are looked at. */
async function importKey(jwk: PublishedKey, algorithm: keyof typeof algorithms): Promise<CryptoKey> {
  // The browser's cryptography is for secure contexts.
  if (!(crypto as Partial<Crypto>).subtle)
    throw new SessionError('CONFIGURATION_INVALID', { message: 'jwks-uri needs a page that came by https' });
  const { kty, crv, x, y, n, e } = jwk;
  const members = kty === 'EC' ? { kty, crv, x, y } : { kty, n, e };
  try {
    const key = await crypto.subtle.importKey('jwk', members as JsonWebKey, algorithms[algorithm], false, [
      'verify',
    ]);
    const { modulusLength = minModulusLength } = key.algorithm as Partial<RsaHashedKeyAlgorithm>;
    if (modulusLength >= minModulusLength) return key;
  } catch (cause) {
    throw new SessionError('KEYS_INVALID', { cause });
  }
  throw new SessionError('KEYS_INVALID');
}

/** @param token canonical, as `parseSessionToken` has found it. */
function hasSigned(key: CryptoKey, algorithm: keyof typeof algorithms, token: string): Promise<boolean> {
  const end = token.lastIndexOf('.');
  const text = atob(
    token
      .slice(end + 1)
      .replace(/-/g, '+')
      .replace(/_/g, '/'),
  );
  const signature = Uint8Array.from(text, (byte) => byte.charCodeAt(0));
  return crypto.subtle.verify(
    algorithms[algorithm],
    key,
    signature,
    new TextEncoder().encode(token.slice(0, end)),
  );
}

async function findKey(kid: string | undefined, options: VerificationOptions): Promise<PublishedKey> {
  const { jwksUri, world } = options;
  let set = fetched.get(jwksUri);
  const find = () => set!.keys.find((key) => key.kid === kid);
  // Either way, since a device's clock may be set back.
  const ageMs = set ? Math.abs(world.now() - set.fetchedAt) : Infinity;
  if (!set || ageMs >= (find() ? lifeMs : cooldownMs)) {
    set = { keys: await fetchKeys(options), fetchedAt: world.now() };
    fetched.set(jwksUri, set);
  }
  const key = kid === undefined ? undefined : find();
  if (!key) throw new SessionError('TOKEN_KEY_UNKNOWN');
  return key;
}

async function fetchKeys({ jwksUri, world, signal }: VerificationOptions): Promise<PublishedKey[]> {
  const init: RequestInit = {
    headers: { Accept: 'application/json' },
    credentials: 'omit',
    redirect: 'error',
  };
  const { response, body } = await sendOnce(world, jwksUri, init, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new SessionError('KEYS_UNAVAILABLE', { cause });
  });
  if (!response.ok) throw new SessionError('KEYS_UNAVAILABLE', { status: response.status });
  const { keys } = (body ?? {}) as { keys?: (PublishedKey | null)[] };
  if (!Array.isArray(keys) || keys.length > 100 || !keys.every(isPublicKey)) {
    throw new SessionError('KEYS_INVALID');
  }
  const kids = keys.map((key) => key.kid).filter((kid) => kid !== undefined);
  if (new Set(kids).size < kids.length) throw new SessionError('KEYS_INVALID');
  return keys;
}

const isPublicKey = (key: PublishedKey | null): key is PublishedKey =>
  typeof key === 'object' && key !== null && key.d === undefined && key.k === undefined;

function algorithmOf({ kty, crv, alg, use, key_ops: operations }: PublishedKey): 'ES256' | 'RS256' {
  const algorithm = kty === 'EC' && crv === 'P-256' ? 'ES256' : kty === 'RSA' ? 'RS256' : undefined;
  const isForVerifying =
    (use === undefined || use === 'sig') && (!operations || operations.includes('verify'));
  if (
    !algorithm ||
    (alg ?? algorithm) !== algorithm ||
    !isForVerifying ||
    !tokenAlgorithms.includes(algorithm)
  ) {
    throw new SessionError('KEYS_INVALID');
  }
  return algorithm;
}
