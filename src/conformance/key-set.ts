import type { JsonObject } from './backend.js';
import { expect, shown } from './expect.js';

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];

/**
 * Verifies the signature (ES256) of a session token with the key of a set (RFC 7517) that its header names.
 * @returns the header.
 * @throws {Violation}
 */
export async function verifyWithKeySet(token: string, keys: unknown): Promise<JsonObject> {
  expect(Array.isArray(keys), `keys is to be a list, and is ${shown(keys)}`);
  for (const key of keys as JsonObject[]) {
    const secret = privateMembers.find((name) => name in key);
    expect(secret === undefined, `the set publishes the private member ${secret}`);
  }
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const described = JSON.parse(Buffer.from(header, 'base64url').toString()) as JsonObject;
  expect(described.alg === 'ES256', `the session token is signed with ${shown(described.alg)}, not ES256`);
  const named = (keys as JsonObject[]).filter(({ kid }) => kid === described.kid);
  expect(named.length === 1, `the set has ${named.length} keys with the kid ${shown(described.kid)}`);
  const { alg = 'ES256', use = 'sig' } = named[0]!;
  expect(alg === 'ES256', `the key is for ${shown(alg)}, not ES256`);
  expect(use === 'sig', `the key is for the use ${shown(use)}, not for signatures`);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('jwk', named[0]!, algorithm, false, ['verify']);
  const signed = new TextEncoder().encode(`${header}.${payload}`);
  const isRight = await crypto.subtle.verify(algorithm, key, Buffer.from(signature, 'base64url'), signed);
  expect(isRight, 'the key of the set does not verify the session token');
  return described;
}
