import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
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
  return (
    <>
      <button id="change" onClick={() => setChanged(!isChanged)}>
        Change
      </button>
      <button id="remove" onClick={() => setThere(!isThere)}>
        Remove
      </button>
      {isThere && (
        <marketplace-session
          api-endpoint={apiEndpoint}
          warningSeconds={warningSeconds}
          strings={isChanged ? otherStrings : someStrings}
          getSessionToken={getSessionToken}
          no-redirect={true}
          noExtend={isChanged}
          onsession-ready={noteEvent}
          onsession-warning={cancel}
          onsession-statechange={noteEvent}
        >
          <p slot="fallback">Opening…</p>
          {isChanged ? <b id="child">Changed</b> : <i id="child">First</i>}
        </marketplace-session>
      )}
    </>
  );
}

createRoot(document.querySelector('#app')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
