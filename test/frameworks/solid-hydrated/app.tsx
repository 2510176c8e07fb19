/** @jsxImportSource solid-js */
import { createSignal, onMount, Show } from 'solid-js';
import { createMarketplaceSession } from 'marketplace-session/solid';
import type { Addresses } from '../addresses.js';

/** Events in the order in which they came. */
const heard: string[] = [];
const note = (event: Event) => void heard.push(event.type);

function Hooked(props: Pick<Addresses, 'apiEndpoint' | 'hookToken'>) {
  const { state, isWarning, remainingText, extend } = createMarketplaceSession({
    apiEndpoint: props.apiEndpoint,
    sessionToken: props.hookToken,
    id: 'hooked',
  });
  return (
    <p id="hook" data-state={state()} data-warning={isWarning()}>
      <time>{remainingText()}</time>
      <button onClick={() => void extend(15)}>More</button>
    </p>
  );
}

export function App(props: Addresses) {
  const [isChanged, setChanged] = createSignal(false);
  const [isThere, setThere] = createSignal(true);
  const [told, setTold] = createSignal('Told');
  // Once the page is hydrated, so that no event is missed.
  onMount(() => import('marketplace-session/pieces'));
  return (
    <main>
      <button id="change" onClick={() => setChanged(!isChanged())}>
        Change
      </button>
      <button id="remove" onClick={() => setThere(!isThere())}>
        Remove
      </button>
      <button id="told" onClick={() => setTold(heard.join(' '))}>
        {told()}
      </button>
      <Show when={isThere()}>
        <marketplace-session
          api-endpoint={props.apiEndpoint}
          id="session"
          class="mine"
          theme={isChanged() ? 'light' : 'dark'}
          no-redirect
          bool:no-extend={isChanged()}
          prop:warningSeconds={[40]}
          prop:strings={{ end: isChanged() ? 'Stop here' : 'Finish' }}
          prop:getSessionToken={async () => (await fetch(props.tokenUrl)).text()}
          on:session-ready={note}
          on:session-statechange={note}
          on:session-warning={(event) => {
            note(event);
            event.preventDefault();
          }}
        >
          <i slot="fallback">Opening…</i>
          <Show when={isChanged()} fallback={<i id="child">First</i>}>
            <b id="child">Changed</b>
          </Show>
        </marketplace-session>
      </Show>
      <marketplace-session-timer for="session" shape="pill" />
      <Hooked apiEndpoint={props.apiEndpoint} hookToken={props.hookToken} />
    </main>
  );
}
