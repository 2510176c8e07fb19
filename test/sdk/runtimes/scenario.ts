// What the SDK does in every runtime, with nothing of any of them. Bundled, and run unchanged in each: `npm run test:runtimes`.
import {
  ConflictError,
  createWebhookRoute,
  Marketplace,
  NotFoundError,
  TimeoutError,
} from '../../../src/sdk/index.js';

export interface Place {
  apiUrl: string;
  secretKey: string;
  applicationId: string;
  userId: string;
  /** A webhook that is signed, and what signed it. */
  webhook: { secret: string; body: string; headers: Record<string, string> };
}

function expect(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`It is not so: ${what}`);
}

const failureOf = (call: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(call).then(
    () => undefined,
    (error: unknown) => error,
  );

/** @returns what was found to work. */
export async function scenario({
  apiUrl,
  secretKey,
  applicationId,
  userId,
  webhook,
}: Place): Promise<string[]> {
  const marketplace = new Marketplace({ apiUrl, secretKey });
  const params = { applicationId, userId, durationSeconds: 600 };
  const { session } = await marketplace.sessions.create(params, { idempotencyKey: crypto.randomUUID() });
  expect(session.createdAt instanceof Date, 'instants are dates');
  await marketplace.sessions.create(params);

  const ids: string[] = [];
  for await (const { id } of marketplace.sessions.list({ userId, limit: 1 })) ids.push(id);
  expect(ids.length === 2 && ids[1] === session.id, 'all pages are read');

  const types: string[] = [];
  for await (const { type } of marketplace.sessions.events(session.id)) {
    types.push(type);
    if (type === 'session.snapshot') await marketplace.sessions.end(session.id);
  }
  expect(types.join() === 'session.snapshot,session.ended', 'events are heard to the end');

  expect(
    (await failureOf(marketplace.sessions.retrieve('none'))) instanceof NotFoundError,
    '404 has its class',
  );
  const wrongPrice = marketplace.sessions.create({ ...params, tokensToDeduct: 1 });
  expect((await failureOf(wrongPrice)) instanceof ConflictError, '409 has its class');
  const slow = () => new Promise<Response>((resolve) => setTimeout(() => resolve(new Response('{}')), 1000));
  const never = new Marketplace({ apiUrl, secretKey, fetch: slow, timeoutMs: 50 });
  expect((await failureOf(never.sessions.retrieve('any'))) instanceof TimeoutError, 'a call ends in time');
  const aborted = marketplace.sessions.retrieve('any', { signal: AbortSignal.abort() });
  expect(((await failureOf(aborted)) as Error).name === 'AbortError', 'a call is aborted');
  const moved = () => new Response(null, { status: 302, headers: { Location: apiUrl } });
  const moving = new Marketplace({ apiUrl, secretKey, fetch: moved });
  const code = ((await failureOf(moving.sessions.retrieve('any'))) as { code: string }).code;
  expect(code === 'ANSWER_INVALID', 'a redirect is not followed');

  let heard = '';
  const route = createWebhookRoute({ secret: webhook.secret, onEvent: ({ type }) => (heard = type) });
  const { body, headers } = webhook;
  const delivery = new Request('https://app.example/', { method: 'POST', body, headers });
  expect((await route(delivery)).status === 204 && heard === 'session.ended', 'a webhook is verified');
  return ['sale', 'pages', 'events', 'errors', 'time-out', 'abort', 'redirect', 'webhook'];
}
