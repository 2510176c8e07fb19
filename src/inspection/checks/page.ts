// The page itself: that it comes, as it is meant for a customer who arrives.
import { check, NotLookedAt } from '../check.js';
import { allowsAncestor } from '../content-security-policy.js';
import { isLocal, visitPage, type Scene, type Visit } from '../scene.js';

/** @throws {NotLookedAt} where it does not come, which is told once */
export function pageOf({ page }: Scene): Visit {
  if (!page || page.status >= 300 || isLogin(page)) throw new NotLookedAt('the page does not come');
  return page;
}

const loginPath = /(^|[/_-])(log-?in|sign-?in|auth|sso|account\/login)([/_.?-]|$)/i;

function isLogin({ way, url, status, tags }: Visit): boolean {
  if (status === 401 || status === 403) return true;
  const asksForPassword = tags.some(
    ({ name, attributes }) => name === 'input' && attributes.get('type')?.toLowerCase() === 'password',
  );
  return way.length > 1 && (asksForPassword || loginPath.test(url.pathname));
}

export const pageAnswers = check({
  id: 'page',
  looksAt: 'The page comes, for somebody who is not signed in',
  causes: {
    'page-unreachable': {
      blocks: true,
      means: 'Nobody answers at {address}.',
      mend: 'Start the server of the page, and name the address at which customers reach it.',
    },
    'page-refused': {
      blocks: true,
      means: '{address} answers {status}.',
      mend: 'Name the address of the page that has the tag, and see why its server refuses it.',
    },
    'page-behind-login': {
      blocks: true,
      means: '{address} leads to a login at {login}.',
      mend: 'Let the page open without a login while the address has a session token, or sign people in by that session.',
    },
    'page-not-html': {
      blocks: true,
      means: '{address} is {type}, not a page.',
      mend: 'Name the address of the page, and send it as text/html.',
    },
  },
  look({ page, pageUrl }, tell) {
    const address = pageUrl.href;
    if (!page) return tell('page-unreachable', { address });
    const { url, status, headers } = page;
    if (isLogin(page)) return tell('page-behind-login', { address, login: `${url.origin}${url.pathname}` });
    if (status >= 300) return tell('page-refused', { address: url.href, status });
    const type = headers.get('content-type')?.split(';')[0]!.trim() ?? 'without a type';
    if (!/^(text\/html|application\/xhtml\+xml)$/i.test(type)) tell('page-not-html', { address, type });
  },
});

export const transport = check({
  id: 'https',
  looksAt: 'The page comes by https',
  causes: {
    'page-insecure': {
      blocks: true,
      means:
        '{address} is http: whoever is on the way reads the session token, and browsers keep cryptography from the page.',
      mend: 'Serve the page by https, and send http there.',
    },
    'page-without-hsts': {
      blocks: false,
      means: 'The page does not say that it is for https alone.',
      mend: 'Send Strict-Transport-Security: max-age=31536000 with it.',
    },
  },
  look(scene, tell) {
    const { way, url, headers } = pageOf(scene);
    const open = way.find((one) => one.protocol === 'http:' && !isLocal(one));
    if (open) return tell('page-insecure', { address: open.origin + open.pathname });
    if (!isLocal(url) && !headers.has('strict-transport-security')) tell('page-without-hsts');
  },
});

/** What is sent in place of a session token: of the wrong form, so that nothing takes it for one. */
const probeToken = 'setup-probe';

