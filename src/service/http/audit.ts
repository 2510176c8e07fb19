import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { recordChange } from '../audit.js';
import type { ServiceContext } from '../context.js';
import { credentialName } from './credential.js';
import type { HttpEnvironment } from './environment.js';
import { basePath } from './paths.js';
import { routeOf } from './request-frame.js';

const reading = ['GET', 'HEAD', 'OPTIONS'];
/** They change nothing that anybody would ask about, and come by the thousand. */
const unremarkable = ['/sessions/{id}/heartbeat', '/sessions/validate'];

/**
 * Writes each change that was made into the audit trail, before it is answered: what a caller knows to have been done
 * stands there. The names of the fields are kept and never their values, so that no secret is.
 */
export const audit = (context: ServiceContext) =>
  createMiddleware<HttpEnvironment>(async (c, next) => {
    await next();
    const credential = c.get('credential');
    const route = routeOf(c).replace(basePath, '');
    if (!credential || !c.res.ok || reading.includes(c.req.method) || unremarkable.includes(route)) return;
    const entry = {
      actor: credentialName(credential),
      action: `${c.req.method} ${route}`,
      subject: await subjectOf(c),
      fields: await fieldsOf(c),
      address: c.env?.clientAddress ?? null,
      request_id: c.get('requestId'),
      created_at: context.now(),
    };
    try {
      await recordChange(context, entry);
    } catch (error) {
      // The change is made and must be answered; then the log is where it stands.
      context.logger.error('a change could not be written into the audit trail', {
        ...entry,
        error: String(error),
      });
    }
  });

/** What was changed, by its path; of what was made the path that it has now. */
async function subjectOf(c: Context<HttpEnvironment>): Promise<string> {
  const path = c.req.path.replace(basePath, '');
  if (c.res.status !== 201) return path;
  const made = (await c.res.clone().json()) as { id?: string; session?: { id: string } };
  const id = made.id ?? made.session?.id;
  return id === undefined ? path : `${path}/${id}`;
}

async function fieldsOf(c: Context<HttpEnvironment>): Promise<string[]> {
  // A route that takes no body has not looked at it, and whatever stands in it changed nothing.
  const isValidated = (c.req.valid('json' as never) as object | undefined) !== undefined;
  // One that may be left out was perhaps left out.
  return isValidated ? Object.keys((await c.req.json().catch(() => ({}))) as object) : [];
}
