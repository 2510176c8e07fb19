import { PageClock } from './page-clock.js';
import { expect } from '@open-wc/testing';
import '../../src/pieces.js';
import { hear } from './heard.js';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

/** The shapes of the piece; the tag draws its own timer. */
const places = ['the tag', 'text', 'pill', 'ring'] as const;

describe('the timer', () => {
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

  for (const place of places) {
    describe(place === 'the tag' ? 'of the tag' : `as a piece, ${place}`, () => {
      /** Opens a running session, and the timer in its place. */
      async function open(): Promise<{
        page: SessionPage;
        timer: HTMLElement;
        show: (name: string) => string;
      }> {
        const isPiece = place !== 'the tag';
        const page = await SessionPage.openRunning(backend, isPiece ? { 'no-timer': '' } : {});
        let timer: HTMLElement = page.element;
        if (isPiece) {
          timer = document.createElement('marketplace-session-timer');
          timer.setAttribute('shape', place);
          page.element.before(timer);
        }
        const show = (name: string) => page.part(name, timer.shadowRoot!)?.textContent ?? '';
        await page.until(() => show('time'), 'the time is shown');
        await page.askUntil(() => backend.calls('heartbeat').length, 'everything of it is there');
        return { page, timer, show };
      }
      const secondsIn = (text: string) => {
        const [minutes, seconds] = text.split(':').map(Number);
        return minutes! * 60 + seconds!;
      };
      const leave = ({ timer }: { timer: HTMLElement }) => timer.remove();

      for (const aheadMs of [3_600_000, -3_600_000]) {
        it(`comes from the deadline and the service's clock, on a device whose own is ${-aheadMs / 3_600_000} h ahead`, async () => {
          backend.aheadMs = aheadMs;
          backend.setRemaining(300);
          const opened = await open();
          expect(secondsIn(opened.show('time'))).to.be.within(280, 300);
          leave(opened);
        });
      }

      it('is right with the first paint after a sleep, down to zero and never below', async () => {
        const opened = await open();
        const { page, show } = opened;
        const before = page.element.remainingSeconds!;
        clock.pass(300);
        // Nothing is painted before this task has ended.
        expect(secondsIn(show('time'))).to.be.within(before - 302, before - 300);
        clock.pass(900);
        expect(show('time')).to.equal('0:00');
        leave(opened);
      });

      it('shows both the time left and the end by the clock', async () => {
        const opened = await open();
        const { page, show } = opened;
        await page.until(() => show('time') === page.element.controller.remainingText, 'both say the same');
        const { deadline } = page.element.snapshot;
        const { locale } = page.element.language;
        const end = new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(deadline!);
        expect(show('end-time')).to.equal(`ends ${end}`);
        leave(opened);
      });

      it('shows the second that the tag knows, as each one comes', async () => {
        const opened = await open();
        const { page, show } = opened;
        const before = show('time');
        await page.until(() => show('time') !== before, 'a second went by');
        await page.until(() => show('time') === page.element.controller.remainingText, 'both say the same');
        expect(secondsIn(show('time'))).to.be.below(secondsIn(before));
        leave(opened);
      });

      it('has the role of a timer and its name in words, and is silent', async () => {
        const opened = await open();
        const timer = opened.timer.shadowRoot!.querySelector('[part=timer]')!;
        expect(timer.getAttribute('role')).to.equal('timer');
        expect(timer.ariaLabel).to.equal('Time left');
        const heard = hear(opened.timer, opened.page.element);
        const before = opened.show('time');
        await opened.page.until(() => opened.show('time') !== before, 'a second went by');
        expect(heard).to.deep.equal([]);
        expect(timer.closest('[aria-live]')).to.equal(null);
        leave(opened);
      });

      it('does not change its width from 10:00 to 9:59, in any font', async () => {
        const opened = await open();
        const { page, timer, show } = opened;
        const edges = () =>
          ['timer', 'end-time'].flatMap((name) => {
            const { left, right } = page.part(name, timer.shadowRoot!)!.getBoundingClientRect();
            return [left, right];
          });
        for (const font of ['sans-serif', 'serif', 'monospace', 'system-ui']) {
          timer.style.fontFamily = font;
          backend.setRemaining(660);
          await page.askUntil(() => page.element.remainingSeconds! > 610, 'there is more time');
          clock.pass(page.element.remainingSeconds! - 600);
          expect(show('time')).to.equal('10:00');
          const before = edges();
          clock.pass(1);
          expect(show('time')).to.equal('9:59');
          // Less than a browser rounds by is no move.
          for (const [index, edge] of edges().entries())
            expect(edge, font).to.be.closeTo(before[index]!, 0.1);
        }
        leave(opened);
      });

      it('tells a warning by a line under the digits and a pause by a word: never by colour alone', async () => {
        const opened = await open();
        const { page, timer, show } = opened;
        const line = () => getComputedStyle(page.part('time', timer.shadowRoot!)!).textDecorationLine;
        expect(line()).to.equal('none');
        clock.pass(400);
        await page.until(() => timer.matches(':state(warning)'), 'it warns');
        expect(line()).to.equal('underline');
        await page.press('pause-button');
        await page.until(() => show('end-time') === 'Paused', 'it says that it is paused');
        leave(opened);
      });
    });
  }

  /** What is paused, by whom; a backend may tell something else, or nothing. */
  const pauses: [told: unknown, pausedBy: string | null, text: string][] = [
    ['customer', 'customer', 'You have paused your session.'],
    ['provider', 'provider', 'The provider has paused your session.'],
    ['marketplace', 'marketplace', 'The marketplace has paused your session.'],
    [undefined, null, 'Paused.'],
    ['Ada Lovelace', null, 'Paused.'],
    ['constructor', null, 'Paused.'],
  ];
  for (const [told, pausedBy, why] of pauses)
    it(`a pause says why the time stands and for how long it can last, to eyes and ears: by ${String(told)}`, async () => {
      const page = await SessionPage.openRunning(backend);
      const heard = hear(page.element);
      const events = page.events('session-pause');
      await page.askUntil(() => backend.calls('heartbeat').length, 'everything of it is there');
      backend.answers.heartbeat = (asked) => {
        if (backend.session.status === 'active') backend.usual('pause', asked);
        backend.session.paused_by = told as 'customer';
        return backend.usual('heartbeat', asked);
      };
      await page.askUntil(() => page.part('pause'), 'it is paused');
      const end = new Intl.DateTimeFormat(page.element.language.locale, { timeStyle: 'short' }).format(
        page.element.snapshot.session!.pause_ends_at! * 1000,
      );
      const text = `${why} The pause ends at ${end} at the latest.`;
      expect(page.text('pause')).to.equal(text);
      await page.until(() => heard.length, 'it is said');
      expect(heard[0]).to.equal(text);
      expect(events).to.have.length(1);
      expect(events[0]!.pausedBy).to.equal(pausedBy);
      expect(events[0]!.pauseSecondsLeft).to.equal(600);
    });

  it('a pause whose end is not told says who has paused, and no end', async () => {
    const page = await SessionPage.openRunning(backend);
    backend.answers.pause = (asked) => {
      backend.usual('pause', asked);
      backend.session.pause_ends_at = null;
      return { body: { session: backend.session, server_time: Date.now() } };
    };
    await page.press('pause-button');
    await page.see('pause');
    expect(page.text('pause')).to.equal('You have paused your session.');
  });

  for (const drawnBy of ['the tag', 'pieces'] as const) {
    it(`of ${drawnBy} is announced only at thresholds and changes, in regions that were there before`, async () => {
      const isPieces = drawnBy === 'pieces';
      const page = await SessionPage.openRunning(
        backend,
        isPieces ? { 'no-timer': '', 'no-warning': '' } : {},
      );
      const pieces = (isPieces ? ['timer', 'warning'] : []).map((name) =>
        document.createElement(`marketplace-session-${name}`),
      );
      page.element.before(...pieces);
      const all = [page.element, ...pieces];
      await page.until(
        () => all.every(({ shadowRoot }) => shadowRoot?.querySelector('[part=session] *')),
        'drawn',
      );
      const regions = () =>
        all.flatMap(({ shadowRoot }) => [...shadowRoot!.querySelectorAll('[role=status]')]);
      await page.askUntil(() => backend.calls('heartbeat').length, 'everything of it is there');
      const before = regions();
      const heard = hear(...all);
      const passTo = async (seconds: number) => {
        clock.pass(page.element.remainingSeconds! - seconds);
        await Promise.all(all.map((element) => (element as SessionPage['element']).updateComplete));
      };
      await passTo(500);
      await passTo(310);
      await passTo(299);
      await page.until(() => heard.length === 1, 'the threshold is said');
      await passTo(280);
      await passTo(250);
      await passTo(239);
      await page.until(() => heard.length === 2, 'the next minute is said');
      await page.press('pause-button');
      await page.until(() => heard.length === 3, 'the pause is said');
      await page.press('resume-button');
      await page.until(() => heard.length === 4, 'the end of the pause is said');
      expect(heard.map((text) => text.replace(/\d+:\d\d.*$/, 'ten'))).to.deep.equal([
        '5 minutes left. You can add time and stay.',
        '4 minutes left.',
        'You have paused your session. The pause ends at ten',
        'The time is running again.',
      ]);
      expect(regions().every((region) => before.includes(region))).to.equal(true);
      for (const piece of pieces) piece.remove();
    });
  }
});
