import { sql, type Transaction } from 'kysely';
import type { ExtendRequest } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import { nextStatus } from '../../protocol/state-machine.js';
import type { SessionRow, Tables } from '../database/schema.js';
import { appendEvent } from '../outbox.js';
import { holdTokens } from './hold-tokens.js';

/** What an extension changed; its answer is made of this, also when it is asked for again. */
export interface ExtensionResult {
  expires_at: number | null;
  additional_seconds: number;
  additional_cost: number;
}

/**
 * Sells a locked session one of its application's extensions.
 * @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED`, `EXTENSION_REFUSED`, `EXTENSION_PRICE_CHANGED`,
 * `EXTENSION_LIMIT_REACHED`, `INSUFFICIENT_TOKENS`
 */
export async function extendSession(
  trx: Transaction<Tables>,
  session: SessionRow,
  request: ExtendRequest,
  now: number,
): Promise<ExtensionResult> {
  const status = nextStatus(session.status, 'extend');
  const application = await trx
    .selectFrom('applications')
    .select(['extension_options', 'max_duration_seconds', 'top_up_url'])
    .where('id', '=', session.application_id)
    .executeTakeFirstOrThrow();
  const { additional_seconds, tokens } = chooseOption(application.extension_options, request);
  const durationLimitSeconds = session.duration_limit_seconds + additional_seconds;
  if (durationLimitSeconds > application.max_duration_seconds)
    throw new SessionError('EXTENSION_LIMIT_REACHED');

  const topUpUrl = application.top_up_url;
  await holdTokens(trx, { userId: session.user_id, sessionId: session.id, tokens, topUpUrl, now });
  await recordExtension(trx, { sessionId: session.id, additional_seconds, tokens, now });
  const deadlineAt = session.deadline_at + additional_seconds * 1000;
  const isPaused = status === 'paused';
  await trx
    .updateTable('sessions')
    .set({
      status,
      tokens_allocated: session.tokens_allocated + tokens,
      duration_limit_seconds: durationLimitSeconds,
      deadline_at: deadlineAt,
      ...(!isPaused && { due_at: deadlineAt }),
    })
    .where('id', '=', session.id)
    .execute();
  const result = {
    expires_at: isPaused ? null : deadlineAt / 1000,
    additional_seconds,
    additional_cost: tokens,
  };
  await appendEvent(trx, 'session.extended', { session_id: session.id, ...result }, now);
  return result;
}

function chooseOption(
  options: readonly { additional_seconds: number; tokens: number }[],
  request: ExtendRequest,
) {
  const option = options.find(({ additional_seconds }) => additional_seconds === request.additional_seconds);
  if (!option) throw new SessionError('EXTENSION_REFUSED');
  if (request.tokens_to_deduct !== undefined && request.tokens_to_deduct !== option.tokens) {
    throw new SessionError('EXTENSION_PRICE_CHANGED');
  }
  return option;
}

async function recordExtension(
  trx: Transaction<Tables>,
  extension: { sessionId: string; additional_seconds: number; tokens: number; now: number },
): Promise<void> {
  const { count } = await trx
    .selectFrom('extensions')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('session_id', '=', extension.sessionId)
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('extensions')
    .values({
      id: crypto.randomUUID(),
      session_id: extension.sessionId,
      position: count + 1,
      additional_seconds: extension.additional_seconds,
      tokens: extension.tokens,
      created_at: extension.now,
    })
    .execute();
}
