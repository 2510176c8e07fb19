const css = String.raw;

/** The card of a request; fields and buttons are as everywhere. */
export const helpRequestStyles = css`
  [part='help'] {
    width: min(32rem, 100%);
  }
  [part='price'] {
    color: var(--ms-muted);
    font-size: 0.9375em;
  }
  [part='check'] {
    display: block;
    margin-block-end: 0.875rem;
  }
  [part='check-first'] {
    flex-basis: 100%;
    margin: 0;
    color: var(--ms-muted);
  }
  [part='cut-off'] {
    padding: 0.5rem 0.75rem;
    border: 1px solid var(--ms-border);
    border-radius: var(--ms-radius);
  }
  [part='help-actions'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  [part='receipt'] {
    margin-block: 0 0.875rem;
  }
`;
