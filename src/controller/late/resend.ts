import type { SessionRun } from '../session-run.js';
import { settleNow } from './bill.js';
import { change } from './change.js';
import { outboxOf } from './outbox.js';
import { askFor } from './pause.js';
import { underway } from './underway.js';

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
  })().finally(() => underway.delete(run));
  underway.set(run, { name: changes[0]!.call, minutes: undefined, done });
}
