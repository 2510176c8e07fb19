import type { SessionAnswer } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import type { SessionRun } from './session-run.js';
import { accept } from './answers.js';
import { change } from './change.js';
import { refresh } from '../network/heartbeat.js';
import { outboxOf } from '../network/offline-queue.js';
import { pageOf } from '../page/browser-page.js';

const wanted = { pause: 'paused', resume: 'active' } as const;

/** Asks the service to stop the time. @throws {SessionError} `PAUSE_NOT_ALLOWED` and the codes of HTTP. */
export async function pause(run: SessionRun): Promise<void> {
  if (!run.snapshot.session?.pausable) throw new SessionError('PAUSE_NOT_ALLOWED');
  await change(run, 'pause', () => askFor(run, 'pause'));
}

/** Asks the service to let the time run again. */
export async function resume(run: SessionRun): Promise<void> {
  await change(run, 'resume', () => askFor(run, 'resume'));
}

/** Asks, however long the network is away, and takes in the answer. */
export async function askFor(
  run: SessionRun,
  call: 'pause' | 'resume',
  idempotencyKey = pageOf(run.world).randomId(),
): Promise<void> {
  try {
    const kept = { call, path: `/${call}`, body: {}, idempotencyKey };
    const answer = await outboxOf(run).deliver<SessionAnswer>(kept);
    if (!answer.body.session) throw new SessionError('ANSWER_INVALID');
    accept(run, answer.body.session, answer.body, { trip: answer });
  } catch (error) {
    if (!(error instanceof SessionError) || error.code !== 'TRANSITION_REFUSED') throw error;
    // Another tab, or the other side, was faster.
    await refresh(run);
    if (run.snapshot.state !== wanted[call]) throw error;
  }
}
