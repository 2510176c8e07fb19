import { PageClock } from './page-clock.js';
import { expect } from '@open-wc/testing';
import '../../src/pieces.js';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

/** The first text that can be read. */
const textIn = (element: Element): Text =>
  document
    .createTreeWalker(element, NodeFilter.SHOW_TEXT, ({ nodeValue }) =>
      nodeValue!.trim() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP,
    )
    .nextNode() as Text;

/** What translators, readers and extensions do to a text that they find. */
const touches: Record<string, (text: Text) => void> = {
  // As Google Translate does: https://issues.chromium.org/issues/41407169
  'wrapped twice': (text) => {
    const font = document.createElement('font');
    text.replaceWith(font);
    font.appendChild(document.createElement('font')).append(text);
  },
  'replaced by its like in an element': (text) => {
    text.replaceWith(Object.assign(document.createElement('span'), { textContent: text.data }));
  },
  'preceded by an element': (text) => text.before(document.createElement('img')),
  'preceded by a comment': (text) => text.before(document.createComment('seen')),
  'preceded by a text': (text) => text.before('» '),
  'followed by an element': (text) => text.after(document.createElement('img')),
  'split in two': (text) => text.splitText(1),
  'taken away': (text) => text.remove(),
};

describe('a text that somebody else has touched', () => {
  let backend: PageBackend;
  let clock: PageClock;
  beforeEach(() => {
    clock = new PageClock();
    backend = new PageBackend(660);
  });
  afterEach(() => {
    clock.restore();
    backend.restore();
    sessionStorage.clear();
  });

  for (const [how, touch] of Object.entries(touches))
    it(`goes on as before: ${how}`, async () => {
      const page = await SessionPage.openRunning(backend);
      const piece = document.createElement('marketplace-session-timer');
      page.element.before(piece);
      await page.until(() => page.part('time', piece.shadowRoot!)?.textContent, 'the piece shows the time');
      await page.askUntil(() => backend.calls('heartbeat').length, 'everything of it is there');
      await page.press('extend-button');
      const times = () =>
        [page.element, piece].flatMap(({ shadowRoot }) => [...shadowRoot!.querySelectorAll('[part=time]')]);
      expect(times()).to.have.length(3);
      const names = [
        'timer-label',
        'end-time',
        'extend-button',
        'confirm-button',
        'option-price',
        'dialog-title',
      ];
      for (const element of [...times(), ...names.map((name) => page.part(name)!)]) touch(textIn(element));

      clock.pass(100);
      // The turn of a second may fall between two of them.
      const { controller } = page.element;
      await page.until(
        () => times().every(({ textContent }) => textContent === controller.remainingText),
        'each shows the time',
      );
      page.element.strings = {
        timeLeft: 'Left',
        endsAt: 'until {time}',
        addTime: 'More',
        confirmExtend: '{duration} more: {price}',
        tokens: '{count} coins',
      };
      await page.element.updateComplete;
      const end = page.text('end-time');
      expect(end).to.match(/^until \d+:\d\d( .M)?( \(.*\))?$/);
      expect(names.map((name) => page.text(name))).to.deep.equal([
        'Left',
        end,
        'More',
        '15 minutes more: 15 coins',
        '15 coins',
        'More',
      ]);
      piece.remove();
    });
});