export const tokenParameter = check({
  id: 'token-parameter',
  looksAt: 'The session token in the address reaches the page',
  causes: {
    'token-lost': {
      blocks: true,
      means: 'A redirect from {from} to {to} takes the parameter {parameter} out of the address.',
      mend: 'Keep the query in that redirect, or register {to} as the address of the application.',
    },
    'token-refused': {
      blocks: true,
      means: 'With the parameter {parameter} in its address the page answers {status}.',
      mend: 'Let the server of the page, and what stands before it, take any value of that parameter.',
    },
    'token-sent-on': {
      blocks: false,
      means: 'The referrer policy {policy} tells the session token in the address to others.',
      mend: 'Send Referrer-Policy: no-referrer with the page, or write <meta name="referrer" content="no-referrer"> into it.',
    },
  },
  async look(scene, tell) {
    const { tags, headers } = pageOf(scene);
    const parameter = scene.tag?.attributes.get('token-param') || 'session';
    const arrival = new URL(scene.pageUrl);
    arrival.searchParams.set(parameter, probeToken);
    const page = await visitPage(scene.surroundings, arrival);
    if (!page || page.status >= 400) tell('token-refused', { parameter, status: page?.status ?? 'nothing' });
    const lostAt = page?.way.findIndex((url) => url.searchParams.get(parameter) !== probeToken) ?? -1;
    if (page && lostAt > 0) {
      const [from, to] = [page.way[lostAt - 1]!, page.way[lostAt]!];
      tell('token-lost', { parameter, from: from.origin + from.pathname, to: to.origin + to.pathname });
    }
    const meta = tags.find(
      ({ name, attributes }) => name === 'meta' && attributes.get('name')?.toLowerCase() === 'referrer',
    );
    const policy = (meta?.attributes.get('content') ?? headers.get('referrer-policy') ?? '').toLowerCase();
    const counts = policy.split(',').at(-1)!.trim();
    if (counts === 'unsafe-url' || counts === 'no-referrer-when-downgrade')
      tell('token-sent-on', { policy: counts });
  },
});

export const frames = check({
  id: 'frame',
  looksAt: 'The page may be shown in the frame',
  causes: {
    'frame-missing': {
      blocks: true,
      means: '{address} has no frame with the page.',
      mend: 'Name the page that has the frame; one that a script makes is not seen here.',
    },
    'frame-refused-by-policy': {
      blocks: true,
      means: 'frame-ancestors of the page leaves {origin} out.',
      mend: 'Add {origin} to frame-ancestors of its Content-Security-Policy.',
    },
    'frame-refused-by-header': {
      blocks: true,
      means: 'X-Frame-Options: {value} keeps the page out of the frame.',
      mend: 'Leave X-Frame-Options out, and send Content-Security-Policy: frame-ancestors {origin}.',
    },
    'frame-sandboxed': {
      blocks: true,
      means: 'The sandbox of the frame lacks {missing}.',
      mend: 'Write {missing} into the attribute sandbox of the frame, or leave the attribute out.',
    },
  },
  async look(scene, tell) {
    if (!scene.framedBy) throw new NotLookedAt('no page with a frame was named');
    const { url, policies, headers } = pageOf(scene);
    const outer = await visitPage(scene.surroundings, scene.framedBy);
    const base = outer?.url ?? scene.framedBy;
    const frame = outer?.tags.find(({ name, attributes }) => {
      const source = attributes.get('src') ?? '';
      return (
        name === 'iframe' &&
        URL.canParse(source, base) &&
        new URL(source, base).origin === scene.pageUrl.origin
      );
    });
    if (!frame) return tell('frame-missing', { address: base.href });
    const { origin } = base;
    if (policies.some((policy) => !allowsAncestor(policy, base, url)))
      tell('frame-refused-by-policy', { origin });
    const value = headers.get('x-frame-options')?.trim().toUpperCase();
    // Where a policy says who may frame it, the older header counts for nothing.
    if (value && !policies.some((policy) => policy.has('frame-ancestors')))
      if (value === 'DENY' || (value === 'SAMEORIGIN' && origin !== url.origin))
        tell('frame-refused-by-header', { value, origin });
    const missing = missingOf(frame.attributes.get('sandbox')?.split(/\s+/));
    if (missing) tell('frame-sandboxed', { missing });
  },
});

/** What a sandbox has to allow; undefined where it does, or is none. */
export const missingOf = (tokens: readonly string[] | undefined): string | undefined =>
  (tokens && ['allow-scripts', 'allow-same-origin'].filter((one) => !tokens.includes(one)).join(' ')) ||
  undefined;
