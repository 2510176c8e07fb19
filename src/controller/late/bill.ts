import type { CompleteAnswer, CompleteRequest } from '../../protocol/api.js';
import type { SessionRun } from '../session-run.js';
import { send } from './http-client.js';
import { pageOf } from './page.js';

/** Usage as the page saw it, for the record: the service bills what it measured. */
export interface Usage {
  actualUsageMinutes?: number;
  metadata?: Record<string, string>;
}

/** Has the service settle the session, whoever ended it, and takes in the bill. */
export async function settle(run: SessionRun, body: CompleteRequest = {}): Promise<void> {
  const answer = await send<CompleteAnswer>(run, {
    method: 'POST',
    path: '/complete',
    body,
    idempotencyKey: pageOf(run.world).randomId(),
    keepalive: true,
  });
  const said = answer.body;
  const { status = 'completed', used_seconds = null, final_cost = null, tokens_refunded = null } = said;
  run.accept(said.session ?? { status, used_seconds, final_cost, tokens_refunded }, said, answer);
}
