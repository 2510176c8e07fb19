import type { SessionAnswer } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import { change } from './change.js';
import { send } from './http-client.js';
import { pageOf } from './page.js';
import type { SessionRun } from '../session-run.js';

/** Asks the service to stop the time. @throws {SessionError} `PAUSE_NOT_ALLOWED` and the codes of HTTP. */
export async function pause(run: SessionRun): Promise<void> {
  if (!run.snapshot.session?.pausable) throw new SessionError('PAUSE_NOT_ALLOWED');
  await ask(run, 'pause');
}

/** Asks the service to let the time run again. */
export async function resume(run: SessionRun): Promise<void> {
  await ask(run, 'resume');
}

async function ask(run: SessionRun, call: 'pause' | 'resume'): Promise<void> {
  const idempotencyKey = pageOf(run.world).randomId();
  await change(run, call, async () => {
    const answer = await send<SessionAnswer>(run, {
      method: 'POST',
      path: `/${call}`,
      body: {},
      idempotencyKey,
    });
    if (!answer.body.session) throw new SessionError('ANSWER_INVALID');
    run.accept(answer.body.session, answer.body, answer);
  });
}
