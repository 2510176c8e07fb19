// The service, as the page reaches it.
import { check, NotLookedAt } from '../check.js';
import type { Answer, Scene } from '../scene.js';

/** No session token: refused by every service, and by what it says it is known. */
const refusedToken = 'setup-probe';

const originOf = ({ page, pageUrl }: Scene) => (page?.url ?? pageUrl).origin;

/** @throws {NotLookedAt} where no service is named */
export function endpointOf({ endpoint, surroundings }: Scene): URL {
  if (!endpoint || !/^https?:$/.test(endpoint.protocol))
    throw new NotLookedAt('no address of a service is known');
  if (surroundings.mayAskService?.(endpoint) === false)
    throw new NotLookedAt('the page asks another service, which is not asked from here');
  return endpoint;
}

/** An address below that of the API. */
export const below = (endpoint: URL, path: string): URL =>
  new URL(`${endpoint.origin}${endpoint.pathname.replace(/\/+$/, '')}${path}`);

const validate = (scene: Scene): Promise<Answer | undefined> =>
  scene.ask(below(endpointOf(scene), '/sessions/validate'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: originOf(scene) },
    body: JSON.stringify({ session_jwt: refusedToken }),
  });

/** Whether it is a refusal as the protocol has it. */
function isRefusal({ text }: Answer): boolean {
  try {
    const { code, error, valid } = JSON.parse(text) as Record<string, unknown>;
    return typeof (code ?? error) === 'string' || valid === false;
  } catch {
    return false;
  }
}

export const service = check({
  id: 'service',
  looksAt: 'The service answers at api-endpoint',
  causes: {
    'service-unreachable': {
      blocks: true,
      means: 'Nobody answers at {endpoint}.',
      mend: 'Start the service, or correct api-endpoint.',
    },
    'service-elsewhere': {
      blocks: true,
      means: '{endpoint} answers {status}, but not as a session service does.',
      mend: 'Name the address of its API, such as https://market.example/api/v1; {endpoint} belongs to something else.',
    },
    'service-failing': {
      blocks: true,
      means: 'The service at {endpoint} answers {status}.',
      mend: 'See its log; nobody can start a session until it answers.',
    },
  },
  async look(scene, tell) {
    const endpoint = endpointOf(scene).href;
    const answer = await validate(scene);
    if (!answer) tell('service-unreachable', { endpoint });
    else if (answer.status >= 500) tell('service-failing', { endpoint, status: answer.status });
    else if (!isRefusal(answer)) tell('service-elsewhere', { endpoint, status: answer.status });
  },
});

/** What the tag sends that a page may not send without leave. */
const sentHeaders = ['authorization', 'content-type', 'dpop', 'idempotency-key'];

export const crossOrigin = check({
  id: 'cors',
  looksAt: 'Browsers let the page read what the service answers',
  causes: {
    'cors-refused': {
      blocks: true,
      means: 'The service answers the preflight of {origin} without leave ({status}).',
      mend: 'Let OPTIONS through to the service, whose answer must reach the browser as it is.',
    },
    'cors-without-header': {
      blocks: true,
      means: 'The preflight does not allow {headers}.',
      mend: 'Add {headers} to Access-Control-Allow-Headers; a * does not stand for Authorization.',
    },
    'cors-unreadable': {
      blocks: true,
      means: 'The preflight passes, and the answer comes without Access-Control-Allow-Origin.',
      mend: 'Keep the headers of the service on all answers, errors too: something in front of it takes them away.',
    },
  },
  async look(scene, tell) {
    const [endpoint, origin] = [endpointOf(scene), originOf(scene)];
    if (endpoint.origin === origin) throw new NotLookedAt('page and service are of one origin');
    const preflight = await scene.ask(below(endpoint, '/sessions/validate'), {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': sentHeaders.join(','),
      },
    });
    if (!preflight || preflight.status >= 500) throw new NotLookedAt('the service does not answer');
    const lets = ({ headers }: Answer) =>
      ['*', origin].includes(headers.get('access-control-allow-origin') ?? '');
    if (preflight.status >= 300 || !lets(preflight))
      return tell('cors-refused', { origin, status: preflight.status });
    const allowed = (preflight.headers.get('access-control-allow-headers') ?? '')
      .toLowerCase()
      .split(/\s*,\s*/);
    const missing = sentHeaders.filter(
      (name) => !allowed.includes(name) && (name === 'authorization' || !allowed.includes('*')),
    );
    if (missing.length > 0) tell('cors-without-header', { headers: missing.join(', ') });
    const answer = await validate(scene);
    if (answer && !lets(answer)) tell('cors-unreadable');
  },
});

