// What may not move, and what is said to whoever writes the page.
import { expect } from '@open-wc/testing';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

describe('the bar', () => {
  let backend: PageBackend;
  beforeEach(() => (backend = new PageBackend(600)));
  afterEach(() => {
    backend.restore();
    sessionStorage.clear();
  });

  for (const lang of ['en', 'de', 'ja'])
    it(`keeps its buttons where they are when the time is stopped and runs again (${lang})`, async () => {
      const page = await SessionPage.openRunning(backend, { lang });
      await page.until(() => page.element.language.code === lang, 'it speaks');
      const places = () =>
        [...page.element.shadowRoot!.querySelectorAll('[part=buttons] button')].map((button) => {
          const { left, width } = button.getBoundingClientRect();
          return [left, width].map(Math.round);
        });
      await page.see('pause-button');
      await page.element.updateComplete;
      const before = places();
      await page.press('pause-button');
      await page.see('resume-button');
      expect(places()).to.deep.equal(before);
    });

  it('two tags in one place are told once, in words; an id each is enough', async () => {
    const { warn } = console;
    const warnings: string[] = [];
    console.warn = (text: string) => warnings.push(text);
    try {
      const first = await SessionPage.openRunning(backend);
      const { token } = backend;
      // The same session twice is nobody's mistake.
      await SessionPage.openRunning(backend, { 'session-token': token });
      backend.restore();
      backend = new PageBackend(600);
      await SessionPage.openRunning(backend, { id: 'two' });
      expect(warnings).to.deep.equal([]);
      await SessionPage.openRunning(backend);
      first.element.requestUpdate();
      await first.element.updateComplete;
      expect(warnings).to.deep.equal([
        '<marketplace-session> stands here for several sessions: after a reload all show one of them. Give each tag an id or a token-param of its own.',
      ]);
    } finally {
      console.warn = warn;
    }
  });
});
