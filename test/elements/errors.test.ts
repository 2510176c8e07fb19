import { expect } from '@open-wc/testing';
import { axeFaults } from './axe-faults.js';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

const problem = (status: number, code: string) => () => ({
  status,
  body: { code, status, request_id: 'req_1' },
});

/** What went wrong, the code, and the words that a person reads. */
const rows: [string, (backend: PageBackend) => string | undefined, string, string][] = [
  ['no token', () => '', 'TOKEN_MISSING', 'There is no session here'],
  ['not a JWT', () => 'abc', 'TOKEN_MALFORMED', 'This session link does not work'],
  [
    'bad base64',
    ({ token }) => token.replace('.', '=.'),
    'TOKEN_ENCODING_INVALID',
    'This session link does not work',
  ],
  [
    'an ended session',
    (b) => void (b.answers.validate = problem(410, 'SESSION_ENDED')),
    'SESSION_ENDED',
    'This session is over',
  ],
  [
    'an expired token',
    (b) => void (b.answers.validate = problem(401, 'TOKEN_EXPIRED')),
    'TOKEN_EXPIRED',
    'This session is over',
  ],
  [
    'a foreign page',
    (b) => void (b.answers.validate = problem(403, 'ORIGIN_REFUSED')),
    'ORIGIN_REFUSED',
    'This page is not set up correctly',
  ],
  [
    'a web page in place of the service',
    (b) => void (b.answers.validate = () => ({ body: '<!doctype html>' })),
    'ANSWER_INVALID',
    'This page is not set up correctly',
  ],
  [
    'an overloaded service',
    (b) =>
      void (b.answers.validate = () => ({
        status: 429,
        headers: { 'Retry-After': '60' },
        body: { code: 'RATE_LIMITED' },
      })),
    'RATE_LIMITED',
    'The marketplace cannot answer just now',
  ],
];

describe('a page without a session', () => {
  let backend: PageBackend;
  beforeEach(() => (backend = new PageBackend()));
  afterEach(() => {
    backend.restore();
    sessionStorage.clear();
  });

  for (const [what, arrange, code, title] of rows) {
    it(`says what to do: ${what}`, async () => {
      const token = arrange(backend);
      const codes: string[] = [];
      const onError = (event: Event) => codes.push((event as HTMLElementEventMap['session-error']).code);
      document.addEventListener('session-error', onError, { once: true });
      const page = await SessionPage.open(backend, token === undefined ? {} : { 'session-token': token });
      await page.see('error-title');
      expect(page.text('error-title')).to.equal(title);
      expect(page.text('error-text').length).to.be.above(20);
      expect(page.text('reference')).to.contain(code);
      expect(page.part('error')!.getAttribute('role')).to.equal('alert');
      expect(page.element.snapshot.error!.code).to.equal(code);
      expect(page.element.matches(':state(failed)')).to.equal(true);
      expect(codes).to.deep.equal([code]);
      expect(await axeFaults(page.element)).to.deep.equal([]);
    });
  }

  it('a retry that works brings the timer', async () => {
    backend.answers.validate = () => ({
      status: 503,
      headers: { 'Retry-After': '60' },
      body: { code: 'SERVICE_UNAVAILABLE' },
    });
    const page = await SessionPage.open(backend);
    await page.see('retry-button');
    delete backend.answers.validate;
    await page.press('retry-button');
    await page.see('time');
    expect(page.part('error')).to.equal(null);
    expect(page.element.snapshot.state).to.equal('active');
  });
});