const advisedSeconds = 5;
const refusedSeconds = 60;

export const clocks = check({
  id: 'clock',
  looksAt: 'The clocks of service, page and this machine agree',
  causes: {
    'clock-of-service-off': {
      blocks: true,
      means: 'The clock of the service is {seconds} s {direction}.',
      mend: 'Set it by NTP: sessions end by it, and proofs and webhooks are refused by others.',
    },
    'clock-of-server-off': {
      blocks: true,
      means: "The clock of the page's server is {seconds} s {direction}.",
      mend: 'Set it by NTP: it refuses webhooks, and takes session tokens that have expired.',
    },
    'clock-off': {
      blocks: false,
      means: 'The clock of this machine is {seconds} s {direction}.',
      mend: 'Set it by NTP; the time that is left is shown right nevertheless.',
    },
  },
  async look(scene, tell) {
    const { page } = scene;
    const answer = await scene.ask(below(endpointOf(scene), '/healthz'));
    const offOf = (one: Answer | undefined) => {
      const date = Date.parse(one?.headers.get('date') ?? '');
      // It is cut to whole seconds.
      return Number.isNaN(date) ? undefined : Math.round((date + 500 - one!.at) / 1000);
    };
    const [service, server] = [offOf(answer), offOf(page)];
    if (service === undefined) throw new NotLookedAt('the service does not say what time it is');
    const agree = (one: number, other: number) => Math.abs(one - other) <= advisedSeconds;
    const say = (seconds: number) => ({
      seconds: Math.abs(seconds),
      direction: seconds > 0 ? 'ahead' : 'behind',
    });
    // Two of three say which one is wrong.
    if (server !== undefined && agree(service, server)) {
      if (!agree(service, 0)) tell('clock-off', say(-service));
    } else if (Math.abs(service) > refusedSeconds) tell('clock-of-service-off', say(service));
    else if (server !== undefined && agree(service, 0) && Math.abs(server) > refusedSeconds)
      tell('clock-of-server-off', say(server));
    else if (!agree(service, 0)) tell('clock-off', say(-service));
  },
});

export const keySet = check({
  id: 'keys',
  looksAt: 'The published keys can be used where jwks-uri is set',
  causes: {
    'keys-unreachable': {
      blocks: true,
      means: 'jwks-uri leads nowhere: {address} answers {status}.',
      mend: "Set it to the service's .well-known/jwks.json, or leave it out.",
    },
    'keys-without-cors': {
      blocks: true,
      means: '{address} does not let the page read it.',
      mend: 'Send Access-Control-Allow-Origin: * with the keys: they are public.',
    },
    'keys-invalid': {
      blocks: true,
      means: '{address} is no key set with an ES256 key.',
      mend: "Set jwks-uri to the service's .well-known/jwks.json.",
    },
  },
  async look(scene, tell) {
    const written = scene.tag?.attributes.get('jwks-uri');
    const base = scene.page?.url;
    if (!written || !base) throw new NotLookedAt('the tag has no jwks-uri');
    const url = URL.canParse(written, base) ? new URL(written, base) : undefined;
    const address = url?.href ?? written;
    const answer = url && (await scene.ask(url, { headers: { Origin: base.origin } }));
    if (!answer || answer.status >= 300)
      return tell('keys-unreachable', { address, status: answer?.status ?? 'nothing' });
    const allowed = answer.headers.get('access-control-allow-origin') ?? '';
    if (url.origin !== base.origin && allowed !== '*' && allowed !== base.origin)
      tell('keys-without-cors', { address });
    if (!hasKey(answer.text)) tell('keys-invalid', { address });
  },
});

function hasKey(text: string): boolean {
  try {
    const { keys } = JSON.parse(text) as { keys: { kty?: unknown; crv?: unknown; kid?: unknown }[] };
    return keys.some(({ kty, crv, kid }) => kty === 'EC' && crv === 'P-256' && typeof kid === 'string');
  } catch {
    return false;
  }
}
