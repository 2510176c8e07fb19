// One state of the tag, in a page of its own: `frame.html?state=dialog#theme=dark&lang=de&dir=rtl&look=paper`.
import { startService } from './service.js';
import { findState, tagsOf } from './states.js';

const state = findState(new URLSearchParams(location.search).get('state'));
const { endpoint, token } = startService(state);
await import('/cdn/pieces.js');

const root = document.documentElement;
const look = document.getElementById('look');

/** What the address asks for, as it changes. */
function dress() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  root.lang = wanted.get('lang') ?? 'en';
  root.dir = wanted.get('dir') ?? '';
  if (!root.dir) root.removeAttribute('dir');
  root.dataset.theme = wanted.get('theme') ?? 'auto';
  const href = `looks/${(wanted.get('look') ?? 'own').replace(/\W/g, '')}.css`;
  if (look.getAttribute('href') !== href) look.setAttribute('href', href);
}
addEventListener('hashchange', dress);
dress();

const elements = tagsOf(state).map(([name, attributes]) => {
  const element = document.createElement(name);
  if (name === 'marketplace-session') {
    element.setAttribute('api-endpoint', endpoint);
    element.setAttribute('no-redirect', '');
    if (!state.hasNoToken) element.setAttribute('session-token', token);
  }
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
});
const session = elements.at(-1);
document.getElementById('stage').append(...elements);

// As high as what is in it; a dialog and what floats fill a window of their own.
if (window.frameElement?.classList.contains('low')) {
  const fit = () => (frameElement.style.height = `${document.body.offsetHeight}px`);
  new ResizeObserver(fit).observe(document.body);
}

/** Waits for a part that a person could press. */
async function part(name) {
  for (;;) {
    const found = session.shadowRoot?.querySelector(`[part~="${name}"]`);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

if (state.isEnded) await part('end-button').then(() => session.end());
for (const name of state.press ?? []) (await part(name)).click();

if (state.isOffline || state.isCut) {
  await part('end-button');
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => false });
  dispatchEvent(new Event('offline'));
  if (state.isCut) {
    delete navigator.onLine;
    dispatchEvent(new Event('online'));
  }
}

// What has run out begins again.
if (!state.isEnded) session.addEventListener('session-end', () => setTimeout(() => location.reload(), 4000));
