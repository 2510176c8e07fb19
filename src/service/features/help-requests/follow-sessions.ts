import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { EventRow, HelpRequestRow, Tables } from '../../foundation/database/schema.js';
import type { EventConsumer } from '../../foundation/events/consumer.js';
import { idIn } from '../../foundation/events/subject.js';
import { freeSeat } from '../helpers/index.js';
import { dismiss } from './close.js';
import { capturePayment, releasePayment } from './payment/plan-payment.js';
import { lookAfterMs } from './times.js';
import { writeRequest } from './write-request.js';

/** What has become of a request's session. */
export type SessionNews =
  | { isOver: false; deadlineAt: number }
  | { isOver: true; wasHeld: boolean; usedSeconds: number; finalCost: number };

/** Keeps requests in step with their sessions, in the transaction of what happens to those, whoever does it. */
export const followSessions =
  (context: ServiceContext): EventConsumer =>
  async (trx, events) => {
    for (const event of events) {
      const news = newsIn(event);
      if (!news) continue;
      const request = await trx
        .selectFrom('help_requests')
        .selectAll()
        .where('id', '=', (event.payload as { help_request_id: string }).help_request_id)
        .where('session_id', '=', idIn('session', event.subject!)!)
        .forNoKeyUpdate()
        .executeTakeFirst();
      if (request) await follow(context, trx, request, news, event.created_at);
    }
  };

function newsIn({ type, payload }: EventRow): SessionNews | undefined {
  const told = payload as Record<string, unknown>;
  if (told.help_request_id === undefined) return undefined;
  if (type === 'session.started') return { isOver: false, deadlineAt: Number(told.expires_at) * 1000 };
  if (type !== 'session.ended') return undefined;
  const bill = { usedSeconds: Number(told.used_seconds), finalCost: Number(told.final_cost) };
  return { isOver: true, wasHeld: told.status !== 'cancelled', ...bill };
}

/** Does to a locked request what its session, which is locked too, says; nothing where that is done already. */
export async function follow(
  context: ServiceContext,
  trx: Transaction<Tables>,
  request: HelpRequestRow,
  news: SessionNews,
  now: number,
): Promise<void> {
  const { status } = request;
  const start = (startedAt: number, deadlineAt: number) => {
    const changes = { started_at: startedAt, due_at: deadlineAt + lookAfterMs };
    return writeRequest(context, trx, request, 'start', { changes, tells: 'help_request.started', now });
  };
  if (!news.isOver) {
    if (status === 'claimed') await start(now, news.deadlineAt);
  } else if (news.wasHeld && (status === 'claimed' || status === 'in_progress')) {
    // An instance that knows no requests has both started and ended it.
    const talk = status === 'claimed' ? await start(now - news.usedSeconds * 1000, now) : request;
    const bill = { used_seconds: news.usedSeconds, final_cost: news.finalCost };
    const changes = { ...bill, ended_at: now, due_at: null };
    const written = await writeRequest(context, trx, talk, 'complete', {
      changes,
      tells: 'help_request.completed',
      now,
    });
    await capturePayment(trx, written, news.usedSeconds, now);
    await freeSeat(trx, request.helper_id!);
  } else if (status === 'claimed' && !news.wasHeld) {
    const changes = { reason: 'session_cancelled' as const, ended_at: now, due_at: null };
    await writeRequest(context, trx, request, 'cancel', { changes, tells: 'help_request.cancelled', now });
    await releasePayment(trx, request, now);
    await dismiss(trx, request, now);
  }
}
