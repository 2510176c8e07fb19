import { expect } from '@open-wc/testing';
import { loadWords } from '../../src/elements/languages/load.js';
import { englishTimer } from '../../src/elements/session/english-timer.js';
import type { Words } from '../../src/elements/shared/words.js';
import { formatsFor } from '../../src/elements/shared/formats.js';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

const languages = ['en', 'de', 'fr', 'es', 'pt', 'cy', 'ja', 'ar'];

/** Every text of a language with its path. */
function texts(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [[`${path}${name}`, value] as [string, string]]
      : texts(value as object, `${path}${name}.`),
  );
}

describe('languages', () => {
  let backend: PageBackend;
  const { lang, dir } = document.documentElement;
  beforeEach(() => (backend = new PageBackend(900)));
  afterEach(() => {
    Object.assign(document.documentElement, { lang, dir });
    backend.restore();
    sessionStorage.clear();
  });

  const inLanguage = (page: SessionPage, code: string) =>
    page.until(() => page.element.language.code === code, `the words are ${code}`);
  const opened = async (attributes: Record<string, string>) => SessionPage.openRunning(backend, attributes);

  for (const language of languages) {
    it(`${language}: every text is there, with the parts that English has`, async () => {
      const wordsIn = async (code: string) => ({ ...englishTimer, ...(await loadWords(code)).words });
      const words = await wordsIn(language);
      const english = await wordsIn('en');
      const parts = (text: string) => [...text.matchAll(/{\w+}/g)].map(String).sort();
      const own = new Map(texts(words));
      for (const [path, text] of texts(english)) {
        if (path.startsWith('tokens.')) continue;
        expect(own.get(path), path).to.be.a('string').and.not.equal('');
        expect(parts(own.get(path)!), path).to.deep.equal(parts(text));
      }
      const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      expect(words.tokens).to.include.keys(...categories);
    });
  }

  it('the words avoid jargon: time is left or up, nothing expires', async () => {
    for (const language of languages) {
      const { words } = await loadWords(language);
      for (const [path, text] of texts(words))
        expect(text, `${language} ${path}`).not.to.match(
          /expir|ablauf|abgelaufen|時間切れ|期限|time-?out|inactiv|invalid|valida|JWT|JSON|HTTP|URL|server|servidor|serveur/i,
        );
    }
  });

  it('the last warning says what is lost and what is kept, and the question about the end does too', async () => {
    const { words } = await loadWords('en');
    expect(englishTimer.timeLeft).to.equal('Time left');
    expect(words).to.include({
      warningText: 'When it is up, the session closes. Only what is saved is kept.',
      endText: 'You pay for the time used. The rest goes back to your wallet.',
    });
    backend.setRemaining(59);
    const page = await opened({});
    await page.until(() => page.dialog.open, 'the dialog is open');
    expect(page.text('dialog-text')).to.contain((words as Words).warningText);
    await page.press('keep-button');
    await page.press('end-button');
    expect(page.text('dialog-text')).to.equal((words as Words).endText);
  });

  it('counts and lengths have the forms of the language: minutes are rounded up above one, then whole seconds; singular and plural are right', async () => {
    const formats = async (language: string) => formatsFor((await loadWords(language)).words, language);
    const [en, de, fr, cy, ja, ar] = await Promise.all(['en', 'de', 'fr', 'cy', 'ja', 'ar'].map(formats));
    expect([1, 2, 15].map(en!.tokens)).to.deep.equal(['1 token', '2 tokens', '15 tokens']);
    expect([0, 1, 2].map(fr!.tokens)).to.deep.equal(['0 jeton', '1 jeton', '2 jetons']);
    expect([1, 2, 3, 6, 15].map(cy!.tokens)).to.deep.equal([
      '1 tocyn',
      '2 docyn',
      '3 thocyn',
      '6 thocyn',
      '15 tocyn',
    ]);
    expect([1, 2, 3, 11, 100].map(ar!.tokens)).to.deep.equal([
      'رمز واحد',
      'رمزان',
      '3 رموز',
      '11 رمزًا',
      '100 رمز',
    ]);
    expect([1, 59, 60, 61, 900, 3600, 5400].map(en!.duration)).to.deep.equal([
      '1 second',
      '59 seconds',
      '1 minute',
      '2 minutes',
      '15 minutes',
      '1 hour',
      '1 hour, 30 minutes',
    ]);
    expect(de!.duration(5400)).to.equal('1 Stunde, 30 Minuten');
    expect([60, 120, 900, 20].map(cy!.duration)).to.deep.equal([
      '1 funud',
      '2 funud',
      '15 munud',
      '20 eiliad',
    ]);
    expect(ja!.duration(900)).to.equal('15 分');
    expect(ar!.duration(120)).to.equal('دقيقتان');
  });

  it('money has the form of the language, from minor units', async () => {
    const { words } = await loadWords('de');
    const option = { additional_seconds: 900, tokens: null, available: true };
    const price = (amount: number, currency: string) =>
      formatsFor(words, 'de').price({ ...option, money: { amount, currency } });
    expect(price(499, 'eur')).to.equal('4,99\u00a0€');
    expect(price(500, 'jpy')).to.equal('500\u00a0¥');
  });

  it('the timer and everything else speak the language of the closest ancestor, changed live', async () => {
    document.documentElement.lang = 'de';
    const page = await opened({});
    await inLanguage(page, 'de');
    expect(page.text('timer-label')).to.equal('Verbleibende Zeit');
    expect(page.text('end-time')).to.match(/^endet um \d\d:\d\d$/);
    expect(page.text('extend-button')).to.equal('Zeit hinzufügen');
    document.documentElement.lang = 'fr-CA';
    await inLanguage(page, 'fr');
    await page.until(() => page.text('extend-button') === 'Ajouter du temps', 'the buttons follow');
    page.element.lang = 'ja';
    await inLanguage(page, 'ja');
    expect(page.part('session')!.lang).to.equal('ja');
  });

  it('through shadow roots', async () => {
    const outer = document.createElement('div');
    outer.lang = 'es';
    document.body.append(outer);
    const inner = outer.attachShadow({ mode: 'open' });
    const page = await opened({});
    inner.append(page.element);
    await inLanguage(page, 'es');
    outer.lang = 'pt';
    await inLanguage(page, 'pt');
    outer.remove();
  });

  it('what is not known is English, and marked as such', async () => {
    document.documentElement.lang = 'tlh';
    const page = await opened({});
    await page.element.updateComplete;
    expect(page.text('extend-button')).to.equal('Add time');
    expect(page.part('session')!.lang).to.equal('en');
  });

  it('what is no language tag breaks nothing: pages say de_DE, and browsers on servers en-US@posix', async () => {
    Object.defineProperty(navigator, 'languages', { configurable: true, get: () => ['en-US@posix'] });
    try {
      const page = await opened({});
      await page.until(() => page.text('extend-button') === 'Add time', 'there is everything');
      expect(page.text('end-time')).to.match(/^ends \d/);
      page.element.lang = 'de_DE';
      await inLanguage(page, 'de');
      await page.until(() => /^endet um \d\d:\d\d$/.test(page.text('end-time')), 'it is German');
      page.element.lang = '…';
      await page.until(() => /^ends \d/.test(page.text('end-time')), 'what it cannot be is English');
    } finally {
      delete (navigator as { languages?: readonly string[] }).languages;
    }
  });

  it("own words win, and keep winning in the page's other languages", async () => {
    const page = await opened({});
    page.element.strings = { addTime: 'More!', endsAt: 'until {time}' };
    await page.until(() => page.text('extend-button') === 'More!', 'the own word is there');
    expect(page.text('end-time')).to.match(/^until \d/);
    page.element.lang = 'de';
    await inLanguage(page, 'de');
    expect(page.text('extend-button')).to.equal('More!');
    expect(page.text('end-button')).to.equal('Beenden');
  });

  it('the direction follows the language, unless the page says it as near', async () => {
    const page = await opened({ lang: 'ar' });
    await inLanguage(page, 'ar');
    const direction = () => getComputedStyle(page.part('bar')!).direction;
    await page.until(() => direction() === 'rtl', 'it runs from right to left');
    page.element.dir = 'ltr';
    await page.until(() => direction() === 'ltr', 'the page has said otherwise');
    page.element.removeAttribute('dir');
    document.documentElement.dir = 'rtl';
    page.element.lang = 'de';
    await page.until(() => direction() === 'ltr', 'German runs from left to right');
    page.element.removeAttribute('lang');
    document.documentElement.lang = 'ar';
    await page.until(() => direction() === 'rtl', 'the language and direction of the page');
    document.documentElement.removeAttribute('lang');
    await inLanguage(page, 'en');
    await page.until(
      () => direction() === 'ltr',
      'English runs from left to right, where no language is said',
    );
  });
});
