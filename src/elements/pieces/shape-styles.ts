import { timerStyles } from '../session/styles.js';

const css = String.raw;

/** The shapes of the timer that stands alone. */
const shapeStyles = css`
  :host {
    --ms-accent: var(--marketplace-session-accent, light-dark(#1d4ed8, #a3bfff));
    --ms-urgent: var(--marketplace-session-urgent, light-dark(#b3261e, #ffb4ab));
    display: inline-block;
    vertical-align: middle;
  }
  :host(:state(warning)) {
    --ms-accent: var(--ms-urgent);
  }
  :host(:is(:state(paused), :state(waiting))) [part='time'] {
    color: var(--ms-muted);
  }
  :host(:state(warning)) [part='time'] {
    text-decoration: underline;
    text-decoration-color: var(--ms-urgent);
    text-decoration-thickness: 0.09em;
    text-underline-offset: 0.22em;
  }
  [part='time']:empty::before {
    content: '–:––';
  }
  :host(:is([shape='pill'], [shape='ring'])) {
    margin-block: 0.25rem;
  }
  :host([shape='pill']) [part='session'] {
    padding: 0.375rem 1rem;
    border: 1px solid var(--ms-border);
    border-radius: 999px;
    background: var(--ms-surface);
    color: var(--ms-text);
  }
  :host([shape='pill']:state(warning)) [part='session'] {
    border-color: var(--ms-urgent);
    box-shadow: inset 0 0 0 1px var(--ms-urgent);
  }
  :host([shape='ring']) [part='timer'] {
    position: relative;
    flex-flow: column nowrap;
    gap: 0.1875rem;
    align-items: center;
    justify-content: center;
    box-sizing: border-box;
    width: var(--marketplace-session-ring, 8rem);
    aspect-ratio: 1;
    padding: 0.75rem;
    line-height: 1.2;
    text-align: center;
  }
  :host([shape='ring']) [part='time']::after {
    display: none;
  }
  :host([shape='ring']) :is([part='timer-label'], [part='end-time']) {
    font-size: 0.75em;
  }
  svg {
    position: absolute;
    inset: 0;
    rotate: -90deg;
    fill: none;
    stroke-width: 5;
  }
  :host(:not([shape='ring'])) svg {
    display: none;
  }
  [part='ring-track'] {
    stroke: var(--ms-border);
  }
  [part='ring-rest'] {
    stroke: var(--ms-accent);
  }
  @media (prefers-reduced-motion: no-preference) {
    [part='ring-rest'] {
      transition: stroke-dasharray 1s linear;
    }
  }
  @media (forced-colors: active) {
    /* Few colours are left, and any two may be near each other: what is left of it is told by its width. */
    [part='ring-track'] {
      stroke: CanvasText;
      stroke-width: 1;
    }
    [part='ring-rest'] {
      stroke: CanvasText;
      stroke-width: 8;
    }
  }
`;

export const timerPieceStyles = [timerStyles, shapeStyles];
