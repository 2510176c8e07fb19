import { compactVerify, importJWK, type JWK } from 'jose';
import { SessionError } from '../../protocol/errors.js';
import { checkClaims } from '../../protocol/session-token-claims.js';
import { parseSessionToken, tokenAlgorithms } from '../../protocol/session-token.js';
import { fetchInTime, parseJson } from '../http-request.js';
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

interface FetchedKeys {
  keys: JWK[];
  fetchedAt: number;
}

const fetched = new Map<string, FetchedKeys>();

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
  const key = await importJWK(jwk, algorithm).catch((cause: unknown) => {
    throw new SessionError('KEYS_INVALID', { cause });
  });
  await compactVerify(token, key, { algorithms: [algorithm] }).catch(() => {
    throw new SessionError('TOKEN_SIGNATURE_INVALID');
  });
  checkClaims(claims, { now: options.now, toleranceSeconds, audience: options.audience });
}

async function findKey(kid: string | undefined, options: VerificationOptions): Promise<JWK> {
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

async function fetchKeys({ jwksUri, world, signal }: VerificationOptions): Promise<JWK[]> {
  const init: RequestInit = {
    headers: { Accept: 'application/json' },
    credentials: 'omit',
    redirect: 'error',
  };
  const { response, text } = await fetchInTime(world, jwksUri, init, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new SessionError('KEYS_UNAVAILABLE', { cause });
  });
  if (!response.ok) throw new SessionError('KEYS_UNAVAILABLE', { status: response.status });
  const { keys } = (parseJson(text) ?? {}) as { keys?: (JWK | null)[] };
  if (!Array.isArray(keys) || keys.length > 100 || !keys.every(isPublicKey)) {
    throw new SessionError('KEYS_INVALID');
  }
  const kids = keys.map((key) => key.kid).filter((kid) => kid !== undefined);
  if (new Set(kids).size < kids.length) throw new SessionError('KEYS_INVALID');
  return keys;
}

const isPublicKey = (key: JWK | null): key is JWK =>
  typeof key === 'object' && key !== null && key.d === undefined && key.k === undefined;

function algorithmOf({ kty, crv, alg, use, key_ops: operations }: JWK): 'ES256' | 'RS256' {
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
