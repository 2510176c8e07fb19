import { createSignal } from 'solid-js';
import 'marketplace-session/pieces';

export function App() {
  const [state, setState] = createSignal('idle');
  return (
    <>
      <header>
        <marketplace-session-timer for="session" shape="pill" />
      </header>
      <marketplace-session
        id="session"
        sandbox="duration=600"
        no-timer
        prop:strings={{ end: 'Finish' }}
        on:session-statechange={(event) => setState(event.state)}
      />
      <h1>What people pay for</h1>
      <p id="state">{state()}</p>
    </>
  );
}
