import { expect } from '@open-wc/testing';
import '../../src/pieces.js';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

describe('a page whose session token allows some operations', () => {
  let backend: PageBackend;
  afterEach(() => {
    backend.restore();
    sessionStorage.clear();
  });

  async function open(remainingSeconds: number, operations: string[], session = {}): Promise<SessionPage> {
    backend = new PageBackend(remainingSeconds, session);
    backend.allowedOperations = operations;
    const page = await SessionPage.open(backend);
    await page.until(() => page.dialog, 'everything of it is there');
    return page;
  }
  const buttons = ['extend-button', 'pause-button', 'resume-button', 'end-button'];
  const drawn = (page: SessionPage, names = buttons) => names.filter((name) => page.part(name) !== null);
  /** As a button of the page asks, without a script (Invoker Commands). */
  const command = (page: SessionPage, name: string) =>
    page.element.dispatchEvent(Object.assign(new Event('command'), { command: name }));
  const changes = () =>
    ['extend', 'pause', 'resume', 'end', 'complete'].flatMap((name) => backend.calls(name));

  it('has the buttons of those alone', async () => {
    const all = { use_session: 'end-button', pause_session: 'pause-button', extend_session: 'extend-button' };
    for (const [operation, button] of Object.entries(all)) {
      const page = await open(600, [operation]);
      expect(drawn(page)).to.deep.equal([button]);
      page.element.remove();
      backend.restore();
      sessionStorage.clear();
    }
    const paused = { status: 'paused' as const, expires_at: null, pause_ends_at: Date.now() / 1000 + 600 };
    const page = await open(600, ['use_session'], paused);
    expect(drawn(page)).to.deep.equal(['end-button']);
    expect(page.part('pause')).not.to.equal(null);
  });

  it('opens no dialog and asks for nothing else, whatever a button of the page, or its program, wants', async () => {
    const page = await open(600, ['read_wallet']);
    const piece = document
      .querySelector('main')!
      .appendChild(document.createElement('marketplace-session-extend'));
    for (const name of ['--extend', '--pause', '--end']) command(page, name);
    for (const call of [page.element.extend(15), page.element.pause(), page.element.end()]) {
      const error = await call.catch((refusal: unknown) => refusal);
      expect(error).to.include({ name: 'SessionError', code: 'OPERATION_NOT_ALLOWED' });
    }
    await page.element.updateComplete;
    expect(page.dialog.open).to.equal(false);
    expect(drawn(page)).to.deep.equal([]);
    await page.until(() => piece.shadowRoot!.querySelector('dialog'), 'the piece is drawn');
    expect(piece.shadowRoot!.querySelector('button')).to.equal(null);
    expect(changes()).to.deep.equal([]);
    expect(page.part('notice')).to.equal(null);
  });

  it('warns how long is left, and offers no time', async () => {
    const early = await open(280, ['use_session']);
    await early.see('warning');
    expect(early.text('warning')).not.to.include('add time');
    await early.until(() => early.announced === '5 minutes left.', 'it is said');
    early.element.remove();
    backend.restore();
    sessionStorage.clear();
    const page = await open(50, ['use_session']);
    await page.until(() => page.dialog.open, 'the last warning');
    expect(page.inDialog('time')!.textContent).to.match(/^0:[45]\d$/);
    expect(page.inDialog('options')).to.equal(null);
    expect(page.inDialog('confirm-button')).to.equal(null);
    expect(page.inDialog('dialog-text')!.textContent).not.to.include('add time');
    await page.press('end-button');
    await page.until(() => page.text('dialog-title').startsWith('End the session'), 'it asks');
    page.inDialog('end-button')!.click();
    await page.see('ended');
    expect(changes().map(({ path }) => path.split('/').pop())).to.deep.equal(['end']);
  });
});
