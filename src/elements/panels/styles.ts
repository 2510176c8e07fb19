import { css } from '../style-sheets.js';

/** Buttons, banner, dialog, error and end. Tags stand for parts where there is but one of a kind. */
export const panelStyles = css`
  button,
  a {
    box-sizing: border-box;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    min-height: 2.25rem;
    padding: 0.25rem 0.875rem;
    border: 1px solid var(--ms-border);
    border-radius: var(--ms-radius);
    background: none;
    color: inherit;
    font: inherit;
    text-align: center;
    text-decoration: none;
    cursor: pointer;
  }
  button:hover,
  a:hover {
    background: color-mix(in srgb, currentColor 8%, transparent);
  }
  [part~='primary-button'] {
    border-color: transparent;
    background: var(--ms-accent);
    color: var(--marketplace-session-on-accent, light-dark(#fff, #0b1530));
    font-weight: 600;
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
  [part~='banner'],
  [part='dialog-status'],
  [part='actions'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
  }
  section,
  dialog {
    box-sizing: border-box;
    width: min(28rem, 100%);
    padding: 1.5rem;
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
  :is([part~='notice'], [part~='pause']) {
    --ms-tone: var(--ms-accent);
  }
  [part='banner-text'] {
    flex: 18rem;
  }
  dialog {
    max-width: calc(100vw - 1rem);
    max-height: calc(100dvh - 1rem);
    overflow: auto;
    box-shadow: 0 1.5rem 4rem #0004;
  }
  dialog::backdrop {
    background: #0a0c1280;
  }
  h2 {
    margin: 0 0 0.5rem;
    font-size: 1.25em;
    line-height: 1.3;
    text-wrap: balance;
  }
  form > *,
  section > * {
    margin: 0 0 0.875rem;
  }
  form > :last-child,
  section > :last-child {
    margin: 0;
  }
  [part='actions'] > * {
    flex: auto;
  }
  [part~='confirm-button'] {
    flex-basis: 100%;
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
    border: 1px solid var(--ms-border);
    border-radius: var(--ms-radius);
    line-height: 1.4;
    cursor: pointer;
  }
  [part~='chosen-option'] {
    border-color: var(--ms-accent);
    box-shadow: inset 0 0 0 1px var(--ms-accent);
  }
  label:has(:disabled) {
    border-style: dashed;
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
  [part='option-end'],
  [part='reference'] {
    font-size: 0.875em;
  }
  [part='dialog-status']:empty,
  [part='message']:empty {
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
    font-variant-numeric: tabular-nums;
  }
  @media (pointer: coarse) {
    button,
    a {
      min-height: 2.75rem;
    }
  }
  @media (max-width: 30rem), (max-height: 40rem) {
    dialog,
    section {
      padding: 1rem;
    }
    form > * {
      margin-block-end: 0.5rem;
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
    dialog {
      display: none;
    }
  }
`;
