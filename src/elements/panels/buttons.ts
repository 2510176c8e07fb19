import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { SessionAction } from '../panels-host.js';
import type { PanelsView } from './view.js';

/** The buttons of the bar: only what the session allows. */
export function renderButtons({ snapshot, strings, options, act }: PanelsView): TemplateResult {
  const { state, session, pending } = snapshot;
  const button = (action: SessionAction, label: string) =>
    html`<button
      part="button ${action}-button"
      type="button"
      aria-disabled=${pending ? 'true' : nothing}
      @click=${() => act(action)}
    >
      ${label}
    </button>`;
  const isPaused = state === 'paused';
  const canPause = state === 'active' && session?.pausable && session.pause_seconds_left > 0;
  return html`${options.length ? button('extend', strings.addTime) : nothing}
  ${isPaused ? button('resume', strings.resume) : canPause ? button('pause', strings.pause) : nothing}
  ${state === 'ending' ? nothing : button('end', strings.end)}`;
}
