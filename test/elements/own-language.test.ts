import { PageClock } from './page-clock.js';
import { expect } from '@open-wc/testing';
import { loadWords } from '../../src/elements/languages/load.js';
import { formatsFor } from '../../src/elements/shared/formats.js';
import type { OwnWords } from '../../src/elements/shared/words.js';
import { speakOwnLanguage } from './own-language.js';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

const dutch: OwnWords = {
  endsAt: 'eindigt om {time}',
  confirmExtend: '{duration} erbij voor {price}',
  tokens: 'munten',
};
const hebrew: OwnWords = { timeLeft: 'הזמן שנותר', endsAt: 'מסתיים ב-{time}' };

describe('one language for words, times, lengths and amounts', () => {
  let backend: PageBackend;
  let clock: PageClock;
  let restore = () => {};
  const { lang, dir } = document.documentElement;
  beforeEach(() => {
    clock = new PageClock();
    // Nothing ends on another day.
    clock.pass((new Date().setHours(9, 0, 0, 0) - Date.now()) / 1000);
    backend = new PageBackend(900);
  });
  afterEach(() => {
    restore();
    restore = () => {};
    clock.restore();
    Object.assign(document.documentElement, { lang, dir });
    backend.restore();
    sessionStorage.clear();
  });

  const opened = async (attributes: Record<string, string>, strings: OwnWords = {}) => {
    const page = await SessionPage.openRunning(backend, attributes);
    page.element.strings = strings;
    await page.element.updateComplete;
    await page.press('extend-button');
    return page;
  };

  for (const unknown of ['english', 'tlh', 'x-none', '…'])
    it(`where the page's is not known, in a German browser: lang="${unknown}"`, async () => {
      restore = speakOwnLanguage('de-DE', 'de');
      const page = await opened({ lang: unknown });
      expect(page.text('confirm-button')).to.equal('Add 15 minutes for 15 tokens');
      expect(page.part('session')!.lang).to.equal('en');
    });

  it('however the page writes it', async () => {
    restore = speakOwnLanguage('en-US');
    for (const written of ['DE', 'de_AT', 'deu']) {
      const page = await SessionPage.openRunning(backend, { lang: written });
      expect(page.part('session')!.lang, written).to.equal('de');
      expect(page.text('end-time'), written).to.match(/^endet um \d\d:\d\d$/);
      page.element.remove();
    }
  });

  it('Welsh is not mixed with the language of a browser that does not know it', async () => {
    restore = speakOwnLanguage('de-DE');
    const { words } = await loadWords('cy');
    const { tokens, duration } = formatsFor(words, 'cy');
    expect(tokens(1250)).to.equal('1,250 tocyn');
    expect(duration(5400)).to.not.contain('und');
  });

  it('a browser that is Welsh in Britain', async () => {
    restore = speakOwnLanguage('cy-GB', 'cy');
    const page = await opened({ lang: 'cy' });
    expect(page.text('end-time')).to.match(/^yn gorffen am \d\d:\d\d$/);
  });

  it('one that is not shipped is brought by the page, and everything follows it', async () => {
    const page = await opened({ lang: 'nl' }, dutch);
    expect(page.text('end-time')).to.match(/^eindigt om \d\d:\d\d$/);
    expect(page.text('confirm-button')).to.equal('15 minuten erbij voor 15 munten');
    expect(page.text('option-time')).to.equal('15 minuten');
    expect(page.part('session')!.lang).to.equal('nl');
    // It is the words of this element that are Dutch.
    page.element.lang = 'fr';
    await page.until(() => page.part('session')!.lang === 'fr', 'it is French');
  });

  it('one label of its own in a language that is not shipped changes no format', async () => {
    const page = await opened({ lang: 'nl' }, { addTime: 'Meer tijd' });
    expect(page.text('extend-button')).to.equal('Meer tijd');
    expect(page.text('confirm-button')).to.equal('Add 15 minutes for 15 tokens');
    expect(page.part('session')!.lang).to.equal('en');
  });

  it('words for what is counted are replaced one by one, by one text or by one for each number', async () => {
    const page = await opened(
      {},
      {
        tokens: { one: '{count} credit', other: '{count} credits' },
        units: { minute: '{count} min' },
      },
    );
    expect(page.text('confirm-button')).to.equal('Add 15 min for 15 credits');
    page.element.strings = { tokens: '{count} coins', units: { hour: { other: '{count} h' } } };
    await page.element.updateComplete;
    expect(page.text('confirm-button')).to.equal('Add 15 minutes for 15 coins');
  });

  it('an empty text, and what is no text, means the default', async () => {
    const odd: unknown = {
      addTime: '',
      end: 7,
      errors: { link: ['', 'Own advice'] },
      refusals: 'no',
      tokens: { one: '' },
    };
    const page = await opened({}, odd as OwnWords);
    expect(page.text('extend-button')).to.equal('Add time');
    expect(page.text('end-button')).to.equal('End');
    expect(page.text('confirm-button')).to.equal('Add 15 minutes for 15 tokens');
    const { errors, refusals } = page.element.language.words;
    expect(errors!.link).to.deep.equal(['This session link does not work', 'Own advice']);
    expect(refusals!.limit).to.equal('This session cannot be longer.');
  });

  it('English words run from left to right on a page that runs from right to left; words that it brings run its way', async () => {
    Object.assign(document.documentElement, { lang: 'he', dir: 'rtl' });
    const page = await opened({});
    const direction = () => getComputedStyle(page.part('bar')!).direction;
    await page.until(() => direction() === 'ltr', 'English runs from left to right');
    page.element.strings = hebrew;
    await page.until(() => direction() === 'rtl', 'Hebrew runs from right to left');
    document.documentElement.removeAttribute('dir');
    page.element.requestUpdate();
    await page.element.updateComplete;
    expect(direction()).to.equal('rtl');
    expect(page.part('session')!.lang).to.equal('he');
  });

  const hours: [lang: string, own: string[], shown: RegExp][] = [
    ['en', ['en-US'], /^ends \d:\d\d.AM$/],
    ['en', ['en-GB'], /^ends \d\d:\d\d$/],
    // What Chrome is set to in Germany.
    ['en', ['de-DE', 'de', 'en-US', 'en'], /^ends \d\d:\d\d$/],
    ['en-US', ['fr-FR'], /^ends \d\d:\d\d$/],
    ['en-GB', ['en-US'], /^ends \d\d:\d\d$/],
    ['de', ['en-US'], /^endet um \d\d:\d\d$/],
    ['en-u-hc-h12', ['de-DE'], /^ends \d:\d\d.AM$/],
    ['en-u-hc-h23', ['en-US'], /^ends \d\d:\d\d$/],
  ];
  for (const [language, own, shown] of hours)
    it(`12 or 24 hours, by the page and the person: lang="${language}", browser ${own.join(', ')}`, async () => {
      restore = speakOwnLanguage(...own);
      const page = await SessionPage.openRunning(backend, { lang: language });
      await page.until(() => shown.test(page.text('end-time')), page.text('end-time'));
    });

  it('the end is told with its day where that is not today, in every place', async () => {
    backend.setRemaining(50_000);
    const today = await SessionPage.openRunning(backend);
    expect(today.text('end-time')).to.match(/^ends 10:53.PM$/);
    today.element.remove();
    backend.setRemaining(60_000);
    const page = await opened({ lang: 'en-US' });
    const day = new Date(Date.now() + 60_000_000);
    const date = day.toLocaleDateString('en-US', { weekday: 'long', month: 'short', day: 'numeric' });
    const end = `ends 1:40 AM (${date})`;
    expect(page.text('end-time').replace('\u202f', ' ')).to.equal(end);
    expect(page.text('option-end').replace('\u202f', ' ')).to.equal(`ends 1:55 AM (${date})`);
    page.element.lang = 'cy';
    const short = day.toLocaleDateString('en-GB', { dateStyle: 'short' });
    const isKnown = Intl.DateTimeFormat.supportedLocalesOf('cy').length > 0;
    const welsh = new RegExp(`^yn gorffen am 01:40 \\(${isKnown ? 'Dydd .*' : short}\\)$`);
    await page.until(() => welsh.test(page.text('end-time')), 'Welsh');
  });
});
