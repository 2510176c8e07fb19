const css = String.raw;

/** Cards, charts and tables; buttons, fields and the dialog are as everywhere. */
export const dashboardStyles = css`
  section,
  dialog {
    --dialog-space: clamp(0.75rem, 3vw, 1.5rem);
  }
  [part='dashboard'] {
    width: 100%;
    container-type: inline-size;
  }
  [part='dashboard-title'],
  [part='dashboard-heading'] {
    outline-offset: 0.25rem;
  }
  [part='dashboard-heading'] {
    margin: 0;
    font-size: 1.125em;
    font-weight: 600;
  }
  [part='dashboard-notice'] {
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
  [part='filters'] {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0.625rem 0.75rem;
    margin-block-end: 1rem;
  }
  [part='filters'] > [part='field-label'] {
    flex: 1 1 9rem;
    max-width: 18rem;
  }
  [part='filters'] > [part~='csv-button'] {
    min-height: 2.75rem;
    margin-inline-start: auto;
  }
  [part='field-name'] {
    color: var(--ms-muted);
    font-size: 0.875em;
    font-weight: 400;
  }
  [part='cards'] {
    display: grid;
    grid-template-columns: repeat(12, minmax(0, 1fr));
    gap: 0.75rem;
  }
  [part~='card'] {
    grid-column: span 4;
    display: flex;
    flex-direction: column;
    gap: 0.25rem;
    padding: 0.875rem 1rem;
    border: 1px solid var(--ms-border);
    border-radius: var(--ms-radius);
  }
  [part~='card'] > * {
    margin: 0;
  }
  [part~='main-card'] {
    background: color-mix(in srgb, var(--ms-accent) 5%, var(--ms-surface));
  }
  [part='card-title'] {
    font-size: 0.9375em;
    font-weight: 600;
  }
  [part='card-value'] {
    font-size: 1.5em;
    font-weight: 650;
    font-variant-numeric: tabular-nums;
    line-height: 1.25;
  }
  [part~='main-card'] > [part='card-value'] {
    font-size: 2em;
  }
  [part='card-value'] + [part='card-value'] {
    font-size: 1.25em;
  }
  [part='card-text'],
  [part='card-scope'],
  [part='history-text'],
  [part='chart-value'],
  [part='chart-legend'] {
    color: var(--ms-muted);
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
  }
  [part='card-scope'] {
    margin-block-start: auto;
    padding-block-start: 0.375rem;
  }
  [part='card-stale'],
  [part='card-failed'] {
    color: var(--ms-urgent);
    font-size: 0.9375em;
  }
  [part~='card'] > button {
    align-self: start;
  }
  [part~='rows-button'] {
    padding-inline: 0;
    border: 0;
    font-size: 0.9375em;
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
  [part='waiting'],
  [part='timeline'] {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  [part='waiting'] a {
    justify-content: start;
    padding-inline: 0;
    border: 0;
    text-decoration: underline;
    text-align: start;
  }
  [part='card-loading'] {
    width: min(9rem, 100%);
    height: 1.75em;
    border-radius: 0.375rem;
    background: color-mix(in srgb, currentColor 12%, transparent);
  }
  .heard {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  [part='charts'] {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr));
    gap: 0.75rem;
    margin-block: 0.75rem 1.5rem;
  }
  [part='chart'] {
    display: block;
    min-width: 0;
    margin: 0;
    padding: 0.875rem 1rem;
    border: 1px solid var(--ms-border);
    border-radius: var(--ms-radius);
  }
  [part='chart-title'] {
    display: block;
    margin-block-end: 0.5rem;
    font-size: 0.9375em;
    font-weight: 600;
  }
  [part='plot'] {
    display: block;
    max-width: 100%;
    height: auto;
    overflow: visible;
    touch-action: pan-y;
  }
  [part='column'] {
    fill: var(--ms-accent);
  }
  [part~='column'].cursor {
    stroke: currentColor;
    stroke-width: 1.5;
  }
  [part~='running-column'] {
    stroke: var(--ms-accent);
  }
  .hatch {
    fill: var(--ms-accent);
  }
  [part='before'] {
    stroke: currentColor;
    stroke-width: 2;
  }
  .grid {
    stroke: color-mix(in srgb, currentColor 18%, transparent);
  }
  .axis {
    fill: var(--ms-muted);
    font-size: 12px;
  }
  [part='chart-value'],
  [part='chart-legend'] {
    min-height: 1.5em;
    margin-block: 0.375rem 0;
  }
  [part='chart-legend'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0 1rem;
  }
  [part='chart-legend'] > ::before {
    content: '';
    display: inline-block;
    width: 0.875em;
    margin-inline-end: 0.375em;
    vertical-align: middle;
    border-block-end: 2px solid;
  }
  [part='chart-legend'] > .running::before {
    height: 0.75em;
    border: 1px solid var(--ms-accent);
    background: repeating-linear-gradient(45deg, var(--ms-accent) 0 2px, transparent 2px 4px);
  }
  summary {
    width: fit-content;
    min-height: 1.75rem;
    padding-block: 0.25rem;
    cursor: pointer;
    font-size: 0.9375em;
  }
  .scroller {
    max-height: 20rem;
    overflow: auto;
  }
  [part~='table'] {
    width: 100%;
    border-collapse: collapse;
    font-size: 0.9375em;
    font-variant-numeric: tabular-nums;
  }
  [part~='table'] :is(th, td) {
    padding-block: 0.5rem;
    padding-inline: 0 0.75rem;
    border-block-end: 1px solid var(--ms-border);
    text-align: start;
    font-weight: 400;
    /* Words stay whole: a row has a form of its own where there is no room. */
    overflow-wrap: break-word;
  }
  [part~='table'] thead th {
    color: var(--ms-muted);
    font-size: 0.9375em;
  }
  [part~='table'] :is(th, td):last-child {
    padding-inline-end: 0;
    text-align: end;
  }
  [part~='history'] > button {
    margin-block-start: 0.75rem;
  }
  [part='history-text'] {
    margin-block: 0.125rem 0.75rem;
  }
  [part='timeline-entry'] {
    display: grid;
    grid-template-columns: minmax(0, 14.5rem) minmax(0, 1fr);
    gap: 0 1rem;
    padding-block: 0.5rem;
    border-block-end: 1px solid var(--ms-border);
  }
  [part='timeline-time'] {
    color: var(--ms-muted);
    font-variant-numeric: tabular-nums;
  }
  @container (max-width: 60rem) {
    [part~='card'] {
      grid-column: span 6;
    }
    [part~='main-card'] {
      grid-column: span 4;
    }
  }
  @container (max-width: 48rem) {
    [part~='main-card'],
    [part~='attention-card'] {
      grid-column: span 6;
    }
    [part~='attention-card'] {
      grid-column: 1 / -1;
    }
    /* Each row is a card of its own, with the names of its columns. */
    [part~='sessions-table'] thead {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    [part~='sessions-table'] :is(table, tbody, tr) {
      display: block;
    }
    [part~='session-row'] {
      margin-block-end: 0.75rem;
      padding: 0.5rem 0.75rem;
      border: 1px solid var(--ms-border);
      border-radius: var(--ms-radius);
    }
    [part~='session-row'] > :is(th, td) {
      display: flex;
      justify-content: space-between;
      gap: 1rem;
      padding: 0.25rem 0;
      border: 0;
      text-align: end;
    }
    [part~='session-row'] > [data-label]::before {
      content: attr(data-label);
      flex: none;
      color: var(--ms-muted);
    }
    [part~='session-row'] > th {
      font-weight: 600;
    }
  }
  @container (max-width: 30rem) {
    [part~='main-card'] {
      grid-column: 1 / -1;
    }
    [part~='card'] {
      padding: 0.75rem;
    }
    [part='filters'] > [part='field-label'] {
      flex-basis: 9rem;
    }
    [part='timeline-entry'] {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @media (pointer: coarse) {
    summary {
      min-height: 2.75rem;
      padding-block: 0.75rem 0;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    [part='card-loading'] {
      animation: ms-wait 1.6s ease-in-out infinite alternate;
    }
  }
  @keyframes ms-wait {
    from {
      opacity: 0.5;
    }
  }
  @media (forced-colors: active) {
    [part='column'],
    .hatch {
      fill: CanvasText;
    }
    [part~='column'].cursor {
      fill: Highlight;
    }
    [part~='running-column'] {
      stroke: CanvasText;
    }
    .axis {
      fill: CanvasText;
    }
    [part='card-loading'] {
      border: 1px solid;
    }
  }
  @media print {
    [part='filters'],
    [part='chart-value'],
    [part='dashboard-notice'],
    summary {
      display: none;
    }
    [part='dashboard'] {
      padding: 0;
      border: 0;
    }
    [part~='card'],
    [part='chart'],
    tr {
      break-inside: avoid;
    }
    [part~='column'] {
      print-color-adjust: exact;
    }
    .scroller {
      max-height: none;
    }
  }
`;
