import type { PanelsHost } from '../panels-host.js';

const css = String.raw;

const markStyles = css`
  [part='sandbox'] {
    inline-size: fit-content;
    margin: 0.25rem 0 0;
    padding: 0 0.5em;
    border: 1px dashed currentColor;
    border-radius: var(--marketplace-session-radius, 0.625rem);
    font-size: 0.8125rem;
    line-height: 1.6;
  }
`;

/** Says, as long as it is so, that no service is behind this session, and nothing is sold. */
export function showMark(host: PanelsHost): void {
  const { panels } = host.frame;
  const mark = panels.ownerDocument.createElement('p');
  mark.setAttribute('part', 'sandbox');
  panels.before(mark);
  host.wear(markStyles);
  host.addController({
    hostUpdated() {
      mark.hidden = !host.sandbox;
      const { sandbox: text = '' } = host.language.words;
      if (mark.textContent !== text) mark.textContent = text;
    },
  });
  host.requestUpdate();
}
