import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Answer, Call, Json, TestService } from './fixtures.js';
import { signParts } from './token-workshop.js';

/** What is changed in a proof that would be right otherwise; undefined leaves a member out. */
export interface ProofChanges {
  header?: Json;
  claims?: Json;
  /** Signs with another key than the one in the header. */
  key?: KeyObject;
}

export const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

/** A browser with a key of its own, as far as proofs of possession go (DPoP, RFC 9449). */
export class TestBrowser {
  readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly jwk: JsonWebKey;
  readonly thumbprint: string;
  readonly #service: Pick<TestService, 'call'>;
  readonly #now: () => number;

  constructor(service: Pick<TestService, 'call'>, now: () => number = Date.now) {
    this.#service = service;
    this.#now = now;
    const { kty, crv, x, y } = this.keys.publicKey.export({ format: 'jwk' });
    this.jwk = { kty, crv, x, y } as JsonWebKey;
    // RFC 7638, 3.2: the required members in the order of their names.
    this.thumbprint = sha256(JSON.stringify({ crv, kty, x, y }));
  }

  proof(method: string, path: string, token: string, { header, claims, key }: ProofChanges = {}): string {
    const usual = {
      jti: crypto.randomUUID(),
      htm: method,
      htu: `http://session.test${path}`,
      iat: Math.floor(this.#now() / 1000),
      ath: sha256(token),
    };
    return this.sign({ ...usual, ...claims }, header, key);
  }

  /** A proof with these claims, as they are or as text. */
  sign(claims: Json | string, header: Json = {}, key = this.keys.privateKey): string {
    return signParts(key, { typ: 'dpop+jwt', alg: 'ES256', jwk: this.jwk, ...header }, claims);
  }

  /** One request with a session token and a proof, a fresh one where none is given. */
  call<T = Json>(
    method: string,
    path: string,
    token: string,
    { proof = this.proof(method, path, token), headers, ...call }: Call & { proof?: string } = {},
  ): Promise<Answer<T>> {
    return this.#service.call<T>(method, path, {
      ...call,
      as: null,
      headers: { Authorization: `DPoP ${token}`, DPoP: proof, ...headers },
    });
  }

  /** Validates by the session token in the body, as a page does. */
  validate(token: string, changes: ProofChanges & { proof?: string } = {}): Promise<Answer<Json>> {
    const path = '/api/v1/sessions/validate';
    const { proof = this.proof('POST', path, token, changes) } = changes;
    return this.#service.call('POST', path, {
      as: null,
      body: { session_jwt: token },
      headers: { DPoP: proof },
    });
  }
}
