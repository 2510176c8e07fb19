import { useState } from 'react';
import { MarketplaceSession, MarketplaceSessionTimer } from 'marketplace-session/react';

export function App() {
  const [state, setState] = useState('idle');
  return (
    <>
      <header>
        <MarketplaceSessionTimer for="session" shape="pill" />
      </header>
      <MarketplaceSession
        id="session"
        sandbox="duration=600"
        noTimer
        strings={{ end: 'Finish' }}
        onSessionStatechange={(event) => setState(event.state)}
      />
      <h1>What people pay for</h1>
      <p id="state">{state}</p>
    </>
  );
}
