import { expect } from '@open-wc/testing';
import { axeFaults } from './axe-faults.js';
import type { PageBackend } from './page-backend.js';
import { closeScene, openScene, scenes } from './scenes.js';

const languages = ['en', 'de', 'fr', 'es', 'pt', 'cy', 'ja', 'ar'];

describe('axe finds nothing in any state, theme and language', () => {
  const { style } = document.documentElement;
  let backend: PageBackend;
  before(() => (style.cssText = 'background: Canvas; color: CanvasText'));
  afterEach(() => closeScene(backend));
  after(() => (style.cssText = ''));

  for (const name of Object.keys(scenes)) {
    it(name, async function () {
      this.timeout(240_000);
      const scene = await openScene(name);
      const { element } = scene.page;
      ({ backend } = scene);
      for (const language of languages) {
        element.lang = language;
        element.requestUpdate();
        await scene.page.until(() => element.language.code === language, `the words are ${language}`);
        await element.updateComplete;
        for (const theme of ['light', 'dark']) {
          style.colorScheme = theme;
          element.setAttribute('theme', theme);
          expect(await axeFaults(element), `${language}, ${theme}`).to.deep.equal([]);
        }
      }
    });
  }
});
