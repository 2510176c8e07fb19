import '@angular/compiler';
import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import 'marketplace-session';
import { injectMarketplaceSession, provideMarketplaceSession } from 'marketplace-session/angular';
import {
  apiEndpoint,
  cancel,
  getSessionToken,
  noteEvent,
  otherStrings,
  someStrings,
  warningSeconds,
} from '../app-settings.js';

class App {
  readonly isChanged = signal(false);
  readonly isThere = signal(true);
  readonly apiEndpoint = apiEndpoint;
  readonly warningSeconds = warningSeconds;
  readonly someStrings = someStrings;
  readonly otherStrings = otherStrings;
  readonly getSessionToken = getSessionToken;
  readonly noteEvent = noteEvent;
  readonly cancel = cancel;
  readonly session = injectMarketplaceSession();
}

const component = Component({
  selector: '#app',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <button id="change" (click)="isChanged.set(!isChanged())">Change</button>
    <button id="remove" (click)="isThere.set(!isThere())">Remove</button>
    @if (isThere()) {
      <marketplace-session
        [attr.api-endpoint]="apiEndpoint"
        [warningSeconds]="warningSeconds"
        [strings]="isChanged() ? otherStrings : someStrings"
        [getSessionToken]="getSessionToken"
        no-redirect
        [noExtend]="isChanged()"
        (session-ready)="noteEvent($event)"
        (session-warning)="cancel($event)"
        (session-statechange)="noteEvent($event)"
      >
        <p slot="fallback">Opening…</p>
        @if (isChanged()) {
          <b id="child">Changed</b>
        } @else {
          <i id="child">First</i>
        }
      </marketplace-session>
    }
    <p id="without-element" [attr.data-state]="session.state()">
      <time>{{ session.remainingText() }}</time>
      <button (click)="session.extend(15)">More</button>
    </p>
  `,
});

await bootstrapApplication(component(App) as typeof App, {
  providers: [
    provideMarketplaceSession({ apiEndpoint: '', sandbox: ['duration=120'], id: 'without-element' }),
  ],
});
