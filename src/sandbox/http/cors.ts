const methods = 'GET, POST, PUT, PATCH, DELETE';
const allowed = 'Authorization, Content-Type, DPoP, Idempotency-Key, If-Match, Last-Event-ID, X-File-Name';
const exposed = 'Idempotent-Replayed, Retry-After, Date, WWW-Authenticate, Content-Disposition';

/** The answer to a preflight (Fetch standard, CORS protocol). */
export const preflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers': allowed,
      'Access-Control-Max-Age': '600',
    },
  });

/** Lets every page read it: there is nothing in a sandbox to be kept from any. */
export function withCors(response: Response): Response {
  response.headers.set('Access-Control-Allow-Origin', '*');
  response.headers.set('Access-Control-Expose-Headers', exposed);
  return response;
}
