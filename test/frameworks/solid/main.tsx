/** @jsxImportSource solid-js */
import { createSignal, Show } from 'solid-js';
import { render } from 'solid-js/web';
import 'marketplace-session';
// What JSX knows of the tag.
import 'marketplace-session/solid';
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
  const [isChanged, setChanged] = createSignal(false);
  const [isThere, setThere] = createSignal(true);
  return (
    <>
      <button id="change" onClick={() => setChanged(!isChanged())}>
        Change
      </button>
      <button id="remove" onClick={() => setThere(!isThere())}>
        Remove
      </button>
      <Show when={isThere()}>
        <marketplace-session
          attr:api-endpoint={apiEndpoint}
          prop:warningSeconds={warningSeconds}
          prop:strings={isChanged() ? otherStrings : someStrings}
          prop:getSessionToken={getSessionToken}
          no-redirect
          bool:no-extend={isChanged()}
          on:session-ready={noteEvent}
          on:session-warning={cancel}
          on:session-statechange={noteEvent}
        >
          <p slot="fallback">Opening…</p>
          <Show when={isChanged()} fallback={<i id="child">First</i>}>
            <b id="child">Changed</b>
          </Show>
        </marketplace-session>
      </Show>
    </>
  );
}

render(() => <App />, document.querySelector('#app')!);
