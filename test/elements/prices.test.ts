import { expect } from '@open-wc/testing';
import { words } from '../../src/elements/languages/en.js';
import { formatsFor } from '../../src/elements/shared/formats.js';

/** What Stripe takes (https://docs.stripe.com/currencies), by the digits of its smallest unit. */
const currencies = {
  0: 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf',
  2:
    'aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc ' +
    'cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr isk jmd kes kgs khr ' +
    'kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk ' +
    'php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah ugx usd ' +
    'uyu uzs wst xcd xcg yer zar zmw',
  3: 'bhd jod kwd omr tnd',
};

const option = { additional_seconds: 900, tokens: null, available: true };
const price = (amount: number, currency: string, locale = 'en') =>
  formatsFor(words, locale).price({ ...option, money: { amount, currency } });

describe('a price in money', () => {
  for (const [digits, codes] of Object.entries(currencies))
    it(`is what is charged, where the smallest unit has ${digits} digits`, () => {
      const factor = 10 ** Number(digits);
      for (const currency of codes.split(' ')) {
        const shown = (amount: number) =>
          Number(/\d[\d,.]*/.exec(price(amount, currency))![0].replace(',', ''));
        expect(shown(499 * factor), currency).to.equal(499);
        expect(shown(1250 * factor), currency).to.equal(1250);
        if (factor > 1) expect(shown(499 * factor + factor / 2), currency).to.equal(499.5);
        if (factor > 1) expect(shown(5), currency).to.equal(5 / factor);
      }
    });

  it('has the digits that people there are used to, and no fewer than it takes', () => {
    expect(price(500, 'eur', 'de')).to.equal('5,00\u00a0€');
    expect(price(49_900, 'huf', 'hu')).to.match(/^499(,00)?\u00a0Ft$/);
    expect(price(49_950, 'huf', 'hu')).to.equal('499,50\u00a0Ft');
    expect(price(5_120, 'kwd')).to.equal('KWD\u00a05.120');
  });

  it('in a currency that nobody knows, or that is none, stays a price', () => {
    expect(price(1234, 'zzz')).to.equal('ZZZ\u00a012.34');
    expect(price(1234, 'gold')).to.equal('12.34 gold');
    expect(price(1234, '')).to.equal('12.34');
  });
});
