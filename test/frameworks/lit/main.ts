import { html, LitElement } from 'lit';
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

class TagApp extends LitElement {
  static override properties = { isChanged: { state: true }, isThere: { state: true } };

  declare isChanged: boolean;
  declare isThere: boolean;

  constructor() {
    super();
    this.isChanged = false;
    this.isThere = true;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): unknown {
    const { isChanged, isThere } = this;
    const tag = html`
      <marketplace-session
        api-endpoint=${apiEndpoint}
        .warningSeconds=${warningSeconds}
        .strings=${isChanged ? otherStrings : someStrings}
        .getSessionToken=${getSessionToken}
        no-redirect
        ?no-extend=${isChanged}
        @session-ready=${noteEvent}
        @session-warning=${cancel}
        @session-statechange=${noteEvent}
      >
        <p slot="fallback">Opening…</p>
        ${isChanged ? html`<b id="child">Changed</b>` : html`<i id="child">First</i>`}
      </marketplace-session>
    `;
    return html`
      <button id="change" @click=${() => (this.isChanged = !isChanged)}>Change</button>
      <button id="remove" @click=${() => (this.isThere = !isThere)}>Remove</button>
      ${isThere ? tag : null}
    `;
  }
}

customElements.define('tag-app', TagApp);
