import { PageClock } from './page-clock.js';
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { hear } from './heard.js';
import { PageBackend } from './page-backend.js';
import { setOnline } from './scenes.js';
import { SessionPage } from './session-page.js';

describe('the warning', () => {
  let backend: PageBackend;
  let clock: PageClock;
  beforeEach(() => (clock = new PageClock()));
  afterEach(() => {
    delete (navigator as { onLine?: boolean }).onLine;
    delete (document as { visibilityState?: unknown }).visibilityState;
    clock.restore();
    backend.restore();
    sessionStorage.clear();
  });

  /** A session of so many seconds, with everything of it there. */
  async function openReady(seconds: number, attributes: Record<string, string> = {}): Promise<SessionPage> {
    backend = new PageBackend(seconds);
    const page = await SessionPage.openRunning(backend, attributes);
    await page.askUntil(() => backend.calls('heartbeat').length, 'everything of it is there');
    return page;
  }
  /** A session with the dialog of the last warning open. */
  async function openWarned(attributes: Record<string, string> = {}): Promise<SessionPage> {
    backend = new PageBackend(59);
    const page = await SessionPage.openRunning(backend, attributes);
    await page.until(() => page.dialog.open, 'the dialog is open');
    return page;
  }

  /** As the browser says it: whether anybody looks at this tab. */
  function show(visibilityState: DocumentVisibilityState): void {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => visibilityState });
    document.dispatchEvent(new Event('visibilitychange'));
  }
  /** So many ticks of the time that is left. */
  const ticks = (page: SessionPage, count: number) =>
    new Promise<void>((resolve) => {
      page.element.controller.addEventListener('tick', () => --count === 0 && resolve());
    });

  it('comes first as a banner that does not block the page or take the focus, and is said once', async () => {
    backend = new PageBackend(299);
    const field = document.body.appendChild(document.createElement('input'));
    field.focus();
    const page = await SessionPage.openRunning(backend);
    await page.see('warning');
    expect(page.dialog.open).to.equal(false);
    expect(page.dialog.matches(':modal, :popover-open')).to.equal(false);
    expect(document.activeElement).to.equal(field);
    expect(page.announced).to.equal('5 minutes left. You can add time and stay.');
    expect(page.element.matches(':state(warning)')).to.equal(true);
    await page.press('dismiss-button');
    expect(page.part('warning')).to.equal(null);
    field.remove();
  });

  it('comes last as a modal dialog with the time, and the focus is on the safe action', async () => {
    const page = await openWarned();
    expect(page.dialog.matches(':modal')).to.equal(true);
    expect(page.inDialog('time')!.textContent).to.match(/^0:5\d$/);
    expect(page.focused!.textContent!.trim()).to.equal('Keep going');
    expect(page.dialog.getAttribute('aria-labelledby')).to.equal('title');
    expect(page.dialog.querySelector('h2#title')).not.to.equal(null);
  });

  it('opens its dialog at the threshold, not a second before', async () => {
    const page = await openReady(3000);
    const opened: number[] = [];
    new MutationObserver(() => page.dialog.open && opened.push(page.element.remainingSeconds!)).observe(
      page.dialog,
      { attributeFilter: ['open'] },
    );
    clock.pass(page.element.remainingSeconds! - 62);
    await page.see('warning');
    expect(page.dialog.open).to.equal(false);
    await page.until(() => page.dialog.open, 'the dialog is open');
    expect(opened[0]).to.be.at.most(60);
    // A machine that is busy may be late.
    expect(opened[0]).to.be.above(40);
  });

  it('leaves at least 20 seconds for one simple press, whatever the page asks for, and comes again after each extension', async () => {
    const page = await openReady(1200, { 'warning-seconds': '5' });
    for (const time of [1, 2, 3]) {
      clock.pass(page.element.remainingSeconds! - 24);
      expect(page.dialog.open).to.equal(false);
      await page.until(() => page.dialog.open, `the dialog is open, time ${time}`);
      expect(page.element.remainingSeconds).to.be.within(1, 20);
      expect(page.text('dialog-title')).to.equal('Your time is almost up');
      page.inDialog('confirm-button')!.click();
      await page.until(() => !page.dialog.open, 'one press was enough');
      expect(page.element.remainingSeconds).to.be.above(900);
    }
    expect(backend.calls('extend')).to.have.length(3);
  });

  it('has the time, the connection, errors and announcements inside its dialog', async () => {
    const page = await openWarned();
    const heard = hear(page.element);
    expect(page.inDialog('time')!.textContent).to.match(/^0:5\d$/);
    backend.answers.extend = () => ({ status: 402, body: { code: 'INSUFFICIENT_TOKENS', status: 402 } });
    await page.press('confirm-button');
    await page.until(() => page.inDialog('message')?.textContent, 'the refusal is shown');
    expect(page.inDialog('message')!.getAttribute('role')).to.equal('alert');
    await setOnline(false);
    const offline = 'You are offline. Your time keeps running.';
    await page.until(() => page.text('dialog-status').includes(offline), 'the connection is shown');
    expect(page.dialog.contains(page.part('dialog-status'))).to.equal(true);
    await page.until(() => heard.includes(offline), 'the connection is said');
    expect(page.inDialog('announcement')!.textContent).to.equal(offline);
    const outside = page.element.shadowRoot!.querySelector('[part=session] > [part=announcement]')!;
    expect(outside.textContent).to.equal('');
  });

  it('Escape means "go on, remind me", never "end": the banner stays, and the focus returns to where it was', async () => {
    const button = document.createElement('button');
    document.body.append(button);
    button.focus();
    const page = await openWarned();
    await sendKeys({ press: 'Escape' });
    await page.until(() => !page.dialog.open, 'the dialog is closed');
    expect(page.element.snapshot.state).to.equal('active');
    expect(backend.calls('complete')).to.have.length(0);
    expect(page.part('warning')).not.to.equal(null);
    expect(document.activeElement).to.equal(button);
    button.remove();
  });

  it('takes nothing from a person who is typing: the dialog waits for a pause', async () => {
    backend = new PageBackend(59);
    const field = document.createElement('textarea');
    document.body.append(field);
    field.focus();
    const page = await SessionPage.openRunning(backend);
    await page.see('warning');
    await sendKeys({ type: 'abc' });
    expect(page.dialog.open).to.equal(false);
    expect(field.value).to.equal('abc');
    await page.until(() => page.dialog.open, 'the dialog opens once the typing has paused');
    field.remove();
  });

  it('leaves no trace, and nothing in the top layer, on a page that cancels session-warning', async () => {
    backend = new PageBackend(59);
    const warnings: HTMLElementEventMap['session-warning'][] = [];
    const heard = new AbortController();
    const cancel = (event: HTMLElementEventMap['session-warning']) => {
      warnings.push(event);
      event.preventDefault();
    };
    // It may come before the page is done with anything else.
    document.documentElement.addEventListener('session-warning', cancel, heard);
    const page = await SessionPage.open(backend);
    await page.until(() => warnings.length, 'the event came');
    heard.abort();
    await page.see('end-button');
    expect(warnings[0]!.isLast).to.equal(true);
    expect(page.dialog.open).to.equal(false);
    expect(page.part('warning')).to.equal(null);
    expect(page.dialog.matches(':modal, :popover-open')).to.equal(false);
    expect(document.querySelector(':modal, :popover-open')).to.equal(null);
  });

  it('is not drawn with no-warning; the event stays', async () => {
    backend = new PageBackend(59);
    const page = await SessionPage.open(backend, { 'no-warning': '' });
    await page.until(() => page.element.snapshot.warning, 'the threshold was passed');
    await page.see('end-button');
    expect(page.dialog.open).to.equal(false);
  });

  it('closes its dialog by itself when the session was extended elsewhere, and says so', async () => {
    const page = await openWarned();
    const heard = hear(page.element);
    const { session } = backend;
    backend.session = { ...session, duration_limit_seconds: session.duration_limit_seconds + 900 };
    backend.setRemaining(959);
    await page.askUntil(() => !page.dialog.open, 'the dialog has closed');
    expect(backend.calls('extend')).to.have.length(0);
    expect(page.part('warning')).to.equal(null);
    expect(page.text('notice')).to.match(/^15 minutes added\. Your session ends at \d/);
    await page.until(() => heard.length, 'it is said');
    expect(heard.at(-1)).to.match(/^15 minutes added\. Your session ends at \d/);
  });

  it('is not answered by focus, a mouse that moves, a key or a tab that is looked at: none of them extends', async () => {
    const page = await openWarned();
    const { deadline } = page.element.snapshot;
    for (const control of page.dialog.querySelectorAll<HTMLElement>('button, input')) control.focus();
    for (const type of ['mousemove', 'mouseover', 'pointermove', 'scroll', 'wheel', 'touchstart', 'focus'])
      for (const target of [window, document.body, page.dialog, page.inDialog('confirm-button')!])
        target.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
    await sendKeys({ press: 'Shift' });
    window.dispatchEvent(new Event('blur'));
    window.dispatchEvent(new Event('focus'));
    document.dispatchEvent(new Event('visibilitychange'));
    const before = page.element.remainingSeconds!;
    await page.until(() => page.element.remainingSeconds! < before, 'the time runs on');
    expect(backend.calls('extend')).to.have.length(0);
    expect(page.element.snapshot.deadline).to.equal(deadline);
    expect(page.dialog.open).to.equal(true);
  });

  it('opens one dialog at a time on a page, however many sessions run there', async () => {
    backend = new PageBackend(59);
    const first = await SessionPage.openRunning(backend);
    await first.until(() => first.dialog.open, 'the first dialog is open');
    const other = new PageBackend(59);
    try {
      const second = await SessionPage.openRunning(other, { 'application-id': 'app_1' });
      await second.see('warning');
      expect(second.dialog.open).to.equal(false);
      expect(first.dialog.open).to.equal(true);
      // Nothing is lost: it comes once the first one has been answered.
      await first.press('keep-button');
      await second.until(() => second.dialog.open, 'the second dialog is open');
      expect(first.dialog.open).to.equal(false);
      expect(document.activeElement).to.equal(second.element);
    } finally {
      other.restore();
    }
  });

  it('opens no dialog in a tab that nobody looks at, before somebody does: one dialog per group of tabs', async () => {
    const page = await openReady(3000);
    show('hidden');
    clock.pass(page.element.remainingSeconds! - 40);
    await page.see('warning');
    // A hidden page has no ticks to wait for.
    await page.element.updateComplete;
    expect(page.dialog.open).to.equal(false);
    show('visible');
    await page.until(() => page.dialog.open, 'the dialog is open');
    expect(page.focused!.textContent).to.equal('Keep going');
  });

  it('that is answered in another tab closes here, and is not asked again: not on looking here either', async () => {
    const page = await openWarned();
    // As a program, or another tab, says it.
    await page.element.answerWarning();
    await page.until(() => !page.dialog.open, 'the dialog is closed');
    expect(page.element.snapshot.answeredWarning).to.equal(60);
    expect(page.part('warning')).not.to.equal(null);
    show('hidden');
    show('visible');
    await ticks(page, 2);
    expect(page.dialog.open).to.equal(false);
  });

  it('that is answered elsewhere while nobody looks here does not open when somebody does', async () => {
    const page = await openReady(3000);
    show('hidden');
    clock.pass(page.element.remainingSeconds! - 40);
    await page.see('warning');
    await page.element.answerWarning();
    show('visible');
    await ticks(page, 2);
    expect(page.dialog.open).to.equal(false);
  });

  for (const [name, answer] of Object.entries({
    'Keep going': (page: SessionPage) => page.press('keep-button'),
    Escape: () => sendKeys({ press: 'Escape' }),
    'a look at the end': (page: SessionPage) => page.inDialog('end-button')!.click(),
  }))
    it(`is answered for all tabs by ${name}, and comes again after an extension`, async () => {
      const page = await openReady(1200);
      for (const time of [1, 2]) {
        clock.pass(page.element.remainingSeconds! - 55);
        await page.until(() => page.dialog.open, `the dialog is open, time ${time}`);
        expect(page.element.snapshot.answeredWarning).to.equal(null);
        await answer(page);
        await page.until(() => page.element.snapshot.answeredWarning === 60, 'it is answered');
        await page.element.extend(15);
        await page.until(() => !page.dialog.open, 'the dialog is closed');
        expect(page.element.snapshot.answeredWarning).to.equal(null);
      }
    });

  it('waits for a person who is typing also where it comes late', async () => {
    const page = await openReady(3000);
    const field = document.body.appendChild(document.createElement('textarea'));
    field.focus();
    show('hidden');
    clock.pass(page.element.remainingSeconds! - 55);
    await page.see('warning');
    show('visible');
    for (let key = 0; key < 5; key += 1) {
      await sendKeys({ press: 'a' });
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    expect(page.dialog.open).to.equal(false);
    expect(field.value).to.equal('aaaaa');
    await page.until(() => page.dialog.open, 'the dialog opens once the typing has paused');
    field.remove();
  });

  it('stays a modal dialog when the tag is moved', async () => {
    backend = new PageBackend(59);
    const page = await SessionPage.openRunning(backend);
    await page.until(() => page.dialog.open, 'the dialog is open');
    const place = document.createElement('div');
    document.body.append(place);
    place.append(page.element);
    await page.until(() => page.dialog.matches(':modal'), 'the dialog is modal again');
    place.remove();
  });

  it('is taken back when the deadline moves for another reason', async () => {
    backend = new PageBackend(59);
    const page = await SessionPage.openRunning(backend);
    await page.until(() => page.dialog.open, 'the dialog is open');
    backend.setRemaining(900);
    await page.until(() => {
      // Heard by the tab that leads, which this one may be about to become.
      window.dispatchEvent(new Event('online'));
      return !page.dialog.open;
    }, 'the dialog has closed');
    expect(page.part('warning')).to.equal(null);
  });
});
