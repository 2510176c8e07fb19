// The files that a script tag loads, from a server that fails. What is built is tested: an address that failed once
// stays failed in some engines.
import { expect } from '@open-wc/testing';
import { FramedPage, scriptAddress } from './framed-page.js';
import { PageBackend } from './page-backend.js';

describe('late files', () => {
  let backend: PageBackend;
  let page: FramedPage;
  afterEach(() => {
    page.close();
    backend.restore();
    sessionStorage.clear();
  });

  for (const fault of ['once-503', 'once-reset']) {
    for (const lang of ['', 'de']) {
      it(`${fault}, in ${lang || 'English'}: heartbeats, buttons, warnings and the end come`, async () => {
        backend = new PageBackend(200);
        const attributes = { lang, 'heartbeat-seconds': '1' };
        page = new FramedPage(backend, { attributes, script: scriptAddress(fault) });
        await page.runWhole();
      });
    }

    it(`${fault}: an end that is asked for at once comes`, async () => {
      backend = new PageBackend(600);
      page = new FramedPage(backend, { script: scriptAddress(fault) });
      const { element } = page;
      await page.until(() => element.snapshot?.state === 'active', 'it runs');
      await element.end();
      expect(element.snapshot.state).to.equal('ended');
    });
  }

  it('missing for good are told once, with a code and in words; the page says at 0:00 that the time is up', async () => {
    // Longer than anybody waits for them: it is told after ten seconds and a pause.
    backend = new PageBackend(30);
    page = new FramedPage(backend, { script: scriptAddress('never-late') });
    const { element } = page;
    const codes: string[] = [];
    element.addEventListener('session-error', ({ code }) => codes.push(code));
    await page.until(() => page.text.includes('missing'), 'the page says so');
    await page.until(() => element.snapshot.state === 'ending', 'the time is up');
    await page.until(() => page.part('end-time')!.textContent!.includes('Settling'), 'that is seen');
    expect(page.part('time')!.textContent).to.equal('0:00');
    expect(codes).to.deep.equal(['SCRIPT_INCOMPLETE']);
  });

  it('a language that is missing for good is English after a few tries', async () => {
    backend = new PageBackend(600);
    page = new FramedPage(backend, { attributes: { lang: 'de' }, script: scriptAddress('never-de') });
    await page.until(() => page.part('end-button'), 'the buttons are there');
    expect(page.part('end-button')!.textContent).to.equal('End');
  });
});
