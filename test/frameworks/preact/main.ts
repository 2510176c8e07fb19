import { Fragment, h, render } from 'preact';
import { useState } from 'preact/hooks';
import 'marketplace-session';
import {
  apiEndpoint,
  cancel,
  getSessionToken,
  noteEvent,
  otherStrings,
  someStrings,
  warningSeconds,
} from '../app-settings.js';

function App() {
  const [isChanged, setChanged] = useState(false);
  const [isThere, setThere] = useState(true);
  return h(
    Fragment,
    null,
    h('button', { id: 'change', onClick: () => setChanged(!isChanged) }, 'Change'),
    h('button', { id: 'remove', onClick: () => setThere(!isThere) }, 'Remove'),
    isThere &&
      h(
        'marketplace-session',
        {
          'api-endpoint': apiEndpoint,
          warningSeconds,
          strings: isChanged ? otherStrings : someStrings,
          getSessionToken,
          noRedirect: true,
          noExtend: isChanged,
          'onsession-ready': noteEvent,
          'onsession-warning': cancel,
          'onsession-statechange': noteEvent,
        },
        h('p', { slot: 'fallback' }, 'Opening…'),
        isChanged ? h('b', { id: 'child' }, 'Changed') : h('i', { id: 'child' }, 'First'),
      ),
  );
}

render(h(App, null), document.querySelector('#app')!);
