import { html } from 'hono/html';
import { isFinal } from '../../../src/protocol/state-machine.js';
import type { Session } from '../../../src/protocol/session.js';
import { formatRemaining } from '../../../src/protocol/time.js';
import type { CatalogueEntry } from '../catalogue.js';
import type { Markup } from './layout.js';
import { dayAndTime, isoTime, length, statusOf, timeOfDay, tokens } from './words.js';

/** Sessions as rows that lead to their receipts, newest first. */
export function sessionList(sessions: readonly Session[], catalogue: readonly CatalogueEntry[]): Markup {
  return html`<ol class="sessions">
    ${sessions.map((session) => row(session, catalogue))}
  </ol>`;
}

export const nameOf = (session: Session, catalogue: readonly CatalogueEntry[]) =>
  catalogue.find(({ id }) => id === session.application_id)?.name ?? session.application_id;

function row(session: Session, catalogue: readonly CatalogueEntry[]): Markup {
  return html`<li>
    <a href="/sessions?session_id=${session.id}">
      <span class="dot dot-${session.application_id}" aria-hidden="true"></span>
      <span class="session-name">${nameOf(session, catalogue)}</span>
      <time class="session-when" datetime="${isoTime(session.created_at)}"
        >${dayAndTime(session.created_at)}</time
      >
      <span class="session-status" data-status="${session.status}">${statusOf(session)}</span>
      <span class="session-use">${use(session)}</span>
      <span class="session-cost">${cost(session)}</span>
    </a>
  </li>`;
}

function use(session: Session): string {
  const bought = length(session.duration_limit_seconds);
  if (isFinal(session.status)) return `${formatRemaining(session.used_seconds ?? 0)} of ${bought}`;
  return session.expires_at === null ? bought : `until ${timeOfDay(session.expires_at)}`;
}

const cost = (session: Session) =>
  session.final_cost === null ? `${tokens(session.tokens_allocated)} held` : tokens(session.final_cost);
