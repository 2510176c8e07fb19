import { expect } from '@open-wc/testing';
import { axeFaults } from './axe-faults.js';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

const problem = (status: number, code: string) => () => ({
  status,
  body: { code, status, request_id: 'req_1' },
});

const says = (
  b: PageBackend,
  answer: () => { status?: number; headers?: Record<string, string>; body: unknown },
) => void (b.answers.validate = answer);
/** The service refuses. */
const refuses = (status: number, code: string) => (b: PageBackend) => says(b, problem(status, code));

const link = 'This session link does not work';
const over = 'This session is over';
const setUp = 'This page is not set up correctly';
const unreachable = 'The marketplace cannot be reached';
const busy = 'The marketplace cannot answer just now';

/** What went wrong (a token in place of the good one, or an answer of the service), the code, and the words. */
const rows: [string, (backend: PageBackend) => string | void, string, string][] = [
  ['no token', () => '', 'TOKEN_MISSING', 'There is no session here'],
  ['not a JWT', () => 'abc', 'TOKEN_MALFORMED', link],
  ['bad base64', ({ token }) => token.replace('.', '=.'), 'TOKEN_ENCODING_INVALID', link],
  ['not UTF-8', ({ token }) => token.replace(/\.[^.]+\./, '._w.'), 'TOKEN_NOT_UTF8', link],
  [
    'alg: none',
    (b) => b.tokenWith({ header: { alg: 'none' }, signature: 'AA' }),
    'TOKEN_ALGORITHM_REFUSED',
    link,
  ],
  [
    'HS256, signed with the public key',
    (b) => b.tokenWith({ header: { alg: 'HS256' }, signature: 'A'.repeat(43) }),
    'TOKEN_ALGORITHM_REFUSED',
    link,
  ],
  ['missing claims', (b) => b.tokenWith({ claims: { jti: undefined } }), 'TOKEN_CLAIM_MISSING', link],
  [
    'a token for another application',
    (b) => b.tokenWith({ claims: { aud: 'other' } }),
    'TOKEN_AUDIENCE_MISMATCH',
    link,
  ],
  [
    'the token of another session',
    (b) => b.tokenWith({ claims: { jti: 'other' } }),
    'TOKEN_SESSION_MISMATCH',
    link,
  ],
  ['an unknown key', refuses(401, 'TOKEN_KEY_UNKNOWN'), 'TOKEN_KEY_UNKNOWN', link],
  ['a forged token', refuses(401, 'TOKEN_SIGNATURE_INVALID'), 'TOKEN_SIGNATURE_INVALID', link],
  ['an expired token', refuses(401, 'TOKEN_EXPIRED'), 'TOKEN_EXPIRED', over],
  [
    'a token from the future',
    refuses(401, 'TOKEN_NOT_YET_VALID'),
    'TOKEN_NOT_YET_VALID',
    'This session has not begun yet',
  ],
  [
    'a link that was copied into another browser',
    refuses(401, 'SESSION_BOUND_ELSEWHERE'),
    'SESSION_BOUND_ELSEWHERE',
    'This session is open in another browser',
  ],
  [
    'a link from before the last launch',
    refuses(401, 'TOKEN_SUPERSEDED'),
    'TOKEN_SUPERSEDED',
    'This session was opened again somewhere else',
  ],
  ...['PROOF_REQUIRED', 'PROOF_INVALID', 'PROOF_REPLAYED'].map((code): (typeof rows)[number] => [
    `a browser that does not pass: ${code}`,
    refuses(401, code),
    code,
    'This browser could not show that the session is yours',
  ]),
  ['an ended session', refuses(410, 'SESSION_ENDED'), 'SESSION_ENDED', over],
  [
    'an unknown session',
    refuses(404, 'SESSION_NOT_FOUND'),
    'SESSION_NOT_FOUND',
    'The marketplace does not know this session',
  ],
  ['a page on a foreign origin', refuses(403, 'ORIGIN_REFUSED'), 'ORIGIN_REFUSED', setUp],
  [
    'a web page in place of the service',
    (b) => says(b, () => ({ body: '<!doctype html>' })),
    'ANSWER_INVALID',
    setUp,
  ],
  [
    'a service that is down',
    (b) =>
      says(b, () => {
        throw new TypeError('Failed to fetch');
      }),
    'NETWORK_FAILED',
    unreachable,
  ],
  [
    'a service that does not answer',
    (b) =>
      says(b, () => {
        throw new DOMException('', 'TimeoutError');
      }),
    'TIMED_OUT',
    unreachable,
  ],
  ['a service that fails', (b) => says(b, () => ({ status: 500, body: 'oops' })), 'SERVICE_ERROR', busy],
  [
    'an overloaded service that wants a minute',
    (b) => says(b, () => ({ status: 429, headers: { 'Retry-After': '60' }, body: { code: 'RATE_LIMITED' } })),
    'RATE_LIMITED',
    busy,
  ],
];

describe('a page without a session', () => {
  let backend: PageBackend;
  const { random } = Math;
  beforeEach(() => {
    backend = new PageBackend();
    // Full jitter, at its shortest.
    Math.random = () => 0;
  });
  afterEach(() => {
    Math.random = random;
    backend.restore();
    sessionStorage.clear();
  });

  for (const [what, arrange, code, title] of rows) {
    it(`says what to do: ${what}`, async () => {
      const token = arrange(backend) ?? undefined;
      const codes: string[] = [];
      const onError = (event: Event) => codes.push((event as HTMLElementEventMap['session-error']).code);
      document.addEventListener('session-error', onError, { once: true });
      const attributes = {
        'application-id': 'app_1',
        ...(token !== undefined && { 'session-token': token }),
      };
      const page = await SessionPage.open(backend, attributes);
      await page.see('error-title');
      expect(page.text('error-title')).to.equal(title);
      expect(page.text('error-text').length).to.be.above(20);
      // A person is told the service's id of the request, where there is one, and never a code.
      expect(page.text('reference')).to.equal(
        page.element.snapshot.error!.requestId ? 'Reference: req_1' : '',
      );
      expect(page.part('error')!.textContent).not.to.contain(code);
      expect(page.part('return-link')!.getAttribute('href')).to.equal('https://market.example/');
      expect(page.part('error')!.getAttribute('role')).to.equal('alert');
      expect(page.element.snapshot.error!.code).to.equal(code);
      expect(page.element.matches(':state(failed)')).to.equal(true);
      expect(codes).to.deep.equal([code]);
      expect(await axeFaults(page.element)).to.deep.equal([]);
    });
  }

  it('says what to do: two tokens in the address, and takes both out of it', async () => {
    const before = location.href;
    const address = new URL(before);
    address.search += `${address.search ? '&' : '?'}session=${backend.token}&session=abc`;
    history.replaceState(null, '', address);
    const page = await SessionPage.open(backend, { 'session-token': '' });
    await page.see('error-title');
    expect(page.element.snapshot.error!.code).to.equal('TOKEN_AMBIGUOUS');
    expect(page.text('error-title')).to.equal(link);
    expect(location.href).to.equal(before);
    expect(backend.asked).to.have.length(0);
  });

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
