// A page that is left in the middle of a request.
import { expect } from '@open-wc/testing';
import type { MarketplaceSessionElement } from '../../src/index.js';
import { FramedPage } from './framed-page.js';
import { PageBackend } from './page-backend.js';

describe('a page that is left', () => {
  let backend: PageBackend;
  let page: FramedPage;
  beforeEach(() => (backend = new PageBackend(200)));
  afterEach(() => {
    page.close();
    backend.restore();
    sessionStorage.clear();
  });
  const attributes = { 'heartbeat-seconds': '1' };
  const changes: Record<string, (element: MarketplaceSessionElement) => Promise<unknown>> = {
    extend: (element) => element.extend(15),
    pause: (element) => element.pause(),
    resume: async (element) => {
      await element.pause();
      await element.resume();
    },
    complete: (element) => element.end(),
  };
  const never = () => new Promise<never>(() => {});

  for (const path of ['validate', 'heartbeat', 'events', 'extend', 'pause', 'resume', 'complete']) {
    it(`while /${path} is under way: nothing goes on, and nothing fails`, async () => {
      let asked: () => void;
      const isAsked = new Promise<void>((resolve) => (asked = resolve));
      backend.answers[path] = () => {
        asked();
        return never();
      };
      backend.answers.validate ??= (asked) => {
        const { body, ...rest } = backend.usual('validate', asked);
        return { ...rest, body: { ...(body as object), capabilities: ['idempotency', 'events'] } };
      };
      page = new FramedPage(backend, { attributes });
      const change = changes[path];
      if (change) {
        await page.until(() => page.part('end-button'), 'the buttons are there');
        void change(page.element).catch(() => {});
      }
      await isAsked;
      // What begins beside it has begun.
      if (path !== 'validate') await page.until(() => backend.calls('events').length, 'live events');
      const before = backend.asked.length;
      page.close();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(backend.asked.length).to.equal(before);
      expect(page.faults).to.deep.equal([]);
    });
  }
});
