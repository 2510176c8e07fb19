import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, compactVerify, importJWK } from 'jose';
import { parseCompactJws, type JsonObject } from '../../../../protocol/compact-jws.js';
import { SessionError } from '../../../../protocol/errors.js';
import { canonicalPath } from '../../../foundation/http/paths.js';

/** The longest proof that is looked at, in characters. */
const maxProofLength = 4096;
/** How far the proof's time may lie behind and ahead of the service's clock, seconds. */
const maxAgeSeconds = 300;
const maxAheadSeconds = 60;

/** What a proof must be made for. */
export interface ProofExpectations {
  /** The session token that it goes with. */
  token: string;
  method: string;
  /** The path of the request, with `/api/v1`. */
  path: string;
  /** The address of the service as others see it, without a slash at the end. */
  publicUrl: string;
  /** Milliseconds since the epoch. */
  now: number;
}

export interface VerifiedProof {
  /** The thumbprint of its key (RFC 7638). */
  thumbprint: string;
  /** What a second use is known by. */
  id: string;
  /** From when on it is refused for its age, ms since the epoch. */
  expiresAt: number;
}

/**
 * Verifies a DPoP proof (RFC 9449, 4.3), in the strict form that session tokens have too. Whether it was used before is
 * not asked here.
 * @throws {SessionError} `PROOF_INVALID`, with a reason that holds nothing of the proof.
 */
export async function verifyProof(proof: string, expected: ProofExpectations): Promise<VerifiedProof> {
  const { header, payload } = parse(proof);
  const jwk = readKey(header);
  const { jti, iat } = readClaims(payload, expected);
  const key = await importJWK({ ...jwk }, 'ES256').catch(() => refuse('Its key is not a point of P-256.'));
  await compactVerify(proof, key, { algorithms: ['ES256'] }).catch(() =>
    refuse('Its signature does not match.'),
  );
  const thumbprint = await calculateJwkThumbprint(jwk);
  return { thumbprint, id: sha256(`${thumbprint}.${jti}`), expiresAt: (iat + maxAgeSeconds + 1) * 1000 };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

function refuse(message: string): never {
  throw new SessionError('PROOF_INVALID', { message });
}

function parse(proof: string) {
  try {
    return parseCompactJws(proof, maxProofLength);
  } catch {
    return refuse('It is not one JWS in canonical compact form.');
  }
}

interface PublicKey {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
}

/** What a JWK may say of itself beside the point; browsers export some of it. Private members are not in the list. */
const keyRemarks: Record<string, (value: unknown) => boolean> = {
  alg: (value) => value === 'ES256',
  use: (value) => value === 'sig',
  key_ops: (value) => Array.isArray(value) && value.includes('verify'),
  ext: (value) => typeof value === 'boolean',
  kid: (value) => typeof value === 'string',
};

/** The public key in the proof's own header: 32 bytes a coordinate, in the one spelling that they have. */
function readKey({ typ, alg, jwk, ...others }: JsonObject): PublicKey {
  if (typ !== 'dpop+jwt') refuse('Its typ is not dpop+jwt.');
  if (alg !== 'ES256') refuse('Its algorithm is not ES256.');
  if (Object.keys(others).length > 0) refuse('Its header holds more than typ, alg and jwk.');
  if (typeof jwk !== 'object' || !jwk) refuse('Its header holds no key.');
  const { kty, crv, x, y, ...remarks } = jwk as JsonObject;
  if (kty !== 'EC' || crv !== 'P-256') refuse('Its key is not on P-256.');
  if (!isCoordinate(x) || !isCoordinate(y)) refuse('Its key is not in canonical form.');
  for (const [name, value] of Object.entries(remarks)) {
    if (!Object.hasOwn(keyRemarks, name) || !keyRemarks[name]!(value))
      refuse('Its key is not a plain public key.');
  }
  return { kty: 'EC', crv: 'P-256', x, y };
}

function isCoordinate(value: unknown): value is string {
  if (typeof value !== 'string' || !/^[\w-]{43}$/.test(value)) return false;
  return Buffer.from(value, 'base64url').toString('base64url') === value;
}

function readClaims(claims: JsonObject, expected: ProofExpectations): { jti: string; iat: number } {
  const { jti, iat, htm, htu, ath } = claims;
  if (typeof jti !== 'string' || jti.length < 1 || jti.length > 255)
    refuse('Its jti has not 1 to 255 characters.');
  if (htm !== expected.method) refuse('It is for another method.');
  if (typeof htu !== 'string' || !isTarget(htu, expected)) refuse('It is for another address.');
  if (ath !== sha256(expected.token)) refuse('It does not go with this session token.');
  if (typeof iat !== 'number' || !Number.isSafeInteger(iat)) refuse('Its iat is not in whole seconds.');
  const ageSeconds = expected.now / 1000 - iat;
  if (ageSeconds > maxAgeSeconds) refuse('It is too old.');
  if (ageSeconds < -maxAheadSeconds) refuse('It is ahead of the clock of the service.');
  return { jti, iat };
}

/**
 * Whether `htu` names the request (RFC 9449, 4.3): query and fragment aside, in any spelling that is the same address (RFC 3986,
 * 6.2.2 and 6.2.3), with or without `/api/v1`.
 */
function isTarget(htu: string, { publicUrl, path }: ProofExpectations): boolean {
  // The parser of URLs forgives what no address holds: blanks and line ends around and in it, backslashes.
  if (!/^https?:\/\/[!-[\]-~]+$/i.test(htu) || !URL.canParse(htu)) return false;
  const { origin, pathname, username, password } = new URL(htu);
  const base = new URL(publicUrl);
  const prefix = base.pathname.replace(/\/$/, '');
  if (username || password || origin !== base.origin || !pathname.startsWith(`${prefix}/`)) return false;
  return normalPath(canonicalPath(pathname.slice(prefix.length))) === normalPath(path);
}

/** A percent-encoded character that needs no encoding is that character; of the others the digits are capitals. */
const normalPath = (path: string) =>
  path.replace(/%[\da-f]{2}/gi, (encoded) => {
    const character = String.fromCharCode(parseInt(encoded.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : encoded.toUpperCase();
  });
