const css = String.raw;

/** The card of an outcome; fields and buttons are as everywhere. */
export const outcomeStyles = css`
  [part='outcome'] {
    width: min(28rem, 100%);
  }
  [part='options'] {
    margin: 0;
  }
  [part~='option'] {
    min-height: 2.75rem;
    box-sizing: border-box;
  }
  [part='given-outcome'] {
    font-weight: 600;
  }
  [part='given-notes'] {
    white-space: pre-wrap;
  }
  [part='missing-choice'] {
    color: var(--ms-urgent);
  }
  [part~='submit-button'] {
    justify-self: start;
  }
`;
