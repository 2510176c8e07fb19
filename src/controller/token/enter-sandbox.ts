import { SessionError } from '../../protocol/errors.js';
import { Sandbox } from '../../sandbox/sandbox.js';
import { checkedAddress } from '../options.js';
import { pageOf } from '../page/browser-page.js';
import type { Page } from '../page/page.js';
import type { SessionRun } from '../run/session-run.js';
import type { World } from '../world.js';

/** What the words of `sandbox` may say, such as `duration=120`, and the most of each. */
const most = { duration: 86_400, tokens: 1_000_000_000, price: 1_000_000 };
/** What is asked where the page names no service: nobody else is there. */
const usualEndpoint = 'https://sandbox.invalid/api/v1';
type Wish = keyof typeof most;

/**
 * Puts a session service in memory in place of the one at the endpoint, and has it sell a session to this page.
 * @param token what the address or the program has: there must be none
 * @returns its session token
 * @throws {SessionError} `SANDBOX_REFUSED`
 */
export async function enterSandbox(run: SessionRun, token: string | null): Promise<string> {
  const { options, world, signal } = run;
  const wishes = read(options.sandbox!);
  const endpoint = options.apiEndpoint ? checkedAddress(options.apiEndpoint) : usualEndpoint;
  if (endpoint !== usualEndpoint && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(endpoint).hostname))
    refuse('api-endpoint is that of a service: leave it out, or take sandbox away.');
  if (token) {
    run.store.clear();
    refuse('there is a session token, of a session that was sold: take sandbox away.');
  }
  if (!globalThis.crypto?.subtle)
    refuse('a browser signs nothing for a page that is neither on https nor on localhost.');
  const sandbox = new Sandbox({
    apiEndpoint: endpoint,
    applicationId: options.applicationId,
    tokensPerMinute: wishes.price,
    now: world.now,
  });
  run.endpoint = endpoint;
  run.world = worldWith(sandbox, world, options.jwksUri);
  // A reload begins with another session.
  run.store.save = () => {};
  const sold = await sandbox.sell({ seconds: wishes.duration, tokens: wishes.tokens });
  signal.throwIfAborted();
  return sold.token;
}

function refuse(why: string): never {
  throw new SessionError('SANDBOX_REFUSED', { message: `The sandbox is refused: ${why}` });
}

function read(words: readonly string[]): Partial<Record<Wish, number>> {
  const wishes: Partial<Record<Wish, number>> = {};
  for (const word of words) {
    const [, name, digits] = /^(duration|tokens|price)=(\d+)$/.exec(word) ?? [];
    const number = Number(digits);
    const isSensible =
      name !== undefined && number <= most[name as Wish] && (name === 'tokens' || number > 0);
    if (!isSensible)
      refuse(`${word} says nothing: duration=120 (seconds), tokens=500, price=10 (tokens a minute).`);
    wishes[name as Wish] = number;
  }
  return wishes;
}

/** The same page with another service, of which other tabs know nothing, and the next page of this one neither. */
function worldWith(sandbox: Sandbox, world: World, jwksUri: string | undefined): World {
  const { apiEndpoint } = sandbox;
  const page = Object.create(pageOf(world), {
    openTabChannel: { value: () => null },
    locks: { value: null },
    sharedStorage: { value: null },
  }) as Page;
  const fetch: World['fetch'] = (url, init) => {
    const own = url === jwksUri ? `${apiEndpoint}/.well-known/jwks.json` : url;
    return own.startsWith(`${apiEndpoint}/`) ? sandbox.fetch(new Request(own, init)) : world.fetch(url, init);
  };
  return Object.create(world, {
    fetch: { value: fetch },
    page: { value: page },
    tabStorage: { value: null },
  }) as World;
}
