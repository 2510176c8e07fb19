import { SessionError } from '../../protocol/errors.js';
import { isForMoney } from '../../protocol/extension-option.js';
import type { ExtensionOption, Session } from '../../protocol/session.js';
import { sessionEvent } from '../session-event.js';
import { accept } from '../run/answers.js';
import { askAroundBlock } from '../network/blocked.js';
import { blockedPathsOf } from '../network/blocked-paths.js';
import { requestedChange } from '../run/change.js';
import { refresh } from '../network/heartbeat.js';
import { perRun } from '../run/per-run.js';
import { path, purchase } from './purchase.js';
import { offers } from '../run/said.js';
import type { SessionRun } from '../run/session-run.js';

/**
 * Buys one of the offered options, at the price that was offered, once. Where it is paid by money, `checkout` says where.
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
      message: `${minutes} is not in extensionOptions`,
    });
  }
  const { additional_seconds, tokens } = option;
  const buy = async () => {
    const session = run.snapshot.session!;
    const history = historyOf(run);
    try {
      const answer = await purchase(
        run,
        isForMoney(option)
          ? { additional_seconds, payment: 'money' }
          : { additional_seconds, tokens_to_deduct: tokens },
        `extend-${nameOf(session, additional_seconds)}-${history.refusals}`,
      );
      if (!answer) return;
      const said = answer.body;
      accept(
        run,
        said.session ?? {
          expires_at: said.expires_at,
          duration_limit_seconds: session.duration_limit_seconds + additional_seconds,
          tokens_allocated: session.tokens_allocated + said.additional_cost,
        },
        said,
        { trip: answer },
      );
      const { checkout_url: address } = said;
      if (address && !run.signal.aborted)
        run.owner.dispatchEvent(sessionEvent('checkout', { address }, { cancelable: true }));
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      // It was made at another price, by a request whose answer was lost: that is what the customer has bought.
      if (error.code === 'IDEMPOTENCY_KEY_REUSED') await refresh(run);
      else {
        const wasRefused = error.status && error.status < 500 && error.code !== 'IDEMPOTENCY_KEY_IN_USE';
        if (wasRefused) history.refusals += 1;
        // A single try that was lost says nothing of a block.
        if (offers(run, 'idempotency')) await askAroundBlock(run, path, error);
        throw blockedPathsOf(run).get(path) ?? error;
      }
    }
  };
  await requestedChange(run, 'extend', { minutes, tokens }, buy, () => refresh(run));
}

/** A backend may remember a refusal under its key: another try is another purchase. */
const historyOf = perRun(() => ({ refusals: 0 }));

/**
 * Names a purchase, the same for everyone who buys that much on top of what was bought before: a second tab, a second
 * press and a try whose answer was lost ask for one purchase, and what is bought later is another.
 */
const nameOf = ({ id, duration_limit_seconds, expires_at }: Session, additionalSeconds: number): string =>
  // A header takes no more than 255 characters, and those of ASCII: ids of other backends are of any kind.
  `${encodeURIComponent(id).slice(-160)}-${duration_limit_seconds || expires_at}-${additionalSeconds}`;
