const css = String.raw;

/** The list and the field; buttons are as everywhere. */
export const chatStyles = css`
  [part='chat'] {
    --dialog-space: 1rem;
    width: min(32rem, 100%);
  }
  [part='messages'] > ol {
    display: flex;
    flex-direction: column;
    gap: 0.5rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  [part='messages'] {
    max-height: var(--marketplace-session-chat-height, 24rem);
    margin-inline: calc(-1 * var(--dialog-space));
    padding: 0.25rem var(--dialog-space);
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
  }
  [part~='message'] {
    box-sizing: border-box;
    max-width: 85%;
    padding: 0.375rem 0.75rem;
    border: 1px solid var(--ms-border);
    border-radius: var(--ms-radius);
  }
  [part~='other-message'] {
    align-self: start;
  }
  [part~='own-message'] {
    align-self: end;
    border-color: color-mix(in srgb, var(--ms-accent) 40%, transparent);
    background: color-mix(in srgb, var(--ms-accent) 10%, var(--ms-surface));
  }
  [data-state='failed'] {
    border-color: var(--ms-urgent);
  }
  [part='message-head'],
  [part='message-state'] {
    color: var(--ms-muted);
    font-size: 0.8125em;
  }
  [data-state='failed'] > [part='message-state'] {
    color: var(--ms-urgent);
  }
  p[part='message-text'] {
    margin: 0;
    color: inherit;
    white-space: pre-wrap;
  }
  [part='message-form'] {
    display: flex;
    gap: 0.5rem;
    align-items: end;
  }
  [part='message-field'] {
    box-sizing: border-box;
    flex: 1;
    min-width: 0;
    min-height: 2.75rem;
    padding: 0.375rem 0.625rem;
    border: 1px solid var(--marketplace-session-border, color-mix(in srgb, currentColor 58%, transparent));
    border-radius: var(--ms-radius);
    background: var(--ms-surface);
    color: inherit;
    font: inherit;
    resize: vertical;
  }
  [part='message-field']::placeholder {
    color: var(--ms-muted);
    opacity: 1;
  }
`;
