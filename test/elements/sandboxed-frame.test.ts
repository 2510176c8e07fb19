// A frame without an origin of its own: no storage, no locks, no history, and nobody outside can look into it.
import { expect } from '@open-wc/testing';
import { scriptAddress } from './framed-page.js';
import { PageBackend } from './page-backend.js';

/** What the page in the frame asks the outside for. */
interface Request {
  id: number;
  url: string;
  init: RequestInit;
}

/** Runs in the frame: the network is the outside's, and the whole session runs. */
function runInFrame(): void {
  const waiting = new Map<number, (response: Response) => void>();
  let count = 0;
  let beats = 0;
  window.fetch = (input, init = {}) =>
    new Promise((resolve) => {
      waiting.set(++count, resolve);
      beats += Number(String(input).endsWith('/heartbeat'));
      const { method, body } = init;
      const headers = Object.fromEntries(new Headers(init.headers));
      parent.postMessage({ id: count, url: String(input), init: { method, body, headers } }, '*');
    });
  addEventListener('message', ({ data }: MessageEvent<{ id: number; status: number; text: string }>) => {
    waiting.get(data.id)?.(new Response(data.text, { status: data.status }));
  });
  addEventListener('error', ({ message }) => parent.postMessage({ said: message }, '*'));
  addEventListener('unhandledrejection', ({ reason }) => parent.postMessage({ said: String(reason) }, '*'));
  const tag = document.querySelector('marketplace-session')!;
  const part = (name: string) => tag.shadowRoot?.querySelector(`[part~="${name}"]`);
  const until = async (what: string, condition: () => unknown) => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
    parent.postMessage({ said: what }, '*');
  };
  const run = async () => {
    await until('runs', () => tag.snapshot?.state === 'active');
    await until('warned', () => part('warning') && part('end-button'));
    await until('beats', () => beats > 0);
    await tag.extend(15);
    await until('extended', () => tag.remainingSeconds! > 900);
    await tag.end();
    await until('ended', () => part('receipt'));
  };
  run().catch((error) => parent.postMessage({ said: String(error) }, '*'));
}

/** Runs in the frame: nobody answers it, and it says what it shows. */
function runUnheard(): void {
  window.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
  const tag = document.querySelector('marketplace-session')!;
  const look = () => {
    const title = tag.shadowRoot?.querySelector('[part~="error-title"]')?.textContent;
    if (title) parent.postMessage({ code: tag.snapshot.error!.code, title }, '*');
    else setTimeout(look, 20);
  };
  look();
}

const frameWith = (backend: PageBackend, script: () => void): HTMLIFrameElement => {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.srcdoc = `<!doctype html><title>Frame</title>
    <marketplace-session heartbeat-seconds="1" api-endpoint="${backend.endpoint}" session-token="${backend.token}">
    </marketplace-session>
    <script>(${String(script)})()</script>
    <script type="module" src="${scriptAddress()}"></script>`;
  return frame;
};

describe('in a sandboxed frame without an origin', () => {
  it('the cause is told, where no service answers such a page', async () => {
    const backend = new PageBackend(200);
    const frame = frameWith(backend, runUnheard);
    const told = new Promise((resolve) => {
      const hear = ({ source, data }: MessageEvent) => {
        if (source !== frame.contentWindow) return;
        window.removeEventListener('message', hear);
        resolve(data);
      };
      window.addEventListener('message', hear);
    });
    document.body.append(frame);
    try {
      expect(await told).to.deep.equal({
        code: 'ORIGIN_OPAQUE',
        title: 'This page is not set up correctly',
      });
    } finally {
      frame.remove();
      backend.restore();
    }
  });

  it('the whole session runs, where the service answers such a page', async () => {
    const backend = new PageBackend(200);
    const frame = frameWith(backend, runInFrame);
    const said: string[] = [];
    const ended = new Promise<void>((resolve) => {
      const hear = async ({ source, data }: MessageEvent<Request & { said?: string }>) => {
        if (source !== frame.contentWindow) return;
        if (data.said) said.push(data.said);
        if (said.includes('ended') || /error/i.test(data.said ?? '')) {
          window.removeEventListener('message', onMessage);
          return resolve();
        }
        if (!data.url) return;
        const response = await fetch(data.url, data.init);
        const answer = { id: data.id, status: response.status, text: await response.text() };
        frame.contentWindow?.postMessage(answer, '*');
      };
      const onMessage = (event: MessageEvent<Request & { said?: string }>) => void hear(event);
      window.addEventListener('message', onMessage);
    });
    document.body.append(frame);
    try {
      await ended;
      expect(said).to.deep.equal(['runs', 'warned', 'beats', 'extended', 'ended']);
      expect(frame.contentDocument).to.equal(null);
    } finally {
      frame.remove();
      backend.restore();
    }
  });
});
