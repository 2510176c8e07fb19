import type { SessionRun } from '../run/session-run.js';
import { inTime } from '../in-time.js';
import { browserKeyPair } from './browser-key.js';
import type { Prover } from './prover.js';

/** How long a proof that was made ahead may wait, ms: the service takes none that is older than five minutes. */
const proofLifeMs = 240_000;
/** How long the browser may take to open the key, or to sign with it, ms: databases and keys may never answer. */
const limitMs = 4000;

interface MadeProof {
  text: string;
  madeAt: number;
}

/** Opens this browser's key for the application, or makes it. */
export async function createProver({ store, clock, world }: SessionRun): Promise<Prover> {
  const open = async () => {
    const pair = await browserKeyPair(store.key);
    return { pair, jwk: await crypto.subtle.exportKey('jwk', pair.publicKey) };
  };
  const keys = await inTime(open(), limitMs, world).catch(() => undefined);
  if (!keys) return { prove: async () => undefined, prepare() {} };
  const { kty, crv, x, y } = keys.jwk;
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
    const signature = await crypto.subtle.sign(
      algorithm,
      keys.pair.privateKey,
      new TextEncoder().encode(text),
    );
    return `${text}.${base64url(signature)}`;
  };

  /** Without a proof the service says what it makes of that. */
  const sign = (...request: Parameters<typeof make>) =>
    inTime(make(...request), limitMs, world).catch(() => undefined);

  return {
    async prove(...request) {
      const [, , sessionToken] = request;
      const name = nameOf(...request);
      const made = ready.get(name);
      // A proof serves once.
      ready.delete(name);
      const isFresh = made && Math.abs(world.now() - made.madeAt) < proofLifeMs;
      const proof = isFresh ? made.text : await sign(...request);
      return proof ? { Authorization: `DPoP ${sessionToken}`, DPoP: proof } : undefined;
    },
    prepare(...request) {
      void sign(...request).then((text) => {
        if (!text) return;
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
