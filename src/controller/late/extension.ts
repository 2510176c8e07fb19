import type { ExtendAnswer, ExtendRequest } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import type { ExtensionOption } from '../../protocol/session.js';
import { requestedChange } from './change.js';
import { refresh } from './heartbeat.js';
import { send } from './http-client.js';
import { pageOf } from './page.js';
import type { SessionRun } from '../session-run.js';

/** Purchases whose outcome is unknown, because the answer was lost: asked again they carry the same key. */
const unanswered = new WeakMap<SessionRun, Purchase>();

interface Purchase {
  key: string;
  body: ExtendRequest;
  /** All that was bought before; once the service tells more, the purchase has arrived. */
  durationSeconds: number;
}

/**
 * Buys one of the offered options, at the price that was offered, once.
 * @throws {SessionError} `EXTENSION_REFUSED`, `INSUFFICIENT_TOKENS`, `EXTENSION_LIMIT_REACHED`,
 * `EXTENSION_PRICE_CHANGED` and the codes of HTTP.
 */
export async function extend(
  run: SessionRun,
  minutes: number,
  options: readonly ExtensionOption[],
): Promise<void> {
  const option = options.find(({ additional_seconds }) => additional_seconds === minutes * 60);
  if (!option) {
    throw new SessionError('EXTENSION_REFUSED', {
      message: `${minutes} minutes are not among extensionOptions`,
    });
  }
  const { additional_seconds, tokens } = option;
  const purchase = async () => {
    const session = run.snapshot.session!;
    const durationSeconds = session.duration_limit_seconds;
    const lost = unanswered.get(run);
    const isSame =
      lost?.body.additional_seconds === additional_seconds && lost.durationSeconds === durationSeconds;
    const fresh = () => ({
      key: pageOf(run.world).randomId(),
      body: { additional_seconds, tokens_to_deduct: tokens },
      durationSeconds,
    });
    // Sent again as it was: under one key the service takes one request only.
    const { key, body } = isSame ? lost : fresh();
    unanswered.set(run, { key, body, durationSeconds });
    try {
      const answer = await send<ExtendAnswer>(run, {
        method: 'POST',
        path: '/extend',
        body,
        idempotencyKey: key,
      });
      const said = answer.body;
      run.accept(
        said.session ?? {
          expires_at: said.expires_at,
          duration_limit_seconds: session.duration_limit_seconds + additional_seconds,
          tokens_allocated: session.tokens_allocated + said.additional_cost,
        },
        said,
        answer,
      );
      unanswered.delete(run);
    } catch (error) {
      const wasAnswered = error instanceof SessionError && error.status && error.status < 500;
      if (wasAnswered && error.code !== 'IDEMPOTENCY_KEY_IN_USE') unanswered.delete(run);
      throw error;
    }
  };
  await requestedChange(run, 'extend', { minutes, tokens }, purchase, () => refresh(run));
}
