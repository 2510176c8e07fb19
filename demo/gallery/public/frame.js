// One state of the tag, in a page of its own: `frame.html?state=dialog#theme=dark&lang=de&dir=rtl&look=paper`.
import { fakeDevices } from './devices.js';
import { startService } from './service.js';
import { addressesOf, dressOf, findState, tagsOf } from './states.js';

const state = findState(new URLSearchParams(location.search).get('state'));
const { endpoint, token } = startService(state);
fakeDevices(state.devices ?? {});
await Promise.all([
  import('../cdn/pieces.js'),
  import('../cdn/live-help.js'),
  import('../cdn/dashboard.js'),
  import('../cdn/setup.js'),
]);

const root = document.documentElement;
const look = document.getElementById('look');

/** A tag of the state, as its code has it; the tag itself over the service that exists only here. */
function make([name, attributes, children]) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children.map((child) => (typeof child === 'string' ? child : make(child))));
  for (const [attribute, value] of Object.entries(addressesOf([name, attributes], endpoint)))
    element.setAttribute(attribute, value);
  if (name === 'marketplace-session' && !state.hasNoToken) element.setAttribute('session-token', token);
  return element;
}
const elements = tagsOf(state).map(make);

/** What the address asks for, as it changes: of the page around, and of each tag. */
function dress() {
  const wanted = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  root.lang = wanted.lang ?? 'en';
  root.dir = wanted.dir ?? '';
  if (!root.dir) root.removeAttribute('dir');
  root.dataset.theme = wanted.theme ?? 'auto';
  const own = dressOf(wanted);
  for (const element of elements) {
    for (const name of ['theme', 'lang', 'dir'])
      if (own[name]) element.setAttribute(name, own[name]);
      else element.removeAttribute(name);
  }
  const href = `looks/${(wanted.look ?? 'own').replace(/\W/g, '')}.css`;
  if (look.getAttribute('href') !== href) look.setAttribute('href', href);
}
addEventListener('hashchange', dress);
dress();

const session = elements.at(-1);
document.getElementById('stage').append(...elements);

// As high as what is in it; a dialog and what floats fill a window of their own.
if (window.frameElement?.classList.contains('low')) {
  const fit = () => (frameElement.style.height = `${document.body.offsetHeight}px`);
  new ResizeObserver(fit).observe(document.body);
}

/** Waits for a part that a person could press, in the tag or in a piece; `dialog …` in the dialog. */
async function part(name) {
  const selector = name.replace(/[\w-]+$/, '[part~="$&"]');
  for (;;) {
    for (const { shadowRoot } of elements) {
      const found = shadowRoot?.querySelector(selector);
      if (found) return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

if (state.write) {
  const field = await part('message-field');
  field.value = state.write;
  field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  (await part('send-button')).click();
}

if (state.send) {
  const chosen = new DataTransfer();
  for (const [name, type, size] of state.send)
    chosen.items.add(new File([new Uint8Array(size)], name, { type }));
  await part('choose-button');
  const input = elements[0].shadowRoot.querySelector('input[type=file]');
  input.files = chosen.files;
  input.dispatchEvent(new Event('change'));
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

// All that a person would have done has been done.
root.dataset.reached = state.id;

// What has run out begins again.
if (!state.isEnded && !state.isFinal)
  session.addEventListener('session-end', () => setTimeout(() => location.reload(), 4000));
