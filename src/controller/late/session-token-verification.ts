import { compactVerify, importJWK, type JWK } from 'jose';
import { SessionError } from '../../protocol/errors.js';
import { checkClaims } from '../../protocol/session-token-claims.js';
import { parseSessionToken, tokenAlgorithms } from '../../protocol/session-token.js';
import type { World } from '../world.js';

/** How long a key set that was fetched serves, ms; an unknown kid does not cause another request sooner. */
const cooldownMs = 30_000;
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
  if (!set || (!find() && world.now() - set.fetchedAt >= cooldownMs)) {
    set = { keys: await fetchKeys(options), fetchedAt: world.now() };
    fetched.set(jwksUri, set);
  }
  const key = kid === undefined ? undefined : find();
  if (!key) throw new SessionError('TOKEN_KEY_UNKNOWN');
  return key;
}

async function fetchKeys({ jwksUri, world, signal }: VerificationOptions): Promise<JWK[]> {
  const answer = (await world
    .fetch(jwksUri, {
      headers: { Accept: 'application/json' },
      credentials: 'omit',
      redirect: 'error',
      signal,
    })
    .then((response) =>
      response.ok ? response.json() : Promise.reject(new Error(`HTTP ${response.status}`)),
    )
    .catch((cause: unknown) => {
      throw new SessionError('KEYS_UNAVAILABLE', { cause });
    })) as { keys?: JWK[] } | null;
  const keys = answer?.keys;
  if (!Array.isArray(keys) || keys.length > 100) throw new SessionError('KEYS_INVALID');
  const kids = keys.map((key) => key.kid);
  const hasPrivateMember = keys.some((key) => key.d !== undefined || key.k !== undefined);
  if (hasPrivateMember || new Set(kids).size < kids.length) throw new SessionError('KEYS_INVALID');
  return keys;
}

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
