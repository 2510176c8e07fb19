// Read by the compiler as much as by the browser: `npm run types` refuses a listener whose event is not typed.
import { expect } from '@open-wc/testing';
import type { MarketplaceSessionEventMap, SessionEvent, SessionRequestEvent } from '../../src/index.js';
import type * as pieces from '../../src/pieces.js';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

type Warning = MarketplaceSessionEventMap['session-warning'];

describe('the types of events', () => {
  let backend: PageBackend;
  beforeEach(() => (backend = new PageBackend(600)));
  afterEach(() => {
    backend.restore();
    sessionStorage.clear();
  });

  it('are known wherever an event gets to: tag, ancestors, document and window', async () => {
    const ids: string[] = [];
    const heard = new AbortController();
    const page = await SessionPage.open(backend, { 'no-autostart': '' });
    // Each reads a field that no plain Event has.
    page.element.addEventListener('session-start', (event) => ids.push(event.sessionId), heard);
    document.body.addEventListener('session-start', (event) => ids.push(event.sessionId), heard);
    document.addEventListener('session-start', (event) => ids.push(event.sessionId), heard);
    window.addEventListener('session-start', ({ sessionId }) => ids.push(sessionId), heard);
    await page.element.start();
    heard.abort();
    const { id } = page.element.controller.session!;
    expect(ids).to.deep.equal([id, id, id, id]);
  });

  it('can be named: for handlers of their own, and for those that ask before', () => {
    const seconds = (event: Warning): number =>
      event.isLast ? event.remainingSeconds : event.thresholdSeconds;
    const general: (event: Warning) => SessionEvent = (event) => event;
    const asking: (event: MarketplaceSessionEventMap['session-extend-request']) => SessionRequestEvent = (
      event,
    ) => event;
    const ofPieces: (event: pieces.MarketplaceSessionEventMap['session-warning']) => number = seconds;
    // Nothing else is let through.
    // @ts-expect-error -- the warning has no address
    const wrong = (event: Warning): unknown => event.address;
    // @ts-expect-error -- and is nobody's request
    const notAsking = (event: Warning): SessionRequestEvent => event;
    expect([seconds, general, asking, ofPieces, wrong, notAsking]).to.have.length(6);
  });
});
