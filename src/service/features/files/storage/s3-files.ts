import { contentDisposition } from '../file-name.js';
import type { FileStorage } from './file-storage.js';

export interface S3Options {
  /** Such as `https://s3.eu-central-1.amazonaws.com` or `https://<ref>.storage.supabase.co/storage/v1/s3`. */
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Whether the bucket is in the path, as most but AWS want it, and not in the host's name; true where it is left out. */
  pathStyle?: boolean;
  /** The address by which browsers reach the bucket: they get files from there. Without it from the service. */
  linkEndpoint?: string;
}

/** How long the storage may take for what is no upload, ms. */
const answerWithinMs = 30_000;

/**
 * Keeps files in a bucket that speaks S3 (AWS, R2, MinIO, Supabase Storage), signed by Signature Version 4; needs the package
 * `aws4fetch`. The bucket needs no public access.
 * @throws {TypeError} where an address is none.
 */
export function s3Files(options: S3Options): FileStorage {
  const { endpoint, linkEndpoint, bucket, pathStyle = true } = options;
  const addressOf = (base: string, key: string) => {
    const url = new URL(base);
    const folder = url.pathname.replace(/\/$/, '');
    if (pathStyle) url.pathname = `${folder}/${bucket}/${key}`;
    else {
      url.host = `${bucket}.${url.host}`;
      url.pathname = `${folder}/${key}`;
    }
    return url;
  };
  addressOf(endpoint, 'x');
  if (linkEndpoint !== undefined) addressOf(linkEndpoint, 'x');

  async function sign(url: URL, { method, signQuery = false }: { method: string; signQuery?: boolean }) {
    const { AwsV4Signer } = await import('aws4fetch');
    const { region, accessKeyId, secretAccessKey } = options;
    const keys = { region, accessKeyId, secretAccessKey, service: 's3' };
    return new AwsV4Signer({ ...keys, method, url: url.href, signQuery }).sign();
  }

  async function send(method: string, key: string, more: RequestInit = {}): Promise<Response> {
    const { url, headers } = await sign(addressOf(endpoint, key), { method });
    for (const [name, value] of new Headers(more.headers)) headers.set(name, value);
    const signal = more.signal ?? AbortSignal.timeout(answerWithinMs);
    return fetch(url, { ...more, method, headers, signal, redirect: 'error' });
  }

  return {
    async put(key, content, { size, contentType, signal }) {
      const response = await send('PUT', key, {
        headers: { 'Content-Length': String(size), 'Content-Type': contentType },
        // Node's fetch streams whatever can be iterated; `duplex` says so (Fetch standard, RequestDuplex).
        body: content as unknown as ReadableStream,
        duplex: 'half',
        signal,
      } as RequestInit);
      await expectGood('PUT', response);
    },

    async get(key) {
      const response = await send('GET', key);
      if (response.status === 404) {
        await response.body?.cancel();
        return undefined;
      }
      if (response.ok) return response.body!;
      return expectGood('GET', response) as never;
    },

    async delete(key) {
      const response = await send('DELETE', key);
      if (response.status !== 404) await expectGood('DELETE', response);
      else await response.body?.cancel();
    },

    ...(linkEndpoint !== undefined && {
      async link(key, { fileName, contentType, expiresInSeconds }) {
        const url = addressOf(linkEndpoint, key);
        url.searchParams.set('X-Amz-Expires', String(expiresInSeconds));
        url.searchParams.set('response-cache-control', 'private, no-store');
        url.searchParams.set('response-content-disposition', contentDisposition(fileName));
        url.searchParams.set('response-content-type', contentType);
        return (await sign(url, { method: 'GET', signQuery: true })).url.href;
      },
    }),
  };
}

/** @throws with the storage's own code, and nothing else of what it says. */
async function expectGood(method: string, response: Response): Promise<void> {
  const text = await response.text();
  if (response.ok) return;
  const [, code = 'no code'] = /<Code>(\w{1,60})<\/Code>/.exec(text) ?? [];
  throw new Error(`the storage answered ${response.status} ${code} to ${method}`);
}
