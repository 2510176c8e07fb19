// A page that is left in the middle of a request.
import { expect } from '@open-wc/testing';
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
  const never = () => new Promise<never>(() => {});

  for (const path of ['validate', 'heartbeat', 'extend', 'complete']) {
    it(`while /${path} is under way: nothing goes on, and nothing fails`, async () => {
      let asked: () => void;
      const isAsked = new Promise<void>((resolve) => (asked = resolve));
      backend.answers[path] = () => {
        asked();
        return never();
      };
      page = new FramedPage(backend, { attributes });
      const { element } = page;
      if (path === 'extend' || path === 'complete') {
        await page.until(() => page.part('end-button'), 'the buttons are there');
        void (path === 'extend' ? element.extend(15) : element.end()).catch(() => {});
      }
      await isAsked;
      const before = backend.asked.length;
      page.close();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(backend.asked.length).to.equal(before);
      expect(page.faults).to.deep.equal([]);
    });
  }
});
