import { expect } from '@open-wc/testing';
import { axeFaults } from './axe-faults.js';
import { PageBackend } from './page-backend.js';
import { closeScene, openScene } from './scenes.js';
import { SessionPage } from './session-page.js';

describe('a session', () => {
  let backend: PageBackend;
  beforeEach(() => (backend = new PageBackend(600)));
  afterEach(() => {
    backend.restore();
    sessionStorage.clear();
  });

  it('a second changes one text and nothing else', async () => {
    const page = await SessionPage.openRunning(backend);
    const records: MutationRecord[] = [];
    const observer = new MutationObserver((list) => records.push(...list));
    observer.observe(page.element.shadowRoot!, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    const before = page.text('time');
    await page.until(() => page.text('time') !== before, 'a second went by');
    observer.disconnect();
    const changed = records.map(({ target }) =>
      (target instanceof Element ? target : target.parentElement)!.getAttribute('part'),
    );
    expect([...new Set(changed)]).to.deep.equal(['time']);
  });

  it('tells the page: ready, then start, bubbling and composed, with ids and numbers only', async () => {
    const told: Event[] = [];
    const onEvent = (event: Event) => told.push(event);
    for (const type of ['session-ready', 'session-start', 'session-statechange'])
      document.addEventListener(type, onEvent);
    const page = await SessionPage.openRunning(backend);
    for (const type of ['session-ready', 'session-start', 'session-statechange'])
      document.removeEventListener(type, onEvent);
    expect(told.map(({ type }) => type)).to.deep.equal([
      'session-statechange',
      'session-statechange',
      'session-ready',
      'session-start',
    ]);
    expect(told.every(({ target, composed }) => target === page.element && composed)).to.equal(true);
    expect(told[2]).to.include({ sessionId: backend.sessionId, applicationId: 'app_1' });
    const fields = JSON.stringify(told.map((event) => ({ ...event })));
    expect(fields).not.to.contain('user_1');
    expect(fields).not.to.contain(backend.token.slice(0, 40));
  });

  it('pauses and resumes where the session allows it', async () => {
    const page = await SessionPage.openRunning(backend);
    await page.press('pause-button');
    await page.see('resume-button');
    expect(page.text('end-time')).to.equal('Paused');
    expect(page.element.matches(':state(paused)')).to.equal(true);
    await page.press('resume-button');
    await page.see('pause-button');
    expect(page.element.snapshot.state).to.equal('active');
  });

  it('pause-on-hidden stops the time while nobody looks, and lets it run again', async () => {
    const { setTimeout } = window;
    const show = (visibilityState: string) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => visibilityState });
      document.dispatchEvent(new Event('visibilitychange'));
    };
    // The grace of a quick look elsewhere passes at once.
    window.setTimeout = ((run: () => void, delayMs = 0) =>
      setTimeout(run, delayMs === 3000 ? 0 : delayMs)) as typeof setTimeout;
    try {
      const page = await SessionPage.openRunning(backend, { 'pause-on-hidden': '' });
      expect(page.element.pauseOnHidden).to.equal(true);
      show('hidden');
      await page.until(() => page.element.snapshot.state === 'paused', 'it is paused');
      show('visible');
      await page.until(() => page.element.snapshot.state === 'active', 'it runs again');
    } finally {
      window.setTimeout = setTimeout;
      delete (document as { visibilityState?: unknown }).visibilityState;
    }
  });

  it('offers no pause where the session allows none', async () => {
    backend.session = { ...backend.session, pausable: false };
    const page = await SessionPage.openRunning(backend);
    expect(page.part('pause-button')).to.equal(null);
  });

  it('ends after a question, and shows the bill', async () => {
    backend.session = { ...backend.session, return_url: 'https://market.example/sessions' };
    const page = await SessionPage.openRunning(backend, { 'no-redirect': '' });
    const order: string[] = [];
    for (const type of [
      'session-end-request',
      'session-complete',
      'session-end',
      'session-redirect',
    ] as const) {
      page.element.addEventListener(type, () => order.push(type));
    }
    const bills = page.events('session-complete');
    await page.press('end-button');
    await page.until(() => page.dialog.open, 'the question is asked');
    expect(page.focused!.textContent!.trim()).to.equal('Keep going');
    expect(backend.calls('complete')).to.have.length(0);
    page.inDialog('end-button')!.click();
    await page.see('ended');
    const rows = [...page.part('receipt')!.querySelectorAll('dt, dd')].map(({ textContent }) => textContent);
    expect(rows).to.deep.equal([
      'Time used',
      '30 minutes',
      'Cost',
      '7 tokens',
      'Back to your wallet',
      '3 tokens',
    ]);
    expect(order).to.deep.equal([
      'session-end-request',
      'session-complete',
      'session-end',
      'session-redirect',
    ]);
    expect(bills[0]).to.include({ usedSeconds: 1800, finalCost: 7, tokensRefunded: 3 });
    expect(page.part('return-link')!.getAttribute('href')).to.equal(
      `https://market.example/sessions?session_id=${backend.sessionId}`,
    );
    // No session token; that there was one.
    expect(Object.values({ ...sessionStorage })).to.deep.equal(['ended']);
    const reloaded = await SessionPage.open(backend, { 'session-token': '' });
    await reloaded.see('error');
    expect(reloaded.text('error-title')).to.equal('This session is over');
  });

  it('says that nothing runs before the start, and until when it waits; then that time runs', async () => {
    const waiting_until = Math.floor(Date.now() / 1000) + 1800;
    backend.restore();
    backend = new PageBackend(600, { status: 'waiting', started_at: null, expires_at: null, waiting_until });
    const page = await SessionPage.open(backend);
    await page.see('waiting');
    const clock = new Intl.DateTimeFormat('en', { timeStyle: 'short' }).format(waiting_until * 1000);
    const told = page.text('banner-text')!.replace(/\s/g, ' ');
    expect(told).to.match(/^Your time has not started\. Waiting costs nothing\. If it does not start by /);
    expect(told).to.contain(clock.replace(/\s/g, ' '));
    await page.press('end-button');
    await page.see('dialog');
    expect(page.text('dialog-text')).to.equal('The session has not started: you get everything back.');
    await page.press('keep-button');
    const now = Math.floor(Date.now() / 1000);
    Object.assign(backend.session, {
      status: 'active',
      started_at: now,
      expires_at: now + 600,
      waiting_until: null,
    });
    await page.element.controller.refresh();
    await page.see('notice');
    expect(page.text('banner-text')).to.equal('Your time is running.');
  });

  it('a customer without a session is told, and where to get one: no alarm, and no event of an error', async () => {
    const { page, backend: own } = await openScene('empty');
    expect(page.text('empty-title')).to.equal('You have no session running');
    await page.until(() => page.announced === 'You have no session running', 'it is said');
    expect(page.element.snapshot).to.include({ state: 'empty', error: null });
    expect(page.element.shadowRoot!.querySelector('[role=alert]')).to.equal(null);
    const heard = [page.events('session-empty'), page.events('session-error')];
    // Bought meanwhile, elsewhere.
    own.answers.validate = (asked) => own.usual('validate', asked);
    await page.press('retry-button');
    await page.see('end-button');
    expect(page.part('empty')).to.equal(null);
    expect(heard.map(({ length }) => length)).to.deep.equal([0, 0]);
    closeScene(own);
  });

  it('never started: it says so, and that all was given back', async () => {
    const { page, backend: own } = await openScene('cancelled');
    expect(page.text('ended-title')).to.equal('The session did not start');
    expect(page.text('ended-text')).to.equal('You got everything back.');
    expect(page.text('receipt')!.replace(/\s+/g, ' ')).to.contain('Back to your wallet 60 tokens');
    closeScene(own);
  });

  it('offers nothing to press once the time is up, while the bill is on its way', async () => {
    backend = new PageBackend(4);
    for (const call of ['complete', 'heartbeat']) backend.answers[call] = () => new Promise<never>(() => {});
    const page = await SessionPage.openRunning(backend);
    await page.see('extend-button');
    await page.until(() => page.element.matches(':state(ending)'), 'the time is up');
    await page.element.updateComplete;
    expect(page.element.shadowRoot!.querySelectorAll('[part=buttons] button')).to.have.length(0);
    expect(page.text('end-time')).to.match(/^Settling/);
  });

  it('warns of nothing where everything but the timer came after the end', async () => {
    backend = new PageBackend(3);
    for (const call of ['complete', 'heartbeat']) backend.answers[call] = () => new Promise<never>(() => {});
    const idle = window.requestIdleCallback as typeof window.requestIdleCallback | undefined;
    const later: (() => void)[] = [];
    window.requestIdleCallback = (callback) => later.push(() => callback({} as IdleDeadline));
    try {
      const page = await SessionPage.open(backend, { 'warning-seconds': '300 1' });
      const warnings = page.events('session-warning');
      await page.until(() => page.element.remainingSeconds === 0, 'the time is up');
      for (const callback of later) callback();
      await page.until(
        () => page.element.matches(':state(ending)') && warnings.length,
        'the end is heard of',
      );
      await page.until(() => page.element.shadowRoot!.querySelector('dialog'), 'the panels are there');
      await new Promise((resolve) => setTimeout(resolve));
      await page.element.updateComplete;
      expect(page.text('banner')).to.equal('');
    } finally {
      if (idle) window.requestIdleCallback = idle;
      else Reflect.deleteProperty(window, 'requestIdleCallback');
    }
  });

  it('a page that prevents the end goes on', async () => {
    const page = await SessionPage.openRunning(backend);
    page.element.addEventListener('session-end-request', (event) => event.preventDefault());
    await page.element.end();
    expect(page.element.snapshot.state).to.equal('active');
    expect(backend.calls('complete')).to.have.length(0);
  });

  it('a foreign return address is not followed, and said', async () => {
    backend.session = { ...backend.session, return_url: 'https://evil.example/' };
    const page = await SessionPage.openRunning(backend);
    const errors = page.events('session-error');
    await page.element.end();
    await page.see('ended');
    await page.until(() => errors.length, 'the refusal is told');
    expect(errors[0]!.code).to.equal('RETURN_URL_REFUSED');
    expect(page.part('return-link')).to.equal(null);
  });

  it('moving the element in the page does not restart the session', async () => {
    const page = await SessionPage.openRunning(backend);
    const other = document.createElement('div');
    document.body.append(other);
    other.append(page.element);
    await page.element.updateComplete;
    expect(page.element.snapshot.state).to.equal('active');
    expect(backend.calls('validate')).to.have.length(1);
    other.remove();
  });

  it('removed and put back, it goes on from where the session stands', async () => {
    const page = await SessionPage.openRunning(backend);
    const parent = page.element.parentElement!;
    page.element.remove();
    await page.until(() => page.element.snapshot.state === 'idle', 'all work has ended');
    parent.append(page.element);
    await page.until(() => page.element.snapshot.state === 'active', 'it runs again');
    expect(backend.calls('validate')).to.have.length(2);
  });

  for (const [name, wait] of [
    ['before the service has answered', () => Promise.resolve()],
    ['a moment later', () => new Promise((resolve) => setTimeout(resolve))],
  ] as const)
    it(`removed and put back while it starts (${name}), it starts again`, async () => {
      let answer: () => void = () => {};
      const asked = new Promise<void>((resolve) => (answer = resolve));
      backend.answers.validate = async (request) => {
        await asked;
        return backend.usual('validate', request);
      };
      const page = await SessionPage.open(backend);
      await page.until(() => backend.calls('validate').length === 1, 'it is asked for');
      const parent = page.element.parentElement!;
      page.element.remove();
      await wait();
      await page.until(() => page.element.snapshot.state === 'idle', 'all work has ended');
      answer();
      parent.append(page.element);
      await page.until(() => page.element.snapshot.state === 'active', 'it runs');
      expect(backend.calls('validate')).to.have.length(2);
    });

  it('attributes that come late start it, and other ones start it over', async () => {
    const element = document.createElement('marketplace-session');
    document.body.append(element);
    const page = new SessionPage(element);
    await page.see('error');
    expect(element.snapshot.error!.code).to.equal('CONFIGURATION_INVALID');
    element.setAttribute('session-token', backend.token);
    element.setAttribute('api-endpoint', backend.endpoint);
    await page.see('end-button');
    expect(element.snapshot.state).to.equal('active');
    element.remove();
  });

  it('no-autostart waits for start()', async () => {
    const page = await SessionPage.open(backend, { 'no-autostart': '' });
    await page.element.updateComplete;
    expect(backend.asked).to.have.length(0);
    await page.element.start();
    expect(page.element.snapshot.state).to.equal('active');
  });

  it('what stands in the fallback slot is shown until the session runs', async () => {
    let answer: (() => void) | undefined;
    backend.answers.validate = () =>
      new Promise((resolve) => {
        answer = () => {
          delete backend.answers.validate;
          const { session } = backend;
          resolve({ body: { valid: true, session, remaining_seconds: 600, server_time: Date.now() } });
        };
      });
    const page = await SessionPage.open(backend);
    const waiting = document.createElement('p');
    waiting.slot = 'fallback';
    waiting.textContent = 'One moment';
    page.element.append(waiting);
    await page.until(() => answer, 'the service is asked');
    expect(waiting.checkVisibility()).to.equal(true);
    answer!();
    await page.see('end-button');
    expect(waiting.checkVisibility()).to.equal(false);
  });

  it('an illegal value means the default, and one warning in the console', async () => {
    const warnings: unknown[] = [];
    const { warn } = console;
    console.warn = (text: unknown) => warnings.push(text);
    try {
      const page = await SessionPage.openRunning(backend, {
        'warning-seconds': 'soon',
        'extend-minutes': '30 60',
        'heartbeat-seconds': 'often',
        theme: 'dim',
        layout: 'inline',
      });
      expect(page.element.warningSeconds).to.equal(undefined);
      expect(page.element.extendMinutes).to.deep.equal([30, 60]);
      expect(page.element.heartbeatSeconds).to.equal(undefined);
      await SessionPage.openRunning(backend, { theme: 'light', layout: 'top', 'heartbeat-seconds': '45' });
      expect(warnings).to.have.length(4);
      for (const value of ['soon', 'often', 'dim', 'top'])
        expect(warnings.filter((text) => String(text).includes(`"${value}"`))).to.have.length(1);
    } finally {
      console.warn = warn;
    }
  });

  it('a second definition does no harm, and the element never writes on its own host', async () => {
    const page = await SessionPage.openRunning(backend);
    const names = page.element.getAttributeNames();
    await page.press('pause-button');
    await page.see('resume-button');
    expect(page.element.getAttributeNames()).to.deep.equal(names);
  });

  for (const [state, open] of [
    ['active', async (page: SessionPage) => page.see('end-button')],
    ['extending', async (page: SessionPage) => page.press('extend-button')],
    ['paused', async (page: SessionPage) => page.press('pause-button').then(() => page.see('resume-button'))],
    ['ended', async (page: SessionPage) => page.element.end().then(() => page.see('ended'))],
  ] as const) {
    it(`axe finds nothing while ${state}`, async () => {
      const page = await SessionPage.openRunning(backend);
      await open(page);
      expect(await axeFaults(page.element)).to.deep.equal([]);
    });
  }
});
