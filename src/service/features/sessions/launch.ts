import { addParameter } from '../../../protocol/add-parameter.js';
import type { CreateSessionAnswer } from '../../../protocol/api.js';
import { toSession } from '../../../protocol/rules/session-view.js';
import type { ServiceContext } from '../../foundation/context.js';
import { issueSessionToken } from './tokens/issue.js';
import type { SessionView } from './session-view.js';

/** What brings a customer into a session: a fresh session token, and the application's address with it. */
export async function launch(context: ServiceContext, view: SessionView): Promise<CreateSessionAnswer> {
  const { launch_url } = await context.kysely
    .selectFrom('applications')
    .select('launch_url')
    .where('id', '=', view.application_id)
    .executeTakeFirstOrThrow();
  const sessionToken = await issueSessionToken(context, view);
  return {
    session: toSession(view),
    server_time: view.read_at,
    session_token: sessionToken,
    launch_url: launch_url === null ? null : addParameter(launch_url, 'session', sessionToken),
  };
}
