import { SessionError } from '../../protocol/errors.js';
import { fromBase64Url, toBase64Url } from './base64url.js';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const encode = (text: string) => new TextEncoder().encode(text);

/** Signs and verifies the tokens of one sandbox (JWS ES256, RFC 7515) with a key of its own. */
export class SigningKey {
  readonly kid = `sandbox-${crypto.randomUUID()}`;
  #pair: Promise<CryptoKeyPair> | undefined;

  /** @param type `typ` of the header */
  async sign(type: string, claims: object): Promise<string> {
    const header = { alg: 'ES256', typ: type, kid: this.kid };
    const text = [header, claims].map((part) => toBase64Url(encode(JSON.stringify(part)))).join('.');
    const { privateKey } = await this.#keys();
    return `${text}.${toBase64Url(await crypto.subtle.sign(algorithm, privateKey, encode(text)))}`;
  }

  /** @throws {SessionError} `TOKEN_KEY_UNKNOWN`, `TOKEN_SIGNATURE_INVALID` */
  async verify(token: string, kid: unknown): Promise<void> {
    if (kid !== this.kid) throw new SessionError('TOKEN_KEY_UNKNOWN');
    const end = token.lastIndexOf('.');
    const signature = fromBase64Url(token.slice(end + 1));
    const { publicKey } = await this.#keys();
    const isRight = await crypto.subtle.verify(algorithm, publicKey, signature, encode(token.slice(0, end)));
    if (!isRight) throw new SessionError('TOKEN_SIGNATURE_INVALID');
  }

  /** As an entry of a JWK Set (RFC 7517). */
  async publicJwk(): Promise<object> {
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', (await this.#keys()).publicKey);
    return { kty, crv, x, y, kid: this.kid, alg: 'ES256', use: 'sig' };
  }

  async publicPem(): Promise<string> {
    const bytes = new Uint8Array(await crypto.subtle.exportKey('spki', (await this.#keys()).publicKey));
    const lines = btoa(String.fromCharCode(...bytes)).match(/.{1,64}/g)!;
    return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----'].join('\n');
  }

  #keys(): Promise<CryptoKeyPair> {
    return (this.#pair ??= crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']));
  }
}
