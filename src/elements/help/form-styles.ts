const css = String.raw;

/** Fields with their names, and what did not work; buttons are as everywhere. */
export const formStyles = css`
  section {
    --dialog-space: 1.25rem;
  }
  h2 {
    outline-offset: 0.25rem;
  }
  section p {
    margin-block: 0 0.75rem;
  }
  form {
    display: grid;
    gap: 0.875rem;
  }
  form > p {
    margin: 0;
  }
  [part='field-label'] {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.25rem;
    padding: 0;
    border: 0;
    cursor: auto;
  }
  [part='field-name'] {
    font-weight: 600;
  }
  [part='field-hint'],
  [part='reference'] {
    color: var(--ms-muted);
    font-size: 0.9375em;
  }
  [part~='field'] {
    box-sizing: border-box;
    width: 100%;
    min-width: 0;
    min-height: 2.75rem;
    padding: 0.375rem 0.625rem;
    border: 1px solid var(--marketplace-session-border, color-mix(in srgb, currentColor 58%, transparent));
    border-radius: var(--ms-radius);
    background: var(--ms-surface);
    color: inherit;
    font: inherit;
  }
  textarea[part~='field'] {
    resize: vertical;
  }
  [part='trouble'] {
    display: grid;
    gap: 0.25rem;
    justify-items: start;
    --ms-tone: var(--ms-urgent);
    padding: 0.5rem 0.75rem;
    border: 1px solid color-mix(in srgb, var(--ms-tone) 40%, transparent);
    border-radius: var(--ms-radius);
    background: color-mix(in srgb, var(--ms-tone) 8%, var(--ms-surface));
  }
  [part='trouble'] > :is(button, a) {
    margin-block-start: 0.5rem;
  }
`;
