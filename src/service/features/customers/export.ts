import { sql } from 'kysely';
import { listChanges } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import { isBehind, type PageCursor } from '../../foundation/page-cursor.js';
import { listFiles, toFileFacts } from '../files/index.js';
import { listExtensions } from '../extensions/index.js';
import { listHelpRequests } from '../help-requests/index.js';
import { listMessages, toMessage } from '../messages/index.js';
import { listSubscriptions, toSubscription } from '../subscriptions/index.js';
import { readCustomer } from './customers.js';
import { readEntries } from './wallet.js';

const pageSize = 100;

/** One record; instants in whole seconds since the epoch. */
type ExportRecord = { record: string } & Record<string, unknown>;

/**
 * All that is kept of a person, to be handed over (GDPR, articles 15 and 20), an object of JSON a line: the customer with the
 * wallet; each session with what was written about it and in it and bought for it; the subscriptions; the help requests with what
 * was written in them; the session tokens that count; what moved the wallet; who changed what. The last record counts those
 * before it: an export without it broke off.
 * @throws {SessionError} `CUSTOMER_NOT_FOUND`, before the first line.
 */
export async function* exportLines(context: ServiceContext, id: string): AsyncGenerator<string, void> {
  let records = 0;
  for await (const record of recordsOf(context, id)) {
    records += 1;
    yield lineOf(record);
  }
  yield lineOf({ record: 'end', records });
}

const lineOf = (record: ExportRecord) => `${JSON.stringify(record)}\n`;

async function* recordsOf(context: ServiceContext, id: string): AsyncGenerator<ExportRecord, void> {
  yield { record: 'customer', ...(await readCustomer(context, id)) };
  for await (const session of rowsOf((after) => sessionsOf(context, id, after))) {
    const { created_at, started_at, ended_at, ...facts } = session;
    const instants = { created_at: seconds(created_at), started_at: started_at && seconds(started_at) };
    const extensions = await listExtensions(context, session.id);
    const presence = await presenceOf(context, session.id);
    yield {
      record: 'session',
      ...facts,
      ...instants,
      ended_at: ended_at && seconds(ended_at),
      extensions,
      presence,
    };
    for await (const message of messagesOf(context, session.id)) yield { record: 'message', ...message };
    const files = (after?: PageCursor) => listFiles(context, session.id, { after, limit: pageSize });
    for await (const file of rowsOf(files)) yield { record: 'file', ...toFileFacts(file) };
  }
  const subscriptions = (after?: PageCursor) =>
    listSubscriptions(context, { customerId: id, after, limit: pageSize });
  for await (const subscription of rowsOf(subscriptions))
    yield { record: 'subscription', ...toSubscription(subscription) };
  const requests = (after?: PageCursor) => listHelpRequests(context, { userId: id, after, limit: pageSize });
  for await (const request of rowsOf(requests)) {
    const { application_id, category_id, status, reason, tokens, final_cost, description, notes } = request;
    const facts = { application_id, category_id, status, reason, tokens, final_cost, description, notes };
    const { created_at, ended_at } = request;
    const instants = { created_at: seconds(created_at), ended_at: ended_at && seconds(ended_at) };
    yield { record: 'help_request', id: request.id, ...facts, outcome: request.outcome, ...instants };
  }
  for await (const token of rowsOf((after) => tokensOf(context, id, after))) {
    const { created_at, expires_at, used_at, ...facts } = token;
    const instants = { created_at: seconds(created_at), expires_at: seconds(expires_at) };
    yield { record: 'session_token', ...facts, ...instants, used_at: used_at && seconds(used_at) };
  }
  const entries = (after?: PageCursor) => readEntries(context, id, { after, limit: pageSize });
  for await (const { created_at, ...entry } of rowsOf(entries))
    yield { record: 'wallet_entry', ...entry, created_at: seconds(created_at) };
  for (const path of ['', '/credits']) {
    const subject = `/customers/${id}${path}`;
    const changes = (after?: PageCursor) => listChanges(context, { subject, after, limit: pageSize });
    for await (const { created_at, ...change } of rowsOf(changes))
      yield { record: 'change', ...change, created_at: seconds(created_at) };
  }
}

/** When the customer came and went, as far as that is kept. */
async function presenceOf({ kysely }: ServiceContext, sessionId: string) {
  const events = await kysely
    .selectFrom('events')
    .select(['type', 'created_at'])
    .where('subject', '=', `session:${sessionId}`)
    .where('type', 'like', 'participant.%')
    .where(sql<boolean>`payload ->> 'role' = 'customer'`)
    .orderBy('id')
    .execute();
  return events.map(({ type, created_at }) => ({ type, created_at: seconds(created_at) }));
}

/** What was written in a session, by whomever: it was written to or by the customer. */
async function* messagesOf(context: ServiceContext, sessionId: string) {
  let page = await listMessages(context, sessionId, { after: 0, limit: pageSize });
  while (page.length > 0) {
    yield* page.map(toMessage);
    const after = page.at(-1)!.position;
    page = page.length < pageSize ? [] : await listMessages(context, sessionId, { after, limit: pageSize });
  }
}

const seconds = (instant: number) => Math.floor(instant / 1000);

/** The rows of a list, newest first, a page at a time. */
async function* rowsOf<T extends { id: string | number; created_at: number }>(
  readPage: (after?: PageCursor) => Promise<T[]>,
): AsyncGenerator<T> {
  let page = await readPage();
  while (page.length > 0) {
    yield* page;
    const { id, created_at: createdAt } = page.at(-1)!;
    page = page.length < pageSize ? [] : await readPage({ id: String(id), createdAt });
  }
}

function tokensOf({ kysely }: ServiceContext, customerId: string, after: PageCursor | undefined) {
  return kysely
    .selectFrom('session_tokens')
    .select(['id', 'application_id', 'session_id', 'operations', 'metadata'])
    .select(['created_at', 'expires_at', 'used_at'])
    .where('customer_id', '=', customerId)
    .$if(after !== undefined, (query) => query.where(isBehind(after!)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(pageSize)
    .execute();
}

function sessionsOf({ kysely }: ServiceContext, userId: string, after: PageCursor | undefined) {
  return kysely
    .selectFrom('sessions')
    .select(['id', 'application_id', 'status', 'created_at', 'started_at', 'ended_at'])
    .select(['duration_limit_seconds', 'used_seconds', 'tokens_allocated', 'final_cost', 'tokens_refunded'])
    .select(['return_url', 'metadata', 'reported_usage'])
    .where('user_id', '=', userId)
    .$if(after !== undefined, (query) => query.where(isBehind(after!)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(pageSize)
    .execute();
}
