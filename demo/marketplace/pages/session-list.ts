import { html } from 'hono/html';
import { isFinal } from '../../../src/protocol/state-machine.js';
import { formatRemaining } from '../../../src/protocol/time.js';
import type { Session } from '../../../src/sdk/index.js';
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
  catalogue.find(({ id }) => id === session.applicationId)?.name ?? session.applicationId;

function row(session: Session, catalogue: readonly CatalogueEntry[]): Markup {
  return html`<li>
    <a href="/sessions?session_id=${session.id}">
      <span class="dot dot-${session.applicationId}" aria-hidden="true"></span>
      <span class="session-name">${nameOf(session, catalogue)}</span>
      <time class="session-when" datetime="${isoTime(session.createdAt)}"
        >${dayAndTime(session.createdAt)}</time
      >
      <span class="session-status" data-status="${session.status}">${statusOf(session)}</span>
      <span class="session-use">${use(session)}</span>
      <span class="session-cost">${cost(session)}</span>
    </a>
  </li>`;
}

function use(session: Session): string {
  const bought = length(session.durationLimitSeconds);
  if (isFinal(session.status)) return `${formatRemaining(session.usedSeconds ?? 0)} of ${bought}`;
  return session.expiresAt === null ? bought : `until ${timeOfDay(session.expiresAt)}`;
}

const cost = (session: Session) =>
  session.finalCost === null ? `${tokens(session.tokensAllocated)} held` : tokens(session.finalCost);
