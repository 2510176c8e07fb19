import { expect } from '@open-wc/testing';
import { words as english } from '../../src/elements/languages/en.js';
import type { MarketplaceSessionElement } from '../../src/index.js';
import { ownWords } from './own-words.js';
import type { PageBackend } from './page-backend.js';
import { closeScene, openScene, scenes } from './scenes.js';

/** Texts and names that stand in a root. */
function textsOf(root: ShadowRoot): string[] {
  const texts: string[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Element) texts.push(node.ariaLabel ?? '', node.getAttribute('title') ?? '');
    else if (node.parentElement?.localName !== 'style') texts.push((node as Text).data);
  }
  return texts;
}

describe('every string can be replaced by one of the page', () => {
  const words = ownWords((text) => `«${text}»`);
  // As soon as there is a tag: what has been said is not said anew.
  const replace = ({ target }: Event) => ((target as MarketplaceSessionElement).strings = words);
  let backend: PageBackend;
  beforeEach(() => document.addEventListener('session-statechange', replace, { once: true }));
  afterEach(() => closeScene(backend));

  for (const name of Object.keys(scenes)) {
    it(name, async () => {
      const scene = await openScene(name);
      ({ backend } = scene);
      const { element } = scene.page;
      await element.updateComplete;
      expect(element.strings).to.equal(words);
      // What is left are digits and what stands between them.
      const own = textsOf(element.shadowRoot!).map((text) => {
        let [before, after] = ['', text];
        while (before !== after) [before, after] = [after, after.replace(/«[^«»]*»/g, '')];
        return after;
      });
      expect(own.filter((text) => /\p{Letter}|[«»]/u.test(text))).to.deep.equal([]);
    });
  }
});

describe('one sentence of several is replaced', () => {
  let backend: PageBackend;
  afterEach(() => closeScene(backend));

  it('and the others stay', async () => {
    const scene = await openScene('error');
    ({ backend } = scene);
    const { element } = scene.page;
    element.strings = { errors: { link: ['Own title', 'own advice'] }, refusals: { tokens: 'Own refusal' } };
    await element.updateComplete;
    const { errors, refusals, pausedBy } = element.language.words;
    expect(errors).to.deep.equal({ ...english.errors, link: ['Own title', 'own advice'] });
    expect(refusals).to.deep.equal({ ...english.refusals, tokens: 'Own refusal' });
    expect(pausedBy).to.deep.equal(english.pausedBy);
  });
});
