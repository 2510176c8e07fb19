import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface StoredObject {
  content: Buffer;
  contentType: string;
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
/** As AWS encodes, which is stricter than `encodeURIComponent` (SigV4, UriEncode). */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const entityTag = (content: Buffer) => `"${createHash('md5').update(content).digest('hex')}"`;

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
  }
}

/**
 * A bucket that speaks S3, as far as files of sessions need it, and is stricter than those there are: it computes each signature
 * anew (Signature Version 4), and refuses what is unsigned, late, or of another length than it said.
 */
export class S3Store {
  readonly bucket = 'files';
  readonly region = 'eu-test-1';
  readonly accessKeyId = 'AKTEST';
  readonly secretAccessKey = 'a/secret+of=the-bucket';
  readonly objects = new Map<string, StoredObject>();
  /** What each request came to: its method and status. */
  readonly answers: string[] = [];
  /** The next ones are answered with these, first one first. */
  failures: number[] = [];
  /** Answers the next request, whatever it is, in its place: as what stands before a bucket may do. */
  inItsPlace: ((response: ServerResponse) => void) | undefined;
  /** In place of this machine's clock, ms since the epoch. */
  now: () => number = Date.now;
  /** Waited for before and after each change of an object, such as `before-removal`. */
  onStep: (step: string) => Promise<void> = async () => {};
  /** What has come of objects that are not whole. */
  unfinishedBytes = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<S3Store> {
    const store = new S3Store(createServer());
    await new Promise<void>((resolve) => store.#server.listen(0, '127.0.0.1', resolve));
    return store;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get options() {
    const { url: endpoint, bucket, region, accessKeyId, secretAccessKey } = this;
    return { endpoint, bucket, region, accessKeyId, secretAccessKey };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let status = 200;
    const { inItsPlace } = this;
    if (inItsPlace) {
      this.inItsPlace = undefined;
      request.resume();
      return inItsPlace(response);
    }
    try {
      status = await this.#serve(request, response);
    } catch (error) {
      status = error instanceof Refusal ? error.status : 500;
      request.resume();
      response.writeHead(status, { 'Content-Type': 'application/xml', Connection: 'close' });
      response.end(`<?xml version="1.0"?><Error><Code>${(error as Error).message}</Code></Error>`);
    }
    this.answers.push(`${request.method} ${status}`);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<number> {
    const url = new URL(request.url!, this.url);
    this.#requireSignature(request, url);
    const failure = this.failures.shift();
    if (failure !== undefined) throw new Refusal(failure, 'SlowDown');
    const key = url.pathname.slice(`/${this.bucket}/`.length);
    if (!url.pathname.startsWith(`/${this.bucket}/`) || key === '') throw new Refusal(404, 'NoSuchBucket');
    if (request.method === 'PUT') {
      const length = request.headers['content-length'];
      if (length === undefined) throw new Refusal(411, 'MissingContentLength');
      await this.onStep('before-object');
      const content = await this.#take(request);
      if (content.length !== Number(length)) throw new Refusal(400, 'IncompleteBody');
      this.objects.set(key, { content, contentType: request.headers['content-type'] ?? '' });
      await this.onStep('after-object');
      response.writeHead(200, { ETag: entityTag(content) }).end();
      return 200;
    }
    if (request.method === 'DELETE') {
      await this.onStep('before-removal');
      this.objects.delete(key);
      await this.onStep('after-removal');
      response.writeHead(204).end();
      return 204;
    }
    const object = this.objects.get(key);
    if (!object) throw new Refusal(404, 'NoSuchKey');
    const override = (name: string) => url.searchParams.get(`response-${name}`);
    const disposition = override('content-disposition');
    response.writeHead(200, {
      'Content-Length': object.content.length,
      ETag: entityTag(object.content),
      'Content-Type': override('content-type') ?? object.contentType,
      ...(disposition !== null && { 'Content-Disposition': disposition }),
    });
    response.write(object.content.subarray(0, object.content.length / 2));
    await this.onStep('within-object');
    response.end(object.content.subarray(object.content.length / 2));
    return 200;
  }

  async #take(request: IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        bytes += chunk.length;
        this.unfinishedBytes += chunk.length;
      }
    } finally {
      this.unfinishedBytes -= bytes;
    }
    return Buffer.concat(chunks);
  }

  #requireSignature({ method, headers }: IncomingMessage, url: URL): void {
    const isLink = url.searchParams.has('X-Amz-Signature');
    const [, credential, names, given] = isLink
      ? [
          '',
          url.searchParams.get('X-Amz-Credential')!,
          url.searchParams.get('X-Amz-SignedHeaders')!,
          url.searchParams.get('X-Amz-Signature')!,
        ]
      : (/^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=(\w+)$/.exec(
          headers.authorization ?? '',
        ) ?? []);
    if (!credential || !names || !given) throw new Refusal(403, 'AccessDenied');
    const signedAt = isLink ? url.searchParams.get('X-Amz-Date')! : String(headers['x-amz-date']);
    const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(signedAt) ?? [];
    const [year, month, day, ...time] = parts.map(Number) as [number, number, number, number, number, number];
    const ageSeconds = (this.now() - Date.UTC(year, month - 1, day, ...time)) / 1000;
    const mostSeconds = isLink ? Number(url.searchParams.get('X-Amz-Expires')) : 900;
    if (!(Math.abs(Math.min(ageSeconds, 0)) <= 900 && ageSeconds <= mostSeconds))
      throw new Refusal(403, isLink ? 'ExpiredToken' : 'RequestTimeTooSkewed');
    const scope = [signedAt.slice(0, 8), this.region, 's3', 'aws4_request'];
    if (credential !== [this.accessKeyId, ...scope].join('/')) throw new Refusal(403, 'InvalidAccessKeyId');
    const signed = names.split(';');
    const mustBeSigned = ['host', ...(isLink ? [] : ['x-amz-content-sha256', 'x-amz-date'])];
    if (!mustBeSigned.every((name) => signed.includes(name))) throw new Refusal(403, 'AccessDenied');
    const query = [...url.searchParams]
      .filter(([name]) => name !== 'X-Amz-Signature')
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join('&');
    const canonical = [
      method,
      url.pathname
        .split('/')
        .map((part) => encode(decodeURIComponent(part)))
        .join('/'),
      query,
      ...signed.map((name) => `${name}:${String(headers[name]).trim().replace(/\s+/g, ' ')}`),
      '',
      names,
      isLink ? 'UNSIGNED-PAYLOAD' : headers['x-amz-content-sha256'],
    ].join('\n');
    const hash = createHash('sha256').update(canonical).digest('hex');
    const toSign = ['AWS4-HMAC-SHA256', signedAt, scope.join('/'), hash].join('\n');
    const key = scope.reduce<Buffer | string>(hmac, `AWS4${this.secretAccessKey}`);
    const right = createHmac('sha256', key).update(toSign).digest('hex');
    if (right !== given) throw new Refusal(403, 'SignatureDoesNotMatch');
  }
}
