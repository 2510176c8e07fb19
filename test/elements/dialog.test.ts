import { PageClock } from './page-clock.js';
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { words as arabic } from '../../src/elements/languages/ar.js';
import { words as english } from '../../src/elements/languages/en.js';
import { hear } from './heard.js';
import { PageBackend } from './page-backend.js';
import { closeScene, openScene, setOnline } from './scenes.js';
import { SessionPage } from './session-page.js';

describe('the dialog', () => {
  let backend: PageBackend;
  let clock: PageClock;
  beforeEach(() => (clock = new PageClock()));
  afterEach(() => {
    clock.restore();
    closeScene(backend);
    for (const element of [document.documentElement, document.body]) element.style.cssText = '';
  });

  /** A session with everything of it there, in a place of its own. */
  async function openIn(place: HTMLElement, seconds = 1200): Promise<SessionPage> {
    backend = new PageBackend(seconds);
    const page = await SessionPage.openRunning(backend);
    await page.askUntil(() => backend.calls('heartbeat').length, 'everything of it is there');
    document.body.append(place);
    place.append(page.element);
    return page;
  }
  async function openPicker(): Promise<SessionPage> {
    const scene = await openScene('picker');
    ({ backend } = scene);
    await scene.page.until(() => scene.page.dialog.open, 'the dialog is open');
    return scene.page;
  }
  /** So many ticks of the time that is left. */
  const ticks = (page: SessionPage, count: number) =>
    new Promise<void>((resolve) => {
      page.element.controller.addEventListener('tick', () => --count === 0 && resolve());
    });
  const placeWith = (change: (place: HTMLElement) => void): HTMLElement => {
    const place = document.createElement('div');
    change(place);
    return place;
  };
  /** Rounding aside. */
  function expectUnmoved(now: Record<string, number[]>, before: Record<string, number[]>): void {
    expect(Object.keys(now)).to.deep.equal(Object.keys(before));
    const moved = Object.keys(now).filter((name) =>
      now[name]!.some((value, index) => Math.abs(value - before[name]![index]!) > 1),
    );
    expect(moved, JSON.stringify({ now, before })).to.deep.equal([]);
  }
  /** Where everything that can be pressed is. */
  const pressable = (page: SessionPage) =>
    Object.fromEntries(
      [...page.dialog.querySelectorAll<HTMLElement>('button, label, a')]
        .filter((element) => element.getAttribute('part') !== 'button try-button')
        .map((element) => {
          const { x, y, width, height } = element.getBoundingClientRect();
          return [element.textContent!.trim(), [x, y, width, height].map(Math.round)];
        }),
    );

  describe('is never one that nobody can use', () => {
    for (const [what, hide, show] of [
      ['inert', (place) => (place.inert = true), (place) => (place.inert = false)],
      ['hidden', (place) => (place.hidden = true), (place) => (place.hidden = false)],
      [
        'not displayed',
        (place) => (place.style.display = 'none'),
        (place) => (place.style.display = 'contents'),
      ],
      [
        'skipped',
        (place) => (place.style.contentVisibility = 'hidden'),
        (place) => (place.style.contentVisibility = ''),
      ],
      [
        'inert, around a shadow root',
        (place) => (place.inert = true),
        (place) => (place.inert = false),
        (place) => place.attachShadow({ mode: 'open' }).append(document.createElement('slot')),
      ],
    ] as [
      string,
      (place: HTMLElement) => void,
      (place: HTMLElement) => void,
      ((place: HTMLElement) => void)?,
    ][]) {
      it(`in a place that is ${what} the last warning blocks nothing, is told, and is asked once the place is back`, async () => {
        const place = placeWith((element) => (document.body.append(element), hide(element)));
        backend = new PageBackend(1200);
        const page = await SessionPage.openRunning(backend);
        await page.askUntil(() => backend.calls('heartbeat').length, 'everything of it is there');
        place.append(page.element);
        const errors = page.events('session-error');
        clock.pass(page.element.remainingSeconds! - 58);
        await page.until(() => page.element.snapshot.warning === 60, 'the last threshold is passed');
        await ticks(page, 2);
        expect(document.querySelector(':modal')).to.equal(null);
        expect(page.dialog.open).to.equal(false);
        expect(errors.map(({ code }) => code)).to.deep.equal(['DIALOG_BLOCKED']);
        show(place);
        await page.until(() => page.dialog.open, 'the dialog is open');
        expect(page.focused!.textContent).to.equal('Keep going');
        place.remove();
      });

      it(`gives way where its place becomes ${what} while it is open, and comes again with it`, async () => {
        const place = placeWith(() => {});
        const page = await openIn(place);
        clock.pass(page.element.remainingSeconds! - 55);
        await page.until(() => page.dialog.open, 'the dialog is open');
        hide(place);
        await page.until(() => !page.dialog.open, 'the page is free');
        expect(page.element.snapshot.answeredWarning).to.equal(null);
        show(place);
        await page.until(() => page.dialog.open, 'the dialog is open again');
        place.remove();
      });
    }

    it('a button of the page opens none in a hidden tag either: it is told', async () => {
      const place = placeWith((element) => (element.hidden = true));
      const page = await openIn(place);
      const errors = page.events('session-error');
      for (const command of ['--extend', '--end'])
        page.element.dispatchEvent(Object.assign(new Event('command'), { command }));
      await page.until(() => errors.length === 2, 'both are told');
      expect(page.dialog.open).to.equal(false);
      expect(errors[0]!.error.code).to.equal('DIALOG_BLOCKED');
      expect(page.element.snapshot.state).to.equal('active');
      place.remove();
    });

    it('a page that hands down all kinds of properties changes neither its size nor what can be done in it', async () => {
      const plain = await openPicker();
      const { width, height } = plain.dialog.getBoundingClientRect();
      closeScene(backend);
      plain.element.remove();
      const place = placeWith((element) => {
        element.style.cssText = `pointer-events: none; visibility: hidden; text-transform: uppercase; letter-spacing: 1em;
          word-spacing: 2em; text-indent: 5em; text-shadow: 0 0 9px red; white-space: pre; word-break: break-all; text-align: center;
          user-select: none; -webkit-user-select: none; cursor: wait; opacity: 0.2; filter: blur(4px); zoom: 2`;
      });
      const page = await openIn(place, 900);
      page.element.dispatchEvent(Object.assign(new Event('command'), { command: '--extend' }));
      await page.until(() => page.dialog.open, 'the dialog is open');
      const rect = page.dialog.getBoundingClientRect();
      expect(Math.abs(rect.width - width)).to.be.below(2);
      expect(Math.abs(rect.height - height)).to.be.below(2);
      const style = getComputedStyle(page.inDialog('keep-button')!);
      const { pointerEvents, visibility, textTransform, letterSpacing, textIndent, textShadow, cursor } =
        style;
      expect({ pointerEvents, visibility, textTransform, textIndent, textShadow, cursor }).to.deep.equal({
        pointerEvents: 'auto',
        visibility: 'visible',
        textTransform: 'none',
        textIndent: '0px',
        textShadow: 'none',
        cursor: 'pointer',
      });
      expect(letterSpacing).to.be.oneOf(['normal', '0px']);
      const { userSelect, webkitUserSelect } = getComputedStyle(page.part('session')!);
      expect(userSelect ?? webkitUserSelect).to.equal('text');
      place.remove();
    });
  });

  it('nothing that appears moves what can be pressed: a lost connection, a refusal, their end', async () => {
    const page = await openPicker();
    await Promise.all(page.dialog.getAnimations().map(({ finished }) => finished));
    const before = pressable(page);
    await setOnline(false);
    await page.until(() => page.text('dialog-status').includes('You are offline.'), 'the loss is shown');
    expectUnmoved(pressable(page), before);
    await setOnline(true);
    await page.until(() => !page.part('dialog-status'), 'it is over');
    expectUnmoved(pressable(page), before);
    backend.answers.extend = () => ({ status: 409, body: { code: 'EXTENSION_PRICE_CHANGED', status: 409 } });
    await page.press('confirm-button');
    await page.until(() => page.text('message'), 'the refusal is shown');
    expectUnmoved(pressable(page), before);
  });

  it('what is safe stands at the start and what is final at the end, also where the page reads from the right', async () => {
    for (const [dir, lang, { endTitle, keepGoing }] of [
      ['ltr', 'en', english],
      ['rtl', 'ar', arabic],
    ] as const) {
      Object.assign(document.documentElement, { dir, lang });
      const { page, backend: opened } = await openScene('dialog');
      backend = opened;
      const sides = () =>
        ['keep-button', 'end-button'].map((name) => page.inDialog(name)!.getBoundingClientRect().x);
      await page.until(() => page.dialog.open, 'the warning is open');
      const warned = sides();
      expect(warned[0]! < warned[1]!).to.equal(dir === 'ltr');
      page.inDialog('end-button')!.click();
      await page.until(() => page.text('dialog-title') === endTitle, 'the question is asked');
      expect(sides()).to.deep.equal(warned);
      expect(page.inDialog('end-button')!.part.contains('primary-button')).to.equal(false);
      expect(page.focused!.textContent).to.equal(keepGoing);
      closeScene(backend);
      page.element.remove();
    }
    for (const name of ['dir', 'lang']) document.documentElement.removeAttribute(name);
  });

  it('the second half of a double press on "End now" ends nothing: it was meant for what stood there before', async () => {
    const scene = await openScene('dialog');
    ({ backend } = scene);
    const { page } = scene;
    const press = (detail: number) =>
      page.inDialog('end-button')!.dispatchEvent(new MouseEvent('click', { detail, bubbles: true }));
    press(1);
    await page.until(() => page.text('dialog-title') === 'End the session now?', 'the question is asked');
    press(2);
    expect(backend.calls('complete')).to.have.length(0);
    expect(page.element.snapshot.pending).to.equal(null);
    press(1);
    await page.see('ended');
  });

  it('there is one "Add time" at a time: the banner has none beside that of the bar, and goes when the dialog comes', async () => {
    const scene = await openScene('banner');
    ({ backend } = scene);
    const { page } = scene;
    const named = () =>
      [...page.element.shadowRoot!.querySelectorAll('button')].filter(
        (button) => button.checkVisibility() && button.textContent === 'Add time',
      );
    expect(named()).to.have.length(1);
    const below = document.body.appendChild(document.createElement('button'));
    const { y } = below.getBoundingClientRect();
    named()[0]!.click();
    await page.until(() => page.dialog.open, 'the dialog is open');
    expect(page.part('warning')).to.equal(null);
    expect(below.getBoundingClientRect().y).to.equal(y);
    await page.press('keep-button');
    await page.see('warning');
    expect(below.getBoundingClientRect().y).to.equal(y);
    below.remove();
  });

  it('the page behind it does not scroll, and a lock of its own stays, whichever of the two ends first', async () => {
    const root = document.documentElement;
    const overflow = () => getComputedStyle(root).overflowY;
    const before = overflow();
    let page = await openPicker();
    expect(overflow()).to.equal('hidden');
    await page.press('keep-button');
    await page.until(() => !page.dialog.open, 'the dialog is closed');
    expect(overflow()).to.equal(before);

    root.style.overflow = 'hidden';
    await page.press('extend-button');
    await page.until(() => page.dialog.open, 'the dialog is open');
    root.style.overflow = '';
    expect(overflow()).to.equal('hidden');
    await page.press('keep-button');
    await page.until(() => !page.dialog.open, 'the dialog is closed');
    expect(overflow()).to.equal(before);

    page.element.remove();
    closeScene(backend);
    page = await openPicker();
    page.element.remove();
    await page.until(() => overflow() === before, 'what is taken out of the page locks nothing');
  });

  it('the page stays where it is when it opens and closes', async () => {
    document.body.style.paddingBlock = '200vh';
    const page = await openPicker();
    window.scrollTo(0, 100);
    const { scrollY } = window;
    await page.press('keep-button');
    await page.until(() => !page.dialog.open, 'the dialog is closed');
    expect(window.scrollY).to.equal(scrollY);
    await page.press('extend-button');
    await page.until(() => page.dialog.open, 'the dialog is open');
    expect(window.scrollY).to.equal(scrollY);
    window.scrollTo(0, 0);
  });

  it('Enter on an option buys nothing', async () => {
    const page = await openPicker();
    page.dialog.querySelector('input')!.focus();
    await sendKeys({ press: 'Enter' });
    const before = page.element.remainingSeconds!;
    await page.until(() => page.element.remainingSeconds! < before, 'a second goes by');
    expect(backend.calls('extend')).to.have.length(0);
    expect(page.dialog.open).to.equal(true);
  });

  it('after a purchase the focus is where it was, also where that was nowhere', async () => {
    const scene = await openScene('dialog');
    ({ backend } = scene);
    const { page } = scene;
    await page.until(() => page.dialog.open, 'the dialog is open');
    page.inDialog('confirm-button')!.focus();
    await sendKeys({ press: 'Enter' });
    await page.see('notice');
    await page.until(() => !page.dialog.open, 'the dialog is closed');
    expect(document.activeElement).to.equal(document.body);
  });

  it('after the end the focus is on what stands there, with a way back or without', async () => {
    const scene = await openScene('ask');
    ({ backend } = scene);
    const { page } = scene;
    await page.until(() => page.dialog.open, 'the question is asked');
    page.inDialog('end-button')!.focus();
    await sendKeys({ press: 'Enter' });
    const ended = await page.see('ended');
    await page.until(() => page.focused === ended, 'the bill has the focus');
  });

  it('a line that is put away leaves the focus in its place', async () => {
    const scene = await openScene('banner');
    ({ backend } = scene);
    const { page } = scene;
    const dismiss = await page.see('dismiss-button');
    expect(dismiss.ariaLabel).to.equal('Dismiss');
    dismiss.focus();
    await sendKeys({ press: 'Enter' });
    await page.until(() => !page.part('warning'), 'it is gone');
    expect(page.focused).to.equal(page.part('extend-button'));
  });

  it('asks no question that has no answer: what cannot be had is said in one sentence', async () => {
    const unavailable = (unavailable_reason: string, seconds: number) =>
      ({ additional_seconds: seconds, tokens: seconds / 60, available: false, unavailable_reason }) as never;
    for (const [reason, sentence, count] of [
      ['EXTENSION_LIMIT_REACHED', 'This session cannot be longer.', 0],
      ['INSUFFICIENT_TOKENS', 'You have too few tokens for this.', 2],
    ] as const) {
      backend = new PageBackend(900, {
        extension_options: [unavailable(reason, 900), unavailable(reason, 1800)],
      });
      const page = await SessionPage.openRunning(backend);
      await page.press('extend-button');
      await page.until(() => page.dialog.open, 'the dialog is open');
      expect(page.text('dialog-text')).to.equal(sentence);
      expect(page.inDialog('options-title')).to.equal(null);
      expect(page.inDialog('confirm-button')).to.equal(null);
      expect(page.dialog.querySelectorAll('input')).to.have.length(count);
      expect(page.dialog.querySelectorAll('a')).to.have.length(count && 1);
      await page.press('keep-button');
      closeScene(backend);
      page.element.remove();
    }
  });

  it('beside "too few tokens" nothing offers the same purchase as before: more tokens, another try, or another option', async () => {
    const scene = await openScene('refused');
    ({ backend } = scene);
    const { page } = scene;
    expect(page.text('message')).to.contain('You have too few tokens for this.');
    expect(page.text('confirm-button')).to.equal('Try again');
    expect(page.inDialog('confirm-button')!.part.contains('primary-button')).to.equal(false);
    expect(page.dialog.querySelectorAll('[part~=top-up-link]')).to.have.length(1);
    page.dialog.querySelectorAll('input')[1]!.click();
    await page.until(
      () => page.text('confirm-button') === 'Add 30 minutes for 28 tokens',
      'another is picked',
    );
    expect(page.text('message')).to.equal('');
  });

  it('is not opened by --extend where nothing is offered', async () => {
    backend = new PageBackend(900);
    const page = await SessionPage.openRunning(backend, { 'no-extend': '' });
    page.element.dispatchEvent(Object.assign(new Event('command'), { command: '--extend' }));
    page.element.dispatchEvent(Object.assign(new Event('command'), { command: '--pause' }));
    await page.see('resume-button');
    expect(page.dialog.open).to.equal(false);
  });

  it('the return of the network is heard as that, and not as another loss before it', async () => {
    const scene = await openScene('offline');
    ({ backend } = scene);
    const heard = hear(scene.page.element);
    await setOnline(true);
    await scene.page.until(() => heard.includes('Back online.'), 'the return is heard');
    expect(heard.filter((text) => /connection/.test(text))).to.deep.equal([]);
  });
});
