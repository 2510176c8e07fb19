import type { SessionRun } from '../session-run.js';
import { browserKeyPair } from './browser-key.js';

/** How long a proof that was made ahead may wait, ms: the service takes none that is older than five minutes. */
const proofLifeMs = 240_000;

/** Proves that requests come from the browser that holds the session's key (DPoP, RFC 9449). */
export interface Prover {
  /** The proof for one request; undefined where this browser cannot keep a key. */
  prove(method: string, url: string, sessionToken: string): Promise<string | undefined>;
  /** Makes the proof for a request ahead: a page that is being left has no time to sign. */
  prepare(method: string, url: string, sessionToken: string): void;
}

interface MadeProof {
  text: string;
  madeAt: number;
}

/** Opens this browser's key for the application, or makes it. */
export async function createProver({ store, clock, world }: SessionRun): Promise<Prover> {
  const keys = await browserKeyPair(store.key).catch(() => undefined);
  if (!keys) return { prove: async () => undefined, prepare() {} };
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', keys.publicKey);
  const header = base64url(encode({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }));
  const ready = new Map<string, MadeProof>();
  const nameOf = (...parts: string[]) => parts.join(' ');

  const make = async (htm: string, url: string, sessionToken: string): Promise<string> => {
    const ath = base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(sessionToken)));
    const iat = Math.floor(clock.now() / 1000);
    const [htu] = url.split(/[?#]/);
    const claims = { jti: crypto.randomUUID(), htm, htu, iat, ath };
    const text = `${header}.${base64url(encode(claims))}`;
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
    const signature = await crypto.subtle.sign(algorithm, keys.privateKey, new TextEncoder().encode(text));
    return `${text}.${base64url(signature)}`;
  };

  return {
    async prove(...request) {
      const name = nameOf(...request);
      const made = ready.get(name);
      // A proof serves once.
      ready.delete(name);
      return made && Math.abs(world.now() - made.madeAt) < proofLifeMs ? made.text : make(...request);
    },
    prepare(...request) {
      void make(...request).then((text) => {
        // One request is made ahead, the last that was asked for.
        ready.clear();
        ready.set(nameOf(...request), { text, madeAt: world.now() });
      });
    },
  };
}

const encode = (value: object) => new TextEncoder().encode(JSON.stringify(value));

const base64url = (bytes: ArrayBuffer | Uint8Array) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
