import { css } from '@lit/reactive-element/css-tag.js';

/** The timer. Colours follow the page's colour scheme; every token can be set from outside. */
export const timerStyles = css`
  :host {
    display: block;
    color: var(--marketplace-session-text, light-dark(#1a1c20, #eceef2));
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  [part='bar'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 1rem;
    min-height: 2.75rem;
  }
  [part='timer'] {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 0.5rem;
    margin-inline-end: auto;
  }
  [part='timer-label'],
  [part='end-time'] {
    color: var(--marketplace-session-muted, light-dark(#565b66, #a8aebb));
    font-size: 0.875em;
  }
  [part='time'] {
    min-width: 5ch;
    font-size: 1.375em;
    font-weight: 650;
    font-variant-numeric: tabular-nums;
  }
  .long {
    min-width: 7ch;
  }
  :host(:state(warning)) [part='time'] {
    color: var(--marketplace-session-urgent, light-dark(#b3261e, #ffb4ab));
    text-decoration: underline 0.1em;
    text-underline-offset: 0.2em;
  }
  [part='announcement'] {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: 0;
    overflow: hidden;
    clip-path: inset(50%);
  }
`;
