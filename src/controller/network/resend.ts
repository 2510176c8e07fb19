import type { SessionRun } from '../run/session-run.js';
import { settleNow } from '../ending/bill.js';
import { change } from '../run/change.js';
import { outboxOf } from './offline-queue.js';
import { askFor } from '../run/pause.js';
import { pendingCalls } from '../run/pending-call.js';

/** Sends what an earlier page of this tab was asked for and could not send, in order. */
export function resend(run: SessionRun): void {
  const changes = outboxOf(run).changes;
  if (!changes.length) return;
  const done = (async () => {
    for (const { call, body, idempotencyKey } of changes) {
      await change(run, call, () =>
        call === 'end' ? settleNow(run, body, idempotencyKey) : askFor(run, call, idempotencyKey),
      ).catch(() => {});
    }
  })().finally(() => pendingCalls.delete(run));
  pendingCalls.set(run, { name: changes[0]!.call, minutes: undefined, done });
}
