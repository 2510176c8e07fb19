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
  /** How long it may take to answer, for what is no upload, ms; 30 000 where it is left out. A file may take longer to come. */
  answerWithinMs?: number;
}

/** Bytes of an error that are read. */
const mostErrorBytes = 4_096;

/**
 * Keeps files in a bucket that speaks S3 (AWS, R2, MinIO, Supabase Storage), signed by Signature Version 4; needs the package
 * `aws4fetch`. The bucket needs no public access.
 * @throws {TypeError} where an address is none.
 */
export function s3Files(options: S3Options): FileStorage {
  const { endpoint, linkEndpoint, bucket, pathStyle = true, answerWithinMs = 30_000 } = options;
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
    const late = new AbortController();
    const timeout = more.signal
      ? undefined
      : setTimeout(() => late.abort(new Error('the storage does not answer')), answerWithinMs);
    try {
      return await fetch(url, { signal: late.signal, ...more, method, headers, redirect: 'error' });
    } finally {
      clearTimeout(timeout);
    }
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
      await expectDone('PUT', response);
    },

    async get(key) {
      const response = await send('GET', key);
      // Whoever answers with a page of its own gives no entity tag, as S3 does for each object.
      if (response.ok && response.headers.has('etag')) return response.body!;
      const code = await errorCode(response);
      if (code === 'NoSuchKey') return undefined;
      throw refused('GET', response, code);
    },

    async delete(key) {
      await expectDone('DELETE', await send('DELETE', key));
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

/** What S3 has done it answers with nothing; that something is not there is as good. @throws with the storage's own code alone. */
async function expectDone(method: string, response: Response): Promise<void> {
  const text = await beginningOf(response);
  const code = codeIn(text);
  if (response.ok ? text !== '' : code !== 'NoSuchKey') throw refused(method, response, code);
}

const errorCode = async (response: Response) => codeIn(await beginningOf(response));

const codeIn = (text: string): string => /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1] ?? 'no code';

const refused = (method: string, { status }: Response, code: string) =>
  new Error(`the storage answered ${status} ${code} to ${method}`);

/** As much of an answer as an error has, whatever it is that answers. */
async function beginningOf(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > mostErrorBytes) break;
  }
  return text;
}
