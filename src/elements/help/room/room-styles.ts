const css = String.raw;

/** The stage and the row of buttons, which are as everywhere. */
export const roomStyles = css`
  [part='room'] {
    --dialog-space: 1rem;
    container-type: inline-size;
    width: 100%;
  }
  [part='room-title'] {
    outline-offset: 0.25rem;
  }
  [part='room-text'],
  [part='device-text'] {
    color: var(--ms-muted);
  }
  [part='room-text']:empty {
    display: none;
  }
  [part='stage'] {
    position: relative;
    display: grid;
    place-items: center;
    height: min(var(--marketplace-session-room-height, 70vh), 75cqi);
    min-height: 12rem;
    overflow: hidden;
    border: 1px solid transparent;
    border-radius: var(--ms-radius);
    background: #16181d;
    color: #f3f4f6;
  }
  [part='remote-video'] {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: contain;
  }
  /* It goes on sounding. */
  [data-empty] {
    opacity: 0;
  }
  [part='stage-text'] {
    position: absolute;
    inset-block-end: 0.75rem;
    inset-inline-start: 0.75rem;
    max-width: calc(100% - 1.5rem);
    margin: 0;
    padding: 0.25rem 0.625rem;
    border-radius: var(--ms-radius);
    background: #16181dd9;
    color: inherit;
    font-size: 0.9375em;
  }
  [part='own-video'] {
    position: absolute;
    inset-block-start: 0.75rem;
    inset-inline-end: 0.75rem;
    width: clamp(5rem, 22%, 14rem);
    aspect-ratio: 4 / 3;
    border: 1px solid #ffffff80;
    border-radius: calc(var(--ms-radius) / 2);
    background: #000;
    object-fit: cover;
  }
  [data-mirrored] {
    transform: scaleX(-1);
  }
  /* Of a screen that is shared all is seen. */
  [part='own-video']:not([data-mirrored]) {
    object-fit: contain;
  }
  [part='controls'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  [part='controls']:empty {
    display: none;
  }
  [part='controls'] > * {
    gap: 0.375rem;
    min-height: 2.75rem;
  }
  [part='controls'] > [part~='leave-button'] {
    margin-inline-start: auto;
    border-color: currentColor;
    color: var(--ms-urgent);
  }
  /* A sign beside the word: colour alone says nothing (WCAG 1.4.1). */
  [aria-pressed]::before {
    content: '×' / '';
    font-weight: 700;
  }
  [aria-pressed='true']::before {
    content: '✓' / '';
  }
  [aria-pressed='true'],
  [aria-expanded='true'] {
    border-color: var(--ms-accent);
    background: color-mix(in srgb, var(--ms-accent) 12%, transparent);
  }
  [part='devices'] {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr));
    gap: 0.75rem;
  }
  [part='device-label'] {
    display: grid;
    gap: 0.25rem;
    min-width: 0;
  }
  [part='device-choice'] {
    box-sizing: border-box;
    min-width: 0;
    width: 100%;
    min-height: 2.75rem;
    padding: 0.25rem 0.5rem;
    border: 1px solid var(--marketplace-session-border, color-mix(in srgb, currentColor 58%, transparent));
    border-radius: var(--ms-radius);
    background: var(--ms-surface);
    color: inherit;
    font: inherit;
  }
  /* A phone held upright: pictures are tall there, and each button is easy to hit. */
  @container (max-width: 28rem) {
    [part='stage'] {
      height: min(var(--marketplace-session-room-height, 60vh), 110cqi);
    }
    [part='controls'] > * {
      flex: 1 1 8rem;
    }
    [part='controls'] > [part~='leave-button'] {
      margin-inline-start: 0;
    }
    [part='own-video'] {
      width: 30%;
      aspect-ratio: 3 / 4;
    }
  }
  @media (forced-colors: active) {
    [part='stage'],
    [part='stage-text'] {
      border: 1px solid CanvasText;
      background: Canvas;
      color: CanvasText;
    }
    [aria-pressed='true'],
    [aria-expanded='true'] {
      border-width: 3px;
    }
  }
`;
