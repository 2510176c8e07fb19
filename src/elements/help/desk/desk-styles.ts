const css = String.raw;

/** The card of a desk; buttons and choices are as everywhere. */
export const deskStyles = css`
  [part='desk'] {
    --dialog-space: 1.25rem;
    width: min(40rem, 100%);
  }
  [part='desk-title'],
  [part='request-name'] {
    outline-offset: 0.25rem;
  }
  [part='desk-heading'] {
    margin-block-end: 0.5rem;
    font-size: 1.0625em;
    font-weight: 600;
  }
  [part='desk-notice'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
    padding: 0.5rem 0.75rem;
    border: 1px solid color-mix(in srgb, var(--ms-urgent) 40%, transparent);
    border-radius: var(--ms-radius);
    background: color-mix(in srgb, var(--ms-urgent) 8%, var(--ms-surface));
  }
  [part='notice-text'] {
    flex: 12rem;
  }
  [part='availability'] {
    grid-template-columns: repeat(auto-fit, minmax(min(9rem, 100%), 1fr));
  }
  [part~='availability-option'] {
    min-height: 1.75rem;
  }
  [part='availability'] > p {
    grid-column: 1 / -1;
    margin: 0;
  }
  [part='set-away'] {
    color: var(--ms-urgent);
  }
  :is([part='offers'], [part='own-requests']) {
    display: grid;
    gap: 0.75rem;
    padding: 0;
    list-style: none;
  }
  [part~='request'] {
    display: grid;
    gap: 0.375rem;
    padding: 0.75rem;
    border: 1px solid var(--ms-border);
    border-radius: var(--ms-radius);
  }
  [part~='request'] > * {
    margin: 0;
  }
  :is([part~='claimed-request'], [part~='in_progress-request']) {
    border-color: var(--ms-accent);
  }
  [part~='gone-request'] {
    border-style: dashed;
  }
  [part='request-name'] {
    font-size: 1em;
    font-weight: 600;
  }
  [part='request-description'] {
    white-space: pre-wrap;
  }
  [part='request-time'] {
    font-variant-numeric: tabular-nums;
  }
  [part='request-message'] {
    font-weight: 600;
  }
  :is([part='request-message'], [part~='request'] > [part='actions']):empty {
    display: none;
  }
  [part~='request'] > [part='actions'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  [part~='request'] > [part='actions'] > * {
    flex: auto;
  }
  @media (pointer: coarse) {
    [part~='availability-option'] {
      min-height: 2.75rem;
    }
  }
`;
