import type { ValidateAnswer } from '../../protocol/api.js';
import type { HttpAnswer } from '../network/http-request.js';
import { readPlainToken } from './plain-token.js';
import type { SessionRun } from '../run/session-run.js';

/**
 * The quick way into a session: one request, and the service's plain yes to a token that has the form of one. Whatever
 * else happens is left to the thorough way (`validation.ts`), together with the answer that was got.
 * @returns undefined where the token must not even be sent before a closer look.
 */
export function quickValidation(
  run: SessionRun,
  token: string,
): { answer: Promise<HttpAnswer>; isYes: Promise<boolean> } | undefined {
  const { applicationId, jwksUri } = run.options;
  let claims: ReturnType<typeof readPlainToken>;
  try {
    claims = readPlainToken(token);
    if (jwksUri || (applicationId && claims.aud !== applicationId)) return undefined;
  } catch {
    return undefined;
  }
  run.keepToken(token);
  if (claims.dpop_bound) run.bind();
  const answer = run.validateOnce();
  const isYes = answer.then(
    (got) => {
      const { valid, session, remaining_seconds, allowed_operations } = (got.body ?? {}) as ValidateAnswer;
      const isPlain =
        got.response.ok &&
        valid === true &&
        session?.id === claims.jti &&
        (session.status ?? 'active') === 'active' &&
        remaining_seconds > 0;
      if (!isPlain) return false;
      run.take(
        {
          remaining_seconds,
          allowed_operations,
          return_url: claims.return_url ?? null,
          ...(session as object),
        },
        run.learn(got.body as ValidateAnswer, got),
      );
      return true;
    },
    () => false,
  );
  return { answer, isYes };
}
