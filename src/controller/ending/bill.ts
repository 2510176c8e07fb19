import type { CompleteAnswer, CompleteRequest } from '../../protocol/api.js';
import type { SessionRun } from '../run/session-run.js';
import { isAllowed } from '../run/allowed.js';
import { accept } from '../run/answers.js';
import { pathInSession, send, type GoodAnswer } from '../network/http-client.js';
import { outboxOf, type KeptChange } from '../network/offline-queue.js';
import { pageOf } from '../page/browser-page.js';

/** Usage as the page saw it, for the record: the service bills what it measured. */
export interface Usage {
  actualUsageMinutes?: number;
  metadata?: Record<string, string>;
}

/** Has the service settle a session whose time is up, and takes in the bill. */
export async function settle(run: SessionRun): Promise<void> {
  const { path, body, idempotencyKey } = completion(run);
  takeIn(run, await send(run, { method: 'POST', path, body, idempotencyKey }));
}

/** Ends the session and has it settled, however long the network is away. */
export async function settleNow(
  run: SessionRun,
  body: CompleteRequest = {},
  idempotencyKey?: string,
): Promise<void> {
  takeIn(run, await outboxOf(run).deliver(completion(run, body, idempotencyKey)));
}

/** Makes ready for an end that is asked for while the page is being left. */
export function prepareToEnd(run: SessionRun): void {
  if (run.signal.aborted) return;
  void run.prover?.then(
    ({ prepare }) => prepare('POST', run.endpoint + pathInSession(run, pathOfEnd(run)), run.token),
    () => {},
  );
}

/** Both settle; one of them the session token allows. */
export const pathOfEnd = ({ snapshot }: SessionRun): string =>
  isAllowed(snapshot.session, 'complete') ? '/complete' : '/end';

const completion = (
  run: SessionRun,
  body: CompleteRequest = {},
  idempotencyKey = pageOf(run.world).randomId(),
): KeptChange => ({ call: 'end', path: pathOfEnd(run), body, idempotencyKey });

function takeIn(run: SessionRun, answer: GoodAnswer<CompleteAnswer>): void {
  const said = answer.body;
  const { status = 'completed', used_seconds = null, final_cost = null, tokens_refunded = null } = said;
  const bill = said.session ?? { status, used_seconds, final_cost, tokens_refunded };
  accept(run, bill, said, { trip: answer });
}
