import type { Context } from 'hono';
import type { AskedChange } from '../audit.js';
import type { HttpEnvironment } from './environment.js';
import { basePath } from './paths.js';
import { routeOf } from './request-frame.js';

/**
 * What a request asks to be changed, for the audit trail. The names of the fields are kept and never their values, so
 * that no secret is.
 */
export async function askedChange(c: Context<HttpEnvironment>): Promise<AskedChange> {
  return {
    actor: c.get('credential').name,
    action: `${c.req.method} ${routeOf(c).replace(basePath, '')}`,
    subject: c.req.path.replace(basePath, ''),
    fields: await fieldsOf(c),
    address: c.env?.clientAddress ?? null,
    request_id: c.get('requestId'),
  };
}

async function fieldsOf(c: Context<HttpEnvironment>): Promise<string[]> {
  // A route that takes no body has not looked at it, and whatever stands in it changes nothing.
  const isValidated = (c.req.valid('json' as never) as object | undefined) !== undefined;
  // One that may be left out was perhaps left out.
  return isValidated ? Object.keys((await c.req.json().catch(() => ({}))) as object) : [];
}
