import { said } from './backend.js';
import { expect, shown } from './expect.js';
import { NotOffered, type Row } from './row.js';
import { SoldSession } from './sold-session.js';

/** What session tokens of a user allow. */
export const operations: readonly Row[] = [
  {
    name: 'operations',
    asks: 'a session token of POST /session-tokens allows the operations that it was asked for, which validate names, and is refused the others: 403 OPERATION_NOT_ALLOWED (with a secret key)',
    async check({ sell, backend, secretKey }) {
      if (secretKey === undefined) throw new NotOffered('no MARKETPLACE_SECRET_KEY asks for such a token');
      const sold = await sell();
      const { session } = await sold.validate();
      const allowed_operations = ['use_session'];
      const { user_id: external_user_id } = session as { user_id?: unknown };
      const asked = await backend.call('POST', '/session-tokens', {
        token: secretKey,
        body: { external_user_id, session_id: sold.id, allowed_operations },
        headers: { 'Idempotency-Key': crypto.randomUUID() },
      });
      if ([404, 405, 501].includes(asked.status))
        throw new NotOffered('it gives out no session tokens of a user');
      const { session_token } = asked.body;
      expect(
        asked.status < 300 && typeof session_token === 'string',
        `POST /session-tokens is to answer a session_token, and answers ${asked.status} ${said(asked)}`,
      );
      const limited = new SoldSession(backend, session_token);
      expect(limited.id === sold.id, `its jti is to be the session ${sold.id}, and is ${limited.id}`);
      const { allowed_operations: named } = await limited.validate();
      expect(
        shown(named) === shown(allowed_operations),
        `validate is to name allowed_operations ${shown(allowed_operations)}, and names ${shown(named)}`,
      );
      const deadline = await limited.deadline();
      const extension = { additional_seconds: await sold.firstOption() };
      for (const [action, body] of Object.entries({ extend: extension, pause: {}, complete: {} })) {
        const refused = await backend.refuse(
          'POST',
          `${sold.path}/${action}`,
          { token: limited.token, body, headers: { 'Idempotency-Key': crypto.randomUUID() } },
          [403],
        );
        expect(
          refused.body.code === 'OPERATION_NOT_ALLOWED',
          `${action} is to be refused with OPERATION_NOT_ALLOWED, and is with ${shown(refused.body.code)}`,
        );
      }
      const after = await limited.deadline();
      expect(after === deadline, `what is refused is to move nothing: ${deadline} has become ${after}`);
    },
  },
];
