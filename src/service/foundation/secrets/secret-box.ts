import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const version = 'v1';
const ivBytes = 12;
const tagBytes = 16;

interface BoxKey {
  /** The first 8 bytes of its SHA-256, hex: tells which key it was, and nothing of it. */
  name: string;
  bytes: Buffer;
}

/** Encrypts what lies in the database by a key that does not (AES-256-GCM, NIST SP 800-38D). */
export class SecretBox {
  readonly #keys: readonly BoxKey[];

  /**
   * @param keys 32 bytes each, in base64 or hex. The first encrypts; the others still decrypt what they encrypted.
   * @throws {TypeError} where there is none, or one is of another length.
   */
  constructor(keys: readonly string[]) {
    if (keys.length === 0) throw new TypeError('the key encryption key is missing');
    this.#keys = keys.map(readKey);
  }

  /** @param place where it lies: put elsewhere it does not open. */
  seal(text: string, place: string): string {
    const { name, bytes } = this.#keys[0]!;
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', bytes, iv).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${version}.${name}.${sealed.toString('base64url')}`;
  }

  /** @throws {Error} where it was encrypted by another key, lay elsewhere, or was changed. */
  open(sealed: string, place: string): string {
    const [, name, text] = /^v1\.([0-9a-f]{16})\.([\w-]+)$/.exec(sealed) ?? [];
    const key = this.#keys.find((each) => each.name === name);
    if (!key) throw new Error('a secret in the database was encrypted by a key that is not configured');
    const bytes = Buffer.from(text!, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, ivBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-tagBytes));
    const opened = decipher.update(bytes.subarray(ivBytes, -tagBytes));
    return Buffer.concat([opened, decipher.final()]).toString('utf8');
  }

  /** Whether it was encrypted by the key that encrypts now. */
  isCurrent(sealed: string): boolean {
    return sealed.startsWith(`${version}.${this.#keys[0]!.name}.`);
  }
}

function readKey(text: string): BoxKey {
  const bytes = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  if (bytes.length !== 32) throw new TypeError('a key encryption key has 32 bytes, in base64 or hex');
  return { name: createHash('sha256').update(bytes).digest('hex').slice(0, 16), bytes };
}
