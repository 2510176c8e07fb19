// What the service knows of the application; asked with its secret key.
import { check, NotLookedAt, type Tell } from '../check.js';
import { isLocal, type Answer, type KnownApplication, type Scene } from '../scene.js';
import { below, endpointOf } from './service.js';

/** What the service answers to the secret key. */
async function askAs(scene: Scene, path: string, method = 'GET'): Promise<Answer | undefined> {
  const { secretKey } = scene;
  if (!secretKey) throw new NotLookedAt('there is no secret key (MARKETPLACE_SECRET_KEY)');
  return scene.ask(below(endpointOf(scene), path), {
    method,
    headers: { Authorization: `Bearer ${secretKey}` },
  });
}

const read = <T>({ text }: Answer): T | undefined => {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
};

export const application = check({
  id: 'application',
  looksAt: 'The service knows the application as the page needs it',
  causes: {
    'key-refused': {
      blocks: true,
      means: 'The service does not know the secret key: it was replaced, or belongs to another service.',
      mend: 'Get the secret key of now from the marketplace, and put it into the environment of your server.',
    },
    'application-unknown': {
      blocks: true,
      means: 'The secret key is of another application than {application}.',
      mend: 'Take the secret key of {application}, or set application-id to that of the key.',
    },
    'origin-not-registered': {
      blocks: true,
      means:
        'The page is on {origin}, which is not among the allowed_origins of the application ({registered}).',
      mend: 'Have the marketplace add {origin} exactly: scheme, www and port count.',
    },
    'launch-elsewhere': {
      blocks: true,
      means: 'Customers are sent to {launch}, not to {page}.',
      mend: 'Have the marketplace set launch_url to {page}.',
    },
    'launch-missing': {
      blocks: true,
      means: 'The application has no launch_url: nobody is sent to the page.',
      mend: 'Have the marketplace set launch_url to {page}.',
    },
    'return-origins-missing': {
      blocks: false,
      means: 'The application has no return_origins: a sale that names where to return to is refused.',
      mend: 'Have the marketplace add the origin that customers return to.',
    },
    'price-of-nothing': {
      blocks: false,
      means: 'A minute of the application costs nothing.',
      mend: 'Have the marketplace set tokens_per_minute, unless that is meant.',
    },
    'key-of-test': {
      blocks: false,
      means: 'The secret key is one for tests (sk_test_), and the page is public.',
      mend: 'Use the live key on the server that sells, once everything works.',
    },
    'key-of-live': {
      blocks: false,
      means: 'The secret key is live (sk_live_), and the page is on this machine.',
      mend: 'Use a key for tests (sk_test_) until everything works.',
    },
  },
  async look(scene, tell) {
    const { pageUrl, secretKey } = scene;
    if (secretKey?.startsWith('sk_test_') && !isLocal(pageUrl)) tell('key-of-test');
    if (secretKey?.startsWith('sk_live_') && isLocal(pageUrl)) tell('key-of-live');
    const known = scene.application ?? (await askForApplication(scene, tell));
    if (!known) return;
    const { origin } = scene.page?.url ?? pageUrl;
    const page = pageUrl.origin + pageUrl.pathname;
    if (!known.allowed_origins.includes(origin))
      tell('origin-not-registered', { origin, registered: known.allowed_origins.join(', ') || 'none' });
    if (known.launch_url === null) tell('launch-missing', { page });
    else if (new URL(known.launch_url).origin !== pageUrl.origin)
      tell('launch-elsewhere', { launch: known.launch_url, page });
    if (known.return_origins.length === 0) tell('return-origins-missing');
    if (known.tokens_per_minute === 0) tell('price-of-nothing');
  },
});

/** @returns undefined where what is wrong has been told. */
async function askForApplication(
  scene: Scene,
  tell: Tell<'key-refused' | 'application-unknown'>,
): Promise<KnownApplication | undefined> {
  const id = scene.applicationId ?? scene.tag?.attributes.get('application-id');
  const answer = await askAs(scene, `/applications/${encodeURIComponent(id ?? 'unknown')}`);
  if (!answer) throw new NotLookedAt('the service does not answer');
  if (answer.status === 401) return void tell('key-refused');
  if (!id) throw new NotLookedAt('no application is named: set application-id, or --application-id');
  if (answer.status === 404) return void tell('application-unknown', { application: id });
  const known = read<KnownApplication>(answer);
  if (!known?.allowed_origins) throw new NotLookedAt('the service does not tell of its applications');
  return known;
}

interface Endpoint {
  id: string;
  url: string;
  enabled: boolean;
  disabled_reason: string | null;
}

interface Delivery {
  id: string;
  attempts: {
    number: number;
    duration_ms: number | null;
    response_status: number | null;
    error: string | null;
  }[];
}

const waitMs = 250;
const waits = 40;

export const webhooks = check({
  id: 'webhooks',
  looksAt: 'The webhook endpoints of the provider take a test',
  causes: {
    'webhooks-missing': {
      blocks: false,
      means: 'No webhook endpoint is registered: your server does not hear when a session ends.',
      mend: 'Register one by POST /webhook-endpoints, if your server is to know.',
    },
    'webhook-disabled': {
      blocks: false,
      means: 'The webhook endpoint {address} is disabled ({reason}).',
      mend: 'Mend what answers there, then enable it.',
    },
    'webhook-unanswered': {
      blocks: false,
      means: 'Nothing good answers the test at {address}: {error}.',
      mend: 'Start what takes webhooks there, by https and within ten seconds.',
    },
    'webhook-refused': {
      blocks: false,
      means: '{address} answers the test with {status}.',
      mend: 'Answer 2xx; 400 and 401 mean most often that the signing secret is another one, or the body was changed before it was checked.',
    },
  },
  async look(scene, tell) {
    const answer = await askAs(scene, '/webhook-endpoints');
    const listed = answer?.status === 200 ? read<{ endpoints?: Endpoint[] }>(answer)?.endpoints : undefined;
    if (!listed) throw new NotLookedAt('the service does not tell of webhook endpoints');
    if (listed.length === 0) tell('webhooks-missing');
    for (const { id, url, enabled, disabled_reason } of listed) {
      const { origin, pathname } = new URL(url);
      const address = origin + pathname;
      if (!enabled) {
        tell('webhook-disabled', { address, reason: disabled_reason ?? 'unknown' });
        continue;
      }
      const attempt = await firstAttempt(scene, id);
      if (!attempt) tell('webhook-unanswered', { address, error: 'no answer within ten seconds' });
      else if (attempt.response_status === null)
        tell('webhook-unanswered', { address, error: attempt.error ?? 'no answer' });
      else if (attempt.error !== null) tell('webhook-refused', { address, status: attempt.response_status });
    }
  },
});

/** Has a test sent, and waits for the answer to its first try. */
async function firstAttempt(
  scene: Scene,
  endpointId: string,
): Promise<Delivery['attempts'][number] | undefined> {
  const sent = await askAs(scene, `/webhook-endpoints/${endpointId}/test`, 'POST');
  const id = sent && read<Delivery>(sent)?.id;
  for (let asked = 0; id && asked < waits; asked += 1) {
    await scene.surroundings.wait(waitMs);
    const answer = await askAs(scene, `/webhook-endpoints/${endpointId}/deliveries/${id}`);
    const [attempt] = (answer && read<Delivery>(answer)?.attempts) ?? [];
    if (attempt && attempt.duration_ms !== null) return attempt;
  }
  return undefined;
}
