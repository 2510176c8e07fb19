const css = String.raw;

/** Steps, what is to be copied, and what was found; buttons and fields are as everywhere. */
export const setupStyles = css`
  [part='setup'] {
    width: 100%;
    container-type: inline-size;
    overflow-wrap: anywhere;
  }
  [part='setup-title'],
  [part='step-title'] {
    outline-offset: 0.25rem;
  }
  [part='setup-heading'],
  [part='step-title'] {
    margin: 0 0 0.5rem;
    font-size: 1.0625em;
    font-weight: 600;
  }
  [part='step-title'] {
    font-size: 1.25em;
  }
  [part~='mode'] {
    display: inline-block;
    margin-block: 0 1rem;
    padding: 0.25rem 0.75rem;
    border: 2px solid var(--ms-accent);
    border-radius: var(--ms-radius);
    font-weight: 600;
  }
  [part~='live-mode'] {
    border-color: var(--ms-urgent);
  }
  [part='steps'],
  [part='left-list'],
  [part='origins'],
  [part='checks'] {
    margin: 0 0 1rem;
    padding: 0;
    list-style: none;
  }
  [part='steps'] {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(11rem, 100%), 1fr));
    gap: 0.5rem;
  }
  [part~='step-button'] {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-content: center;
    gap: 0 0.625rem;
    width: 100%;
    min-height: 2.75rem;
    height: 100%;
    text-align: start;
  }
  [part~='step-button'][aria-current] {
    border: 2px solid var(--ms-accent);
    background: color-mix(in srgb, var(--ms-accent) 8%, var(--ms-surface));
  }
  [part='step-number'] {
    grid-row: span 2;
    align-self: center;
    min-width: 1.25em;
    font-weight: 650;
    text-align: center;
  }
  [part='step-state'] {
    color: var(--ms-muted);
    font-size: 0.875em;
  }
  [part~='due-step'] [part='step-state'] {
    color: var(--ms-urgent);
  }
  [part='step-panel'],
  [part='left'] {
    padding: 1rem;
    border: 1px solid var(--ms-border);
    border-radius: var(--ms-radius);
    margin-block-end: 1rem;
  }
  [part='actions'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    margin-block: 0.75rem;
  }
  [part='step-panel'] > [part='actions']:last-child {
    margin-block: 1rem 0;
    padding-block-start: 1rem;
    border-block-start: 1px solid var(--ms-border);
  }
  [part='actions'] > * {
    min-height: 2.75rem;
  }
  [part='left-list'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  [part='left-list']:last-child {
    margin: 0;
  }
  [part='left-list'] button,
  [part='origin'] button,
  [part='finding'] button {
    min-height: 2.75rem;
  }
  [part='origin'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.25rem 0.75rem;
    padding-block: 0.25rem;
  }
  [part='step-panel'] > form,
  [part='snippet-choices'] {
    margin-block-end: 1rem;
  }
  [part='snippet-choices'] {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(10rem, 100%), 1fr));
    gap: 0.75rem;
  }
  [part~='accent-field'] {
    padding: 0.25rem;
    cursor: pointer;
  }
  [part='field-fault'],
  [part~='key-warning'] {
    color: var(--ms-urgent);
    font-weight: 600;
  }
  [part='code'] {
    display: grid;
    gap: 0.375rem;
    justify-items: start;
    margin: 0 0 1rem;
  }
  [part='code-name'] {
    font-weight: 600;
  }
  [part='code-text'] {
    box-sizing: border-box;
    width: 100%;
    max-height: 24rem;
    margin: 0;
    padding: 0.75rem;
    overflow: auto;
    border: 1px solid var(--ms-border);
    border-radius: var(--ms-radius);
    background: color-mix(in srgb, currentColor 5%, var(--ms-surface));
    font:
      0.875em/1.5 ui-monospace,
      monospace;
    text-align: left;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    -webkit-user-select: text;
    user-select: text;
  }
  [part='code'] button {
    min-height: 2.75rem;
  }
  [part~='check'] {
    padding-block: 0.5rem;
  }
  [part~='check'] + [part~='check'],
  [part='origin'] + [part='origin'] {
    border-block-start: 1px solid var(--ms-border);
  }
  [part='check-name'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 0.75rem;
    margin: 0;
  }
  [part~='blocked-check'] [part='check-verdict'] {
    color: var(--ms-urgent);
  }
  [part~='skipped-check'] {
    color: var(--ms-muted);
  }
  [part='finding'] {
    margin-block: 0.375rem;
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid var(--ms-border);
  }
  [part='finding'] > p,
  [part='trouble'] > p {
    margin-block: 0 0.25rem;
  }
  [part='finding-mend'] {
    font-weight: 600;
  }
  [part='finding-cause'],
  [part='trouble-reason'] {
    color: var(--ms-muted);
    font-size: 0.875em;
  }
  [part~='rehearsal'],
  [part~='verdict'] {
    padding: 0.5rem 0.75rem;
    border: 1px solid var(--ms-border);
    border-radius: var(--ms-radius);
  }
  [part~='ended-rehearsal'] {
    border-color: var(--ms-accent);
  }
  [part='trouble'] {
    margin-block-end: 1rem;
  }
`;
