const css = String.raw;

/** Buttons, banner, dialog, error and end. Tags stand for parts where there is but one of a kind. */
export const panelStyles = css`
  :host {
    --ms-accent: var(--marketplace-session-accent, light-dark(#1d4ed8, #a3bfff));
    --ms-urgent: var(--marketplace-session-urgent, light-dark(#b3261e, #ffb4ab));
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
  /* Heard, not seen. */
  [part='announcement'] {
    width: 1px;
    height: 1px;
    margin: 0;
    overflow: hidden;
    clip-path: inset(50%);
  }
  [part='session'] {
    -webkit-user-select: text;
    user-select: text;
  }
  button,
  a {
    box-sizing: border-box;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    min-height: 2.25rem;
    padding: 0.25rem 0.875rem;
    /* The edge of what can be pressed is seen by itself (WCAG 1.4.11). */
    border: 1px solid var(--marketplace-session-border, color-mix(in srgb, currentColor 58%, transparent));
    border-radius: var(--ms-radius);
    background: none;
    color: inherit;
    font: inherit;
    text-align: center;
    text-decoration: none;
    cursor: pointer;
  }
  [data-other] {
    flex-direction: column;
  }
  [data-other]::after {
    content: attr(data-other);
    height: 0;
    overflow: hidden;
    visibility: hidden;
  }
  button:hover,
  a:hover {
    background: color-mix(in srgb, currentColor 8%, transparent);
  }
  [part~='primary-button'] {
    border-color: transparent;
    background: var(--ms-accent);
    color: var(--marketplace-session-on-accent, var(--ms-onto, light-dark(#fff, #0b1530)));
    font-weight: 600;
  }
  /* White or black, whichever has more contrast with any accent: 4.58:1 at least (WCAG 1.4.3). */
  @supports (color: color(from red xyz-d65 y y y)) {
    [part~='primary-button'] {
      --ms-onto: color(
        from var(--ms-accent) xyz-d65 calc(9999 * (0.179 - y)) calc(9999 * (0.179 - y))
          calc(9999 * (0.179 - y))
      );
    }
  }
  [part~='primary-button']:hover {
    background: color-mix(in srgb, var(--ms-accent) 88%, var(--ms-text));
  }
  [aria-disabled] {
    opacity: 0.65;
    cursor: default;
  }
  :focus-visible {
    outline: 2px solid;
    outline-offset: 2px;
  }
  [part~='primary-button']:focus-visible {
    outline-color: var(--ms-accent);
  }
  [part~='extend-button'] {
    font-weight: 600;
  }
  [part='panels'] {
    --dialog-space: 1.5rem;
    display: flow-root;
    outline: none;
  }
  [part~='banner'],
  [part='dialog-status'],
  [part='message'],
  [part='empty-actions'],
  [part='error-actions'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
  }
  section,
  dialog {
    box-sizing: border-box;
    width: min(28rem, 100%);
    padding: var(--dialog-space);
    border: 1px solid var(--ms-border);
    border-radius: var(--ms-radius);
    background: var(--ms-surface);
    color: var(--ms-text);
  }
  [part~='banner'],
  [part='dialog-status'],
  [part='message'] {
    --ms-tone: var(--ms-urgent);
    padding: 0.5rem 0.75rem;
    border: 1px solid color-mix(in srgb, var(--ms-tone) 40%, transparent);
    border-radius: var(--ms-radius);
    background: color-mix(in srgb, var(--ms-tone) 8%, var(--ms-surface));
    color: var(--ms-text);
  }
  [part~='banner'] {
    justify-content: end;
    margin-block: 0.5rem;
  }
  :is([part~='notice'], [part~='pause'], [part~='waiting']) {
    --ms-tone: var(--ms-accent);
  }
  [part='banner-text'] {
    flex: 12rem;
  }
  [part~='dismiss-button'] {
    align-self: start;
    min-width: 2.25rem;
    margin: -0.25rem -0.5rem -0.25rem 0;
    padding: 0;
    border-color: transparent;
    font-size: 1.25em;
    line-height: 1;
  }
  dialog {
    max-width: calc(100vw - 1rem);
    max-height: calc(100dvh - 0.5rem - var(--dialog-end, 0.5rem));
    margin-block-end: var(--dialog-end, auto);
    overflow: auto;
    overscroll-behavior: contain;
    visibility: visible;
    box-shadow: 0 1.5rem 4rem #0004;
  }
  dialog[open] {
    display: flex;
    flex-direction: column;
    gap: 0.875rem;
  }
  [part='dialog-head'],
  [part='actions'] {
    flex: none;
  }
  [part='dialog-body'] {
    margin-inline: calc(-1 * var(--dialog-space));
    padding-inline: var(--dialog-space) calc(var(--dialog-space) - var(--scroll-bar, 0px));
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-gutter: stable;
    scrollbar-width: thin;
  }
  [part='dialog-body'] > *,
  [part='dialog-head'] > * {
    margin: 0;
  }
  [part='dialog-body'] > * + *,
  [part='dialog-head'] > * + * {
    margin-block-start: 0.625rem;
  }
  /* It grows upwards: the buttons stay. */
  :host([layout='floating']) [part='session'] {
    display: flex;
    flex-direction: column-reverse;
    max-height: calc(100dvh - 2rem);
    overflow: auto;
    box-shadow: 0 0.5rem 2rem #0003;
  }
  dialog::backdrop {
    background: #0a0c1280;
  }
  h2 {
    font-size: 1.25em;
    line-height: 1.3;
    text-wrap: balance;
  }
  section > * {
    margin: 0 0 0.875rem;
  }
  section > :last-child {
    margin: 0;
  }
  [part='actions'] {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 0.5rem;
  }
  [part='actions'] > * {
    grid-column: 1 / -1;
  }
  [part~='keep-button']:has(+ *) {
    grid-column: 1;
  }
  [part='actions'] > [part~='end-button'] {
    grid-column: 2;
    border-color: currentColor;
    color: var(--ms-urgent);
  }
  p[part$='-text'],
  [part='reference'],
  [part='option-end'],
  dt {
    color: var(--ms-muted);
  }
  [part='dialog-time'] {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
  }
  dialog [part='time'] {
    font-size: 2.25em;
    line-height: 1.2;
  }
  dialog [part='time']::after {
    display: none;
  }
  fieldset {
    display: grid;
    gap: 0.5rem;
    min-width: 0;
    padding: 0;
    border: 0;
  }
  legend {
    margin-block-end: 0.5rem;
    padding: 0;
  }
  legend,
  [part='option-time'],
  dd {
    font-weight: 600;
  }
  label {
    display: grid;
    grid-template-columns: auto 1fr auto;
    align-items: center;
    gap: 0 0.75rem;
    padding: 0.4rem 0.875rem;
    border: 1px solid var(--marketplace-session-border, color-mix(in srgb, currentColor 58%, transparent));
    border-radius: var(--ms-radius);
    line-height: 1.4;
    cursor: pointer;
  }
  [part~='chosen-option'] {
    border-color: var(--ms-accent);
    box-shadow: inset 0 0 0 1px var(--ms-accent);
  }
  [part~='unavailable-option'] {
    border-style: dashed;
  }
  label:has(:disabled) {
    cursor: default;
  }
  input {
    width: 1.125rem;
    height: 1.125rem;
    margin: 0;
    accent-color: var(--ms-accent);
  }
  [part='option-end'] {
    grid-column: 2 / -1;
  }
  [part='options'] > a {
    justify-self: start;
    min-height: 1.75rem;
    padding-inline: 0;
    border: 0;
    text-decoration: underline;
  }
  [part='option-end'],
  [part='reference'] {
    font-size: 0.875em;
  }
  :is([part='dialog-status'], [part='message']):not(:has(*)) {
    display: none;
  }
  [part='receipt-row'] {
    display: flex;
    justify-content: space-between;
    gap: 1rem;
    padding-block: 0.375rem;
    border-block-end: 1px solid var(--ms-border);
  }
  [part='next-try'],
  dd {
    margin: 0;
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  @media (pointer: coarse) {
    button,
    a {
      min-height: 2.75rem;
    }
  }
  @media (max-width: 30rem), (max-height: 40rem) {
    [part='panels'] {
      --dialog-space: 1rem;
    }
    dialog[open] {
      gap: 0.5rem;
    }
    [part='actions'] > *,
    [part='buttons'] > * {
      padding-inline: 0.5rem;
    }
    /* Whatever the language, no row of buttons is half empty. */
    [part='buttons'] > * {
      flex: auto;
    }
  }
  /* A window that is magnified four times: the least that head and actions need, and the rest for what is between. */
  @media (max-height: 24rem) {
    [part='panels'] {
      --dialog-space: 0.5rem;
    }
    dialog[open] {
      gap: 0.375rem;
      line-height: 1.3;
    }
    [part='dialog-head'] {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      justify-content: space-between;
      gap: 0 0.75rem;
    }
    [part='dialog-status'],
    [part='message'] {
      flex: 100%;
      padding-block: 0.25rem;
      font-size: 0.875em;
    }
    [part='dialog-head'] > * + * {
      margin-block-start: 0;
    }
    [part='dialog-body'] {
      min-height: 3rem;
    }
    dialog [part='time'],
    h2 {
      font-size: 1.125em;
    }
    [part='dialog-time'] {
      gap: 0 0.5rem;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    dialog,
    [part~='banner'] {
      animation: ms-come 0.2s ease-out;
    }
  }
  @keyframes ms-come {
    from {
      opacity: 0;
      translate: 0 0.5rem;
    }
  }
  @media (forced-colors: active) {
    [part~='chosen-option'] {
      outline: 3px solid Highlight;
    }
    [part~='primary-button'] {
      forced-color-adjust: none;
      background: ButtonText;
      color: ButtonFace;
    }
  }
  @media print {
    button,
    a,
    [part~='banner'],
    dialog[open] {
      display: none;
    }
    :host([layout='floating']) [part='session'] {
      position: static;
    }
  }
`;
