const css = String.raw;

/** The timer. Font and colours are the page's; every token can be set from outside. */
export const timerStyles = css`
  :host {
    --ms-surface: var(--marketplace-session-surface, light-dark(#fff, #1b1d22));
    --ms-text: var(--marketplace-session-text, light-dark(#1a1c20, #eceef2));
    --ms-muted: var(--marketplace-session-muted, color-mix(in srgb, currentColor 75%, transparent));
    --ms-border: var(--marketplace-session-border, color-mix(in srgb, currentColor 30%, transparent));
    --ms-radius: var(--marketplace-session-radius, 0.625rem);
    display: block;
    color: var(--marketplace-session-text, inherit);
  }
  :host([theme='light']) {
    color-scheme: light;
    color: var(--ms-text);
  }
  :host([theme='dark']) {
    color-scheme: dark;
    color: var(--ms-text);
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  /* Of what the page hands down the tag takes its font, its colours and whether it is seen. */
  [part='session'] {
    all: initial;
    display: block;
    color: inherit;
    color-scheme: inherit;
    font: inherit;
    overflow-wrap: anywhere;
    visibility: inherit;
  }
  [part='timer'] {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 0.5rem;
  }
  [part='timer-label'],
  [part='end-time'] {
    color: var(--ms-muted);
    font-size: 0.875em;
  }
  [part='time'] {
    text-align: end;
    font-size: 1.375em;
    font-weight: 650;
    font-variant-numeric: tabular-nums;
  }
  /* As wide as it gets, in any font: the last digit stays where it is from 10:00 to 9:59. */
  [part='time']::after {
    content: '00:00';
    display: block;
    height: 0;
    visibility: hidden;
  }
  .long::after {
    content: '0:00:00';
  }
  [part='announcement'] {
    position: absolute;
  }
`;

/** The bar around it, in each layout. */
export const barStyles = css`
  [part='bar'],
  [part='loading'],
  [part='buttons'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
  }
  [part='bar'],
  [part='loading'] {
    min-height: 2.75rem;
    column-gap: 1rem;
    overflow-wrap: anywhere;
  }
  [part='timer'] {
    margin-inline-end: auto;
  }
  :host(:is([layout='bar'], [layout='floating'])) [part='session'] {
    padding: 0.375rem 0.75rem;
    border: 1px solid var(--ms-border);
    background: var(--ms-surface);
    color: var(--ms-text);
  }
  :host([layout='floating']) [part='session'] {
    position: fixed;
    z-index: var(--marketplace-session-layer, 99);
    inset: auto 1rem 1rem;
    width: fit-content;
    max-width: 27rem;
    margin-inline-start: auto;
    border-radius: var(--ms-radius);
  }
  :host([layout='compact']) :is([part='timer-label'], [part='end-time']) {
    display: none;
  }
  @media (max-width: 30rem) {
    [part='timer'] {
      min-height: 2.25rem;
    }
    [part='buttons'] {
      flex: 1 0 100%;
      min-height: 2.75rem;
    }
    [part='loading'] {
      min-height: 5.5rem;
    }
  }
`;
