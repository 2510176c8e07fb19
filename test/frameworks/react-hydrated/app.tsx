import { StrictMode, useRef, useState } from 'react';
import {
  MarketplaceSession,
  MarketplaceSessionProvider,
  MarketplaceSessionTimer,
  useMarketplaceSession,
} from 'marketplace-session/react';
import type { Addresses } from '../addresses.js';

/** Events in the order in which they came. */
const heard: string[] = [];
const note = (event: Event) => void heard.push(event.type);

function Hooked() {
  const { state, remainingText, extend, isWarning } = useMarketplaceSession();
  return (
    <p id="hook" data-state={state} data-warning={isWarning}>
      <time>{remainingText}</time>
      <button onClick={() => void extend(15)}>More</button>
    </p>
  );
}

export function App({ apiEndpoint, tokenUrl, hookToken }: Addresses) {
  const [isChanged, setChanged] = useState(false);
  const [isThere, setThere] = useState(true);
  const element = useRef<React.ComponentRef<typeof MarketplaceSession>>(null);
  return (
    <StrictMode>
      <button id="change" onClick={() => setChanged(!isChanged)}>
        Change
      </button>
      <button id="remove" onClick={() => setThere(!isThere)}>
        Remove
      </button>
      <button id="told" onClick={(event) => (event.currentTarget.textContent = heard.join(' '))}>
        Told
      </button>
      <button
        id="left"
        onClick={(event) => (event.currentTarget.textContent = String(element.current?.snapshot.state))}
      >
        State
      </button>
      {isThere && (
        <MarketplaceSession
          ref={element}
          className="mine"
          id="session"
          apiEndpoint={apiEndpoint}
          theme={isChanged ? 'light' : 'dark'}
          debug={false}
          noRedirect
          noExtend={isChanged}
          warningSeconds={[40]}
          strings={{ end: isChanged ? 'Stop here' : 'Finish' }}
          getSessionToken={async () => (await fetch(tokenUrl)).text()}
          onSessionReady={note}
          onSessionStatechange={note}
          onSessionWarning={(event) => {
            note(event);
            event.preventDefault();
          }}
        >
          <i slot="fallback">Opening…</i>
          {isChanged ? <b id="child">Changed</b> : <i id="child">First</i>}
        </MarketplaceSession>
      )}
      <MarketplaceSessionTimer for="session" shape="pill" />
      <MarketplaceSessionProvider apiEndpoint={apiEndpoint} sessionToken={hookToken} id="hooked">
        <Hooked />
      </MarketplaceSessionProvider>
    </StrictMode>
  );
}
