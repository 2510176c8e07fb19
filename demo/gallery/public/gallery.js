import { addressesOf, dressOf, groups, scriptsOf, storyOf, tagsOf } from './states.js';

const form = document.getElementById('settings');
const told = document.getElementById('told');
const lookCode = document.getElementById('look-code');

const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

/** What is chosen; what is left as it is has an empty value. */
const settings = () => Object.fromEntries(new FormData(form));

/** A value between double quotes (HTML standard, 13.1.2.3). */
const quoted = (value) => String(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;');

const attributesText = (attributes) =>
  Object.entries(attributes)
    .map(([name, value]) => (value === '' ? ` ${name}` : ` ${name}="${quoted(value)}"`))
    .join('');

/** A tag as a page writes it; those in it on lines of their own. */
function tagText([name, attributes, children], indent = '') {
  const inside = children.map((child) =>
    typeof child === 'string' ? child : `\n${indent}  ${tagText(child, `${indent}  `)}`,
  );
  const end = children.some((child) => typeof child !== 'string') ? `\n${indent}` : '';
  return `<${name}${attributesText(attributes)}>${inside.join('')}${end}</${name}>`;
}

/** The markup of a state, as a page of its own would have it: the addresses are this marketplace's. */
function markupOf(state) {
  const chosen = settings();
  const { origin } = location;
  const tags = tagsOf(state).map(([name, attributes, children]) => {
    const needed = addressesOf([name, attributes], `${origin}/api/v1`);
    return tagText([name, { ...needed, ...attributes, ...dressOf(chosen) }, children]);
  });
  return [
    ...scriptsOf(state).map((script) => `<script type="module" src="${origin}/cdn/${script}.js"></script>`),
    ...(chosen.look ? [`<link rel="stylesheet" href="${origin}/gallery/looks/${chosen.look}.css" />`] : []),
    ...tags,
  ].join('\n');
}

/** Code that can be copied; `read` gives it as it is by then. */
function codeBox(name) {
  const code = make('code');
  const button = make('button', { type: 'button', className: 'button button-quiet', textContent: 'Copy' });
  button.setAttribute('aria-label', `Copy the code: ${name}`);
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      told.textContent = 'Copied.';
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(code);
      told.textContent = 'Marked: copy it with your keyboard.';
      button.textContent = 'Marked';
    }
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  });
  const pre = make('pre', { tabIndex: 0 }, code);
  pre.setAttribute('role', 'group');
  pre.setAttribute('aria-label', `Code: ${name}`);
  return { code, parts: [pre, button] };
}

const shown = groups.flatMap(({ title, states }) => {
  const list = make('div', { className: 'states' });
  const id = title.toLowerCase().replace(/\W+/g, '-');
  const heading = make('h2', { textContent: title, tabIndex: -1 });
  document.getElementById('states').append(make('section', { id }, heading, list));
  const link = make('a', { href: `#${id}`, textContent: title });
  link.addEventListener('click', (event) => {
    // The address keeps the settings.
    event.preventDefault();
    heading.scrollIntoView();
    heading.focus({ preventScroll: true });
  });
  document.getElementById('contents').append(link);
  return states.map((state) => {
    const frame = make('iframe', {
      title: state.title,
      loading: 'lazy',
      className: state.isHigh ? 'high' : state.isMiddle ? 'middle' : 'low',
    });
    const { code, parts } = codeBox(state.title);
    list.append(
      make(
        'article',
        { className: 'state', id: state.id },
        make('h3', { textContent: state.title }),
        make('div', { className: 'window' }, frame),
        make(
          'details',
          {},
          make('summary', { textContent: 'Code' }),
          make('div', { className: 'code' }, ...parts),
          make('p', { className: 'story', textContent: storyOf(state) }),
        ),
      ),
    );
    return { state, frame, code };
  });
});

const look = codeBox('this look');
lookCode.querySelector('.code').append(...look.parts);

async function apply() {
  const { width, ...wanted } = settings();
  const hash = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value)).toString();
  document.body.classList.toggle('is-narrow', width === '320');
  for (const { state, frame, code } of shown) {
    // An empty fragment is an address too, of the top of the page: the browser would scroll to it.
    const address = `frame.html?state=${state.id}${hash && `#${hash}`}`;
    const page = frame.contentWindow;
    // A frame that is there is dressed anew, not loaded anew.
    if (page?.location.search === `?state=${state.id}`) {
      page.history.replaceState(null, '', address);
      page.dispatchEvent(new Event('hashchange'));
    } else frame.src = address;
    code.textContent = markupOf(state);
  }
  lookCode.hidden = !wanted.look;
  if (wanted.look) look.code.textContent = await (await fetch(`looks/${wanted.look}.css`)).text();
  history.replaceState(null, '', hash || width ? `#${hash}${width ? `&width=${width}` : ''}` : ' ');
}

// An address with settings in it can be passed on.
for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
  const field = form.elements.namedItem(name);
  if (field) field.value = value;
}
form.addEventListener('change', () => void apply());
await apply();
