const css = String.raw;

/** What is sent, and what is there; buttons are as everywhere. */
export const filesStyles = css`
  [part='files'] {
    --dialog-space: 1rem;
    position: relative;
    width: min(32rem, 100%);
  }
  [part='announcement'] {
    position: absolute;
  }
  h2 {
    outline-offset: 0.25rem;
  }
  [part='send'],
  [part='file-buttons'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  [part='files'] ul {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.75rem;
    padding: 0;
    list-style: none;
  }
  [part='files'] ul[part='files-list'] {
    max-height: var(--marketplace-session-files-height, 28rem);
    margin-inline: calc(-1 * var(--dialog-space));
    padding: 0.25rem var(--dialog-space);
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
  }
  [part='upload'],
  [part~='file'] {
    box-sizing: border-box;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.25rem;
    padding: 0.625rem 0.75rem;
    border: 1px solid var(--ms-border);
    border-radius: var(--ms-radius);
  }
  [part~='own-file'] {
    border-color: color-mix(in srgb, var(--ms-accent) 40%, transparent);
    background: color-mix(in srgb, var(--ms-accent) 10%, var(--ms-surface));
  }
  [data-state='failed'] {
    border-color: var(--ms-urgent);
  }
  [part='files'] li > p {
    margin: 0;
  }
  [part='file-name'] {
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  [part='file-details'],
  [part='upload-state'] {
    color: var(--ms-muted);
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
  }
  [data-state='failed'] > [part='upload-state'],
  [part='delete-question'] {
    color: var(--ms-urgent);
  }
  [part='file-buttons'] {
    margin-block-start: 0.375rem;
  }
  [part='file-buttons']:not(:has(*)) {
    display: none;
  }
  [part~='delete-now-button'] {
    border-color: currentColor;
    color: var(--ms-urgent);
  }
  [part='upload-progress'] {
    width: 100%;
    height: 0.5rem;
    accent-color: var(--ms-accent);
  }
  /* Its place is there before it is drawn: nothing moves then. */
  [part='picture'] {
    width: 100%;
    height: 12rem;
    margin-block-end: 0.25rem;
    border-radius: calc(var(--ms-radius) / 2);
    background: color-mix(in srgb, currentColor 6%, transparent);
    object-fit: contain;
  }
  [part='drop'] {
    position: absolute;
    inset: 0.25rem;
    display: grid;
    place-items: center;
    margin: 0;
    border: 2px dashed var(--ms-accent);
    border-radius: var(--ms-radius);
    background: color-mix(in srgb, var(--ms-accent) 12%, var(--ms-surface));
    font-weight: 600;
    pointer-events: none;
  }
`;
