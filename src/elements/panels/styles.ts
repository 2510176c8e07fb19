import { css } from '@lit/reactive-element/css-tag.js';

/** Buttons, banner, dialog, error and end. */
export const panelStyles = css`
  :host {
    --accent: var(--marketplace-session-accent, light-dark(#1d4ed8, #93b4ff));
    --on-accent: var(--marketplace-session-on-accent, light-dark(#fff, #0b1530));
    --surface: var(--marketplace-session-surface, light-dark(#fff, #1b1d22));
    --text: var(--marketplace-session-text, light-dark(#1a1c20, #eceef2));
    --muted: var(--marketplace-session-muted, light-dark(#565b66, #a8aebb));
    --border: var(--marketplace-session-border, light-dark(#868c98, #7d8493));
    --urgent: var(--marketplace-session-urgent, light-dark(#b3261e, #ffb4ab));
    --radius: var(--marketplace-session-radius, 0.625rem);
  }
  [part='buttons'],
  [part='actions'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  [part~='button'] {
    box-sizing: border-box;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    min-height: 2.75rem;
    padding: 0.375rem 1rem;
    border: 1px solid var(--border);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--text);
    font: inherit;
    text-decoration: none;
    cursor: pointer;
  }
  [part~='button']:hover {
    border-color: var(--text);
  }
  [part~='primary-button'] {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
  }
  [part~='button'][aria-disabled] {
    opacity: 0.65;
    cursor: default;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  [part~='banner'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 0.75rem;
    margin-block-start: 0.5rem;
    padding: 0.5rem 0.5rem 0.5rem 1rem;
    border: 1px solid var(--border);
    border-inline-start: 0.375rem solid var(--accent);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--text);
  }
  [part~='banner'][part~='warning'],
  [part~='banner'][part~='connection'] {
    border-inline-start-color: var(--urgent);
  }
  [part='banner-text'] {
    flex: 1 1 14rem;
  }
  [part='dialog'] {
    box-sizing: border-box;
    width: min(28rem, calc(100vw - 2rem));
    max-height: calc(100dvh - 2rem);
    overflow: auto;
    padding: 1.5rem;
    border: 1px solid var(--border);
    border-radius: calc(var(--radius) * 1.6);
    background: var(--surface);
    color: var(--text);
    box-shadow: 0 1.5rem 4rem rgb(0 0 0 / 30%);
  }
  [part='dialog']::backdrop {
    background: rgb(10 12 18 / 50%);
  }
  [part='dialog-title'],
  [part='error-title'],
  [part='ended-title'] {
    margin: 0 0 0.5rem;
    font-size: 1.25em;
    line-height: 1.3;
  }
  [part='dialog-text'],
  [part='error-text'],
  [part='ended-text'] {
    margin: 0 0 1rem;
    color: var(--muted);
  }
  [part='dialog-time'] {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 0.75rem;
    margin: 0 0 1rem;
  }
  [part='dialog-time'] [part='time'] {
    font-size: 2.25em;
  }
  [part='options'] {
    display: grid;
    gap: 0.5rem;
    min-width: 0;
    margin: 0 0 1rem;
    padding: 0;
    border: 0;
  }
  [part='options-title'] {
    padding: 0;
    margin-block-end: 0.5rem;
    font-weight: 600;
  }
  [part~='option'] {
    display: grid;
    grid-template-columns: auto 1fr auto;
    align-items: center;
    gap: 0 0.75rem;
    min-height: 2.75rem;
    padding: 0.5rem 0.875rem;
    border: 1px solid var(--border);
    border-radius: var(--radius);
    cursor: pointer;
  }
  [part~='chosen-option'] {
    border-color: var(--accent);
    box-shadow: inset 0 0 0 1px var(--accent);
  }
  [part~='option']:has(:disabled) {
    cursor: default;
    color: var(--muted);
  }
  [part~='option'] input {
    width: 1.125rem;
    height: 1.125rem;
    margin: 0;
    accent-color: var(--accent);
  }
  [part='option-time'] {
    font-weight: 600;
  }
  [part='option-end'] {
    grid-column: 2 / -1;
    color: var(--muted);
    font-size: 0.875em;
  }
  [part='dialog-status']:empty,
  [part='message']:empty {
    display: none;
  }
  [part='dialog-status'],
  [part='message'] {
    margin: 0 0 1rem;
    color: var(--urgent);
    font-weight: 600;
  }
  [part='error'],
  [part='ended'] {
    box-sizing: border-box;
    max-width: 34rem;
    padding: 1.25rem 1.5rem;
    border: 1px solid var(--border);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--text);
  }
  [part='reference'] {
    margin: 1rem 0 0;
    color: var(--muted);
    font-size: 0.8125em;
    overflow-wrap: anywhere;
  }
  [part='receipt'] {
    display: grid;
    gap: 0.25rem;
    margin: 0 0 1rem;
  }
  [part='receipt-row'] {
    display: flex;
    justify-content: space-between;
    gap: 1rem;
  }
  [part='receipt-row'] dt {
    color: var(--muted);
  }
  [part='receipt-row'] dd {
    margin: 0;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  @media (max-width: 30rem) {
    [part='actions'] [part~='button'] {
      flex: 1 1 100%;
    }
  }
  @media (forced-colors: active) {
    [part~='chosen-option'] {
      outline: 3px solid Highlight;
    }
  }
`;
