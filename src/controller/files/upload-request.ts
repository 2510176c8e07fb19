import type { HttpAnswer, Transport } from '../network/http-request.js';
import { parseJson } from '../network/parse-json.js';
import type { World } from '../world.js';

/** So long nothing moves before it is given up, ms: as long as the service waits for whoever sends nothing. */
const stalledMs = 30_000;
/** So long the answer is waited for once everything is sent, ms: the service may look for viruses meanwhile. */
const answerMs = 300_000;

export interface UploadOptions {
  world: World;
  /** Gives it up. */
  signal: AbortSignal;
  /** Bytes that have left so far; all of them while the answer is waited for. */
  onProgress(sentBytes: number): void;
}

/**
 * Sends a file as the body of a request, as it is. By XMLHttpRequest: `fetch` tells nothing of how far it is, and streams a body
 * in Chromium alone, and there over HTTP/2 alone.
 */
export const fileTransport =
  (file: Blob, { world, signal, onProgress }: UploadOptions): Transport =>
  (url, init, over) =>
    new Promise<HttpAnswer>((resolve, reject) => {
      const request = new XMLHttpRequest();
      const sentAt = world.now();
      let timer: number | undefined;
      const settle = (end: () => void) => {
        world.clearTimeout(timer);
        for (const each of [signal, over]) each.removeEventListener('abort', giveUp);
        end();
      };
      const fail = (reason: unknown) => settle(() => reject(reason as Error));
      const giveUp = () => {
        fail(signal.aborted ? signal.reason : over.reason);
        request.abort();
      };
      const wait = (limitMs: number) => {
        world.clearTimeout(timer);
        timer = world.setTimeout(() => {
          fail(new DOMException('', 'TimeoutError'));
          request.abort();
        }, limitMs);
      };
      for (const each of [signal, over]) each.addEventListener('abort', giveUp);
      if (signal.aborted || over.aborted) return giveUp();
      try {
        request.open(init.method!, url);
        new Headers(init.headers).forEach((value, name) => request.setRequestHeader(name, value));
        // Whatever the browser takes it for: the service looks for itself.
        request.setRequestHeader('Content-Type', 'application/octet-stream');
        request.upload.onprogress = ({ loaded }) => {
          wait(stalledMs);
          onProgress(Math.min(loaded, file.size));
        };
        request.upload.onload = () => {
          wait(answerMs);
          onProgress(file.size);
        };
        const failed = () => fail(new TypeError('the upload failed'));
        request.onerror = failed;
        request.onload = () => {
          const { status } = request;
          // What is no status of HTTP a `Response` refuses.
          if (status < 200 || status > 599) return failed();
          settle(() => resolve({ ...answerOf(request), sentAt, receivedAt: world.now() }));
        };
        wait(stalledMs);
        request.send(file);
      } catch (error) {
        fail(error);
      }
    });

function answerOf(request: XMLHttpRequest): Pick<HttpAnswer, 'response' | 'body'> {
  const { status, responseText: text } = request;
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().split('\r\n')) {
    const [name = '', ...value] = line.split(':');
    if (name) headers.append(name, value.join(':').trim());
  }
  return { response: new Response(text || null, { status, headers }), body: parseJson(text) };
}
