// What the service answers to a set-up, as a state of the gallery wants it.

const origin = 'https://app.example';

const finding = (cause, blocks, means, mend, values = {}) => ({ cause, blocks, means, mend, values });

const found = {
  policy: [
    finding(
      'policy-refuses-service',
      true,
      'The Content-Security-Policy of the page refuses requests to https://market.example.',
      'Add https://market.example to connect-src.',
    ),
  ],
  application: [
    finding(
      'origin-not-registered',
      true,
      'The page is on https://www.app.example, which is not among the allowed_origins of the application (https://app.example).',
      'Have the marketplace add https://www.app.example exactly: scheme, www and port count.',
      { origin: 'https://www.app.example' },
    ),
  ],
  https: [
    finding(
      'page-without-hsts',
      false,
      'The page does not say that it is for https alone.',
      'Send Strict-Transport-Security: max-age=31536000 with it.',
    ),
  ],
};

const titles = {
  page: 'The page comes, for somebody who is not signed in',
  https: 'The page comes by https',
  tag: 'The page has the tag, and what it asks for',
  policy: 'The policies of the page let the tag work',
  application: 'The service knows the application as the page needs it',
  keys: 'The published keys can be used where jwks-uri is set',
};

/** What a set-up asks for, by method and path. */
export function setupCalls({ findings, ...fields }) {
  let application = {
    id: 'sketch',
    name: 'Sketch',
    mode: 'test',
    launch_url: `${origin}/`,
    allowed_origins: [origin],
    return_origins: ['https://market.example'],
    tokens_per_minute: 10,
    extension_options: [{ additional_seconds: 900, tokens: 150 }],
    ...fields,
  };
  const checks = () =>
    Object.entries(titles).map(([id, title]) => ({
      id,
      title,
      skipped: id === 'keys' ? 'the tag has no jwks-uri' : null,
      findings: findings ? (found[id] ?? []) : [],
    }));
  return [
    ['GET', /\/applications\/([^/]+)$/, () => ({ body: application })],
    ['PATCH', /\/applications\/([^/]+)$/, (body) => ({ body: (application = { ...application, ...body }) })],
    [
      'POST',
      /\/applications\/([^/]+)\/secret-key$/,
      () => ({ body: { secret_key: 'sk_test_of_the_gallery' } }),
    ],
    [
      'POST',
      /\/applications\/([^/]+)\/checks$/,
      () => ({ body: { page_url: application.launch_url, ready: !findings, checks: checks() } }),
    ],
    [
      'POST',
      /\/applications\/([^/]+)\/rehearsals$/,
      () => ({ body: { session: { id: 'ses_1' }, launch_url: `${origin}/?session=eyJ` } }),
    ],
  ];
}
