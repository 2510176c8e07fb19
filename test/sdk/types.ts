// Never run: `npm run types` fails where a line that must be refused is taken, or one that must be taken is refused.
/* eslint-disable @typescript-eslint/no-unused-vars -- types are all that is looked at */
import type { ErrorCode } from '../../src/protocol/error-codes.js';
import {
  ApiError,
  ConflictError,
  ConnectionError,
  createSessionRoute,
  createWebhookRoute,
  InsufficientTokensError,
  InvalidAnswerError,
  Marketplace,
  NotFoundError,
  verifyWebhook,
  type DashboardEvent,
  type HelpRequestEvent,
  type Session,
  type SessionEvent,
  type WebhookEvent,
} from '../../src/sdk/index.js';

/** Whether two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

declare const marketplace: Marketplace;
const sold = { applicationId: 'app', userId: 'ada' };

export async function names() {
  await marketplace.sessions.create({ ...sold, durationSeconds: 600 });
  // @ts-expect-error the wire's spelling
  await marketplace.sessions.create({ ...sold, duration_seconds: 600 });
  // @ts-expect-error another unit
  await marketplace.sessions.create({ ...sold, durationMinutes: 10 });
  // @ts-expect-error a number is no text
  await marketplace.sessions.create({ ...sold, durationSeconds: '600' });
  // @ts-expect-error something is missing
  await marketplace.sessions.create({ applicationId: 'app' });
  // @ts-expect-error there is no such method
  await marketplace.sessions.remove('id');
  // @ts-expect-error an id is missing
  await marketplace.sessions.retrieve();
  // @ts-expect-error params come before options
  await marketplace.sessions.extend('id', { timeoutMs: 1000 });
  // @ts-expect-error a word that the service does not know
  await marketplace.sessions.list({ status: 'running' });
  // @ts-expect-error one side or the other
  await marketplace.sessions.validate({});
  await marketplace.sessions.validate({ jti: 'id' });
  // @ts-expect-error an option that there is not
  await marketplace.sessions.end('id', { timeout: 1000 });
  await marketplace.sessions.end('id', { timeoutMs: 1000, maxRetries: 0, idempotencyKey: 'once' });
  // @ts-expect-error seconds that are none of the names
  new Marketplace({ secretKey: 'sk_test_abc', timeoutSeconds: 30 });
  // @ts-expect-error what is answered is not to be written
  marketplace.sessions = marketplace.sessions;
}

export async function instants(session: Session) {
  true satisfies Same<Session['expiresAt'], Date | null>;
  true satisfies Same<Session['remainingSeconds'], number>;
  const { expiresAt } = await marketplace.createSessionToken({ externalUserId: 'ada' });
  true satisfies Same<typeof expiresAt, Date>;
  const { serverTime } = await marketplace.sessions.retrieve(session.id);
  // The one instant that is no `*At`: milliseconds.
  true satisfies Same<typeof serverTime, number>;
  // @ts-expect-error it may have none
  session.expiresAt.getTime();
  // @ts-expect-error an instant is a Date
  await marketplace.subscriptions.pause('id', { resumesAt: 1_767_225_600 });
  await marketplace.subscriptions.pause('id', { resumesAt: new Date() });
  // @ts-expect-error seconds are numbers
  session.remainingSeconds.getTime();
}

export async function answers() {
  const call = marketplace.sessions.retrieve('id');
  const { data, response, requestId } = await call.withResponse();
  true satisfies Same<typeof data.session, Session>;
  true satisfies Same<typeof response, Response>;
  true satisfies Same<typeof requestId, string | undefined>;
  for await (const session of marketplace.sessions.list()) true satisfies Same<typeof session, Session>;
  const page = await marketplace.sessions.list();
  // @ts-expect-error a page is not written to
  page.data.push();
  // @ts-expect-error all pages have no end that is known
  await marketplace.sessions.list().toArray();
  const erasure = await marketplace.customers.delete('id');
  true satisfies Same<NonNullable<typeof erasure>['status'], 'none' | 'running' | 'done'>;
  const nothing = await marketplace.webhookEndpoints.delete('id');
  // @ts-expect-error nothing is answered
  String(nothing.id);
}

export function errors(error: unknown) {
  if (error instanceof ConflictError) {
    if (error.code === 'SESSION_PRICE_CHANGED') error.response satisfies Response;
    // @ts-expect-error a code that comes with another status
    if (error.code === 'SESSION_NOT_FOUND') return;
    // @ts-expect-error no code at all
    if (error.code === 'SESSION_PRICE_CHANGD') return;
  }
  if (error instanceof NotFoundError && error.code === 'SESSION_NOT_FOUND') return;
  if (error instanceof InsufficientTokensError) error.topUpUrl satisfies string | undefined;
  if (error instanceof InvalidAnswerError) true satisfies Same<typeof error.code, 'ANSWER_INVALID'>;
  if (error instanceof ConnectionError) {
    true satisfies Same<typeof error.code, 'NETWORK_FAILED' | 'TIMED_OUT'>;
    // @ts-expect-error no answer came
    return error.response;
  }
  if (error instanceof ApiError) {
    true satisfies Same<typeof error.status, number>;
    true satisfies Same<typeof error.code, ErrorCode>;
    // @ts-expect-error no code at all
    if (error.code === 'SESSION_GON') return;
    error.errors.map(({ pointer }) => pointer.length);
    // @ts-expect-error what came is not changed
    error.code = 'SERVICE_ERROR';
  }
  return undefined;
}

export function events(
  live: SessionEvent,
  help: HelpRequestEvent,
  figures: DashboardEvent,
  sent: WebhookEvent,
) {
  if (live.type === 'session.paused') true satisfies Same<typeof live.createdAt, Date>;
  // @ts-expect-error the wire's spelling
  String(live.created_at);
  // @ts-expect-error no event of a session
  if (live.type === 'help_request.snapshot') return;
  if (help.type === 'help_request.snapshot') help.request.createdAt satisfies Date;
  if (figures.type === 'figures.changed') figures.sessionIds satisfies string[];
  // @ts-expect-error a snapshot says to read anew, and names nobody
  if (figures.type === 'figures.snapshot') String(figures.sessionIds);
  // What is signed stays as it was sent.
  if (sent.type === 'session.ended') sent.data.final_cost satisfies number;
  // @ts-expect-error the SDK's spelling
  if (sent.type === 'session.ended') String(sent.data.finalCost);
}

export function routes() {
  createWebhookRoute({ on: { 'session.ended': ({ data }) => void (data.session_id satisfies string) } });
  // @ts-expect-error no such event
  createWebhookRoute({ on: { 'session.finished': () => {} } });
  createSessionRoute({ marketplace }, () => null);
  // @ts-expect-error the user's id has another name
  createSessionRoute({ marketplace }, () => ({ id: 'ada' }));
  // @ts-expect-error text that was parsed has other bytes
  void verifyWebhook({ type: 'session.ended' }, {}, 'whsec_abc');
}
