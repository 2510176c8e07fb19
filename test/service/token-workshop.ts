// Makes session tokens by hand, right and wrong ones, with the service's own signing key.
import { createHmac, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import type { Database } from '../../src/service/index.js';

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  publicJwk: JsonWebKey;
}

/** The key that the service signs with, from its database. */
export async function currentKey({ kysely }: Database): Promise<SigningKey> {
  const row = await kysely
    .selectFrom('signing_keys')
    .selectAll()
    .where('state', '=', 'current')
    .executeTakeFirstOrThrow();
  const privateKey = createPrivateKey({ key: row.private_jwk as never, format: 'jwk' });
  return { kid: row.kid, privateKey, publicKey: createPublicKey(privateKey), publicJwk: row.public_jwk };
}

export const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString(
    'base64url',
  );

export const decode = (part: string) =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

/** Header and payload, as they are or as text, signed as ES256 whatever the header says. */
export function signParts(key: KeyObject, header: unknown, payload: unknown): string {
  const text = `${encode(header)}.${encode(payload)}`;
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

/** The same with HMAC-SHA256 and that secret. */
export function signHs256(secret: string | Buffer, header: unknown, payload: unknown): string {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** The order of P-256, and signature parts as bytes. */
export const orderOfP256 = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
export const toBytes = (value: bigint, length = 32) =>
  Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
export const toBigInt = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`);
