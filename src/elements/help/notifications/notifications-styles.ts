const css = String.raw;

/** The bell and its list; buttons are as everywhere. */
export const notificationsStyles = css`
  [part='session'] {
    width: fit-content;
  }
  [part~='bell-button'] {
    position: relative;
    min-width: 2.75rem;
    min-height: 2.75rem;
    padding: 0.25rem;
  }
  [part='bell-icon'] {
    width: 1.5rem;
    height: 1.5rem;
  }
  [part='unread-count'] {
    position: absolute;
    inset-block-start: -0.375rem;
    inset-inline-end: -0.375rem;
    min-width: 1.25rem;
    padding-inline: 0.25rem;
    border: 1px solid transparent;
    border-radius: 1rem;
    background: var(--ms-urgent);
    color: light-dark(#fff, #2b0a07);
    font-size: 0.75rem;
    font-weight: 700;
    line-height: 1.25rem;
    box-sizing: border-box;
  }
  /* Not of the bell's name, which has the whole number. */
  [part='unread-count']::before {
    content: attr(data-count) / '';
  }
  [part='notifications'] {
    --dialog-space: 1rem;
    position: fixed;
    inset: auto;
    box-sizing: border-box;
    width: min(24rem, 100vw - 1rem);
    max-height: min(32rem, 100dvh - 1rem);
    margin: 0;
    padding: var(--dialog-space);
    overflow: auto;
    overscroll-behavior: contain;
    border: 1px solid var(--ms-border);
    border-radius: var(--ms-radius);
    background: var(--ms-surface);
    color: var(--ms-text);
    box-shadow: 0 0.5rem 2rem #0003;
  }
  [part='notifications'] > * {
    margin: 0 0 0.75rem;
  }
  [part='notifications-list'] {
    display: grid;
    gap: 0.5rem;
    padding: 0;
    list-style: none;
  }
  [part~='notification'] {
    display: grid;
    gap: 0.25rem;
    padding: 0.5rem 0.75rem;
    border: 1px solid var(--ms-border);
    border-radius: var(--ms-radius);
  }
  [part~='notification'] > * {
    margin: 0;
  }
  [part~='unread-notification'] {
    border-inline-start: 0.25rem solid var(--ms-accent);
  }
  [part='notification-name'] {
    font-size: 1em;
    font-weight: 600;
  }
  [part~='notification'] > [part='actions'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  [part='ring'] {
    grid-template-columns: auto 1fr;
  }
  @media (pointer: coarse) {
    [part='ring'] {
      min-height: 2.75rem;
      box-sizing: border-box;
    }
  }
`;
