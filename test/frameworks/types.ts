// What TypeScript knows of the tags in each framework's markup. It is compiled and never run.
import type { JSX } from 'solid-js';
import type { SvelteHTMLElements } from 'svelte/elements';
import { injectMarketplaceSession } from 'marketplace-session/angular';
import type {} from 'marketplace-session/solid';
import { marketplaceSession, marketplaceSessionTimer } from 'marketplace-session/svelte';

const save = async () => {};

export const inSvelte = {
  'api-endpoint': 'https://market.example/api/v1',
  'no-redirect': true,
  theme: 'dark',
  class: 'mine',
  'onsession-warning': ({ remainingSeconds, isLast }) => void [remainingSeconds.toFixed(), isLast],
  'onsession-end-request': (event) => event.respondWith(save()),
} satisfies SvelteHTMLElements['marketplace-session'];

// @ts-expect-error: no theme of that name
export const wrongTheme: SvelteHTMLElements['marketplace-session'] = { theme: 'purple' };
// @ts-expect-error: no event of that name
export const wrongEvent: SvelteHTMLElements['marketplace-session'] = { 'onsession-warned': () => {} };
export const timer: SvelteHTMLElements['marketplace-session-timer'] = { for: 'session', shape: 'pill' };

export const attachments = [
  marketplaceSession({ warningSeconds: [300], strings: { end: 'Finish' }, noExtend: undefined }),
  // @ts-expect-error: a list of numbers
  marketplaceSession({ warningSeconds: '300' }),
  // @ts-expect-error: a method is no property to be set
  marketplaceSession({ start: save }),
  marketplaceSessionTimer({ shape: 'ring' }),
];

export const inSolid = {
  'api-endpoint': 'https://market.example/api/v1',
  'bool:no-extend': true,
  'prop:strings': { end: 'Finish' },
  'prop:warningSeconds': [300],
  'on:session-warning': ({ remainingSeconds, isLast }) => void [remainingSeconds.toFixed(), isLast],
} satisfies JSX.IntrinsicElements['marketplace-session'];

// @ts-expect-error: a server would write it into the page
export const leak: JSX.IntrinsicElements['marketplace-session'] = { strings: { end: 'Finish' } };
// @ts-expect-error: a list of numbers
export const wrongList: JSX.IntrinsicElements['marketplace-session'] = { 'prop:warningSeconds': '300' };

export function inAngular(): number | null {
  const session = injectMarketplaceSession({ apiEndpoint: 'https://market.example/api/v1' });
  // @ts-expect-error: a signal is read by a call
  const text: string = session.remainingText;
  return session.remainingSeconds() ?? text.length;
}
