const css = String.raw;

/** The card of a preflight; buttons are as everywhere. */
export const preflightStyles = css`
  [part='preflight'] {
    --dialog-space: 1.25rem;
  }
  [part='preflight-title'] {
    outline-offset: 0.25rem;
  }
  [part='checks'] {
    display: grid;
    padding: 0;
    list-style: none;
  }
  [part~='check'] {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 0.25rem 0.75rem;
    align-items: baseline;
    padding-block: 0.75rem;
    border-block-start: 1px solid var(--ms-border);
  }
  [part~='check'] > * {
    grid-column: 1 / -1;
    margin: 0;
  }
  [part='check-name'] {
    grid-column: 1;
    font-weight: 600;
  }
  [part='check-verdict'] {
    grid-column: 2;
    text-align: end;
  }
  /* A sign beside the word: colour alone says nothing (WCAG 1.4.1). */
  [part='check-verdict']::before {
    margin-inline-end: 0.375rem;
    font-weight: 700;
  }
  [data-look='ok'] > [part='check-verdict']::before {
    content: '✓' / '';
    color: light-dark(#166534, #86efac);
  }
  [data-look='limited'] > [part='check-verdict']::before {
    content: '!' / '';
    color: light-dark(#92400e, #fcd34d);
  }
  [data-look='failed'] > [part='check-verdict']::before {
    content: '×' / '';
    color: var(--ms-urgent);
  }
  [part='check-advice'] {
    color: var(--ms-muted);
    font-size: 0.9375em;
  }
  [part='preview'] {
    width: 100%;
    max-width: 20rem;
    aspect-ratio: 4 / 3;
    border-radius: var(--ms-radius);
    background: #000;
    object-fit: cover;
    transform: scaleX(-1);
  }
  [part='level'] {
    width: 100%;
    max-width: 20rem;
    height: 0.75rem;
  }
  [part='device-choice'] {
    box-sizing: border-box;
    min-width: 0;
    width: 100%;
    min-height: 2.25rem;
    padding: 0.25rem 0.5rem;
    border: 1px solid var(--marketplace-session-border, color-mix(in srgb, currentColor 58%, transparent));
    border-radius: var(--ms-radius);
    background: var(--ms-surface);
    color: inherit;
    font: inherit;
  }
  [part='question'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    align-items: center;
  }
  [part~='check'] > button {
    justify-self: start;
  }
  [part='preflight'] > [part='actions'] {
    margin: 0;
  }
  [part='actions'] > [part~='stop-button'] {
    grid-column: 1;
  }
  [part='actions'] > [part~='continue-button'] {
    grid-column: 2;
  }
  @media (pointer: coarse) {
    [part='device-choice'] {
      min-height: 2.75rem;
    }
  }
`;
