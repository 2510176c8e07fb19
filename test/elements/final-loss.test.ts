import { expect } from '@open-wc/testing';
import { hear } from './heard.js';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

describe('a session that is lost for good while it runs', () => {
  let backend: PageBackend;
  afterEach(() => {
    backend.restore();
    sessionStorage.clear();
  });

  for (const [status, code, title, advice] of [
    [401, 'SESSION_BOUND_ELSEWHERE', 'This session is open in another browser', /Go back to the marketplace/],
    [401, 'TOKEN_SUPERSEDED', 'This session was opened again somewhere else', /Go on there/],
    [404, 'SESSION_NOT_FOUND', 'The marketplace does not know this session', /Go back to the marketplace/],
  ] as const) {
    it(`says why, and offers one next step: ${code}`, async () => {
      backend = new PageBackend(600);
      const page = await SessionPage.openRunning(backend);
      const heard = hear(page.element);
      backend.answers.heartbeat = () => ({ status, body: { code, status } });
      await page.askUntil(() => page.part('error'), 'the loss is told');
      expect(page.text('error-title')).to.equal(title);
      expect(page.text('error-text')).to.match(advice);
      expect(page.part('error')!.getAttribute('role')).to.equal('alert');
      // No timer that still seems to run, and nothing else to press.
      expect(page.part('bar')).to.equal(null);
      const pressed = [...page.element.shadowRoot!.querySelectorAll<HTMLAnchorElement>('button, a')];
      expect(pressed.map(({ href }) => href)).to.deep.equal(['https://market.example/']);
      expect(heard.filter((text) => text.includes('Back online'))).to.deep.equal([]);
    });
  }
});
