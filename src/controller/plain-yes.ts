import type { ValidateAnswer } from '../protocol/api.js';
import type { HttpAnswer } from './http-request.js';
import type { SessionRun } from './session-run.js';

/**
 * The quick way into a session: one request, and a plain yes. It only ever says yes where the thorough way
 * (`late/validation.ts`) would too; any doubt is left to that, together with the answer that was got.
 * @returns undefined where the token must not even be sent before a closer look.
 */
export function plainYes(
  run: SessionRun,
  token: string,
): { answer: Promise<HttpAnswer>; isYes: Promise<boolean> } | undefined {
  const { applicationId, jwksUri } = run.options;
  let claims: { jti?: string; aud?: string; return_url?: string };
  try {
    const [, payload, signature, ...rest] = token.split('.');
    claims = JSON.parse(atob(payload!.replace(/-/g, '+').replace(/_/g, '/')));
    if (jwksUri || !signature || rest.length || (applicationId && claims.aud !== applicationId))
      return undefined;
  } catch {
    return undefined;
  }
  run.token = token;
  const answer = run.validateOnce();
  const isYes = answer.then(
    (got) => {
      const body = got.body as ValidateAnswer | undefined;
      const session = body?.session;
      if (
        !got.response.ok ||
        !body?.valid ||
        !session ||
        session.id !== claims.jti ||
        !(body.remaining_seconds > 0)
      )
        return false;
      run.accept({ remaining_seconds: body.remaining_seconds, ...(session as object) }, body, got);
      return true;
    },
    () => false,
  );
  return { answer, isYes };
}
