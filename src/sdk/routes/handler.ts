/** What every route is: for Next.js, Hono, Bun, Deno, workers, and by `toNodeHandler` for Node's own servers. */
export type RouteHandler = (request: Request) => Promise<Response>;

/** Nothing of an answer is kept on the way: it is for one person. */
export function answer(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': status < 400 ? 'application/json' : 'application/problem+json',
      'Cache-Control': 'private, no-store',
      ...headers,
    },
  });
}

/** Problem details (RFC 9457). */
export const problem = (status: number, code: string, detail: string, headers?: Record<string, string>) =>
  answer(status, { type: `urn:marketplace-session:error:${code}`, title: detail, status, code }, headers);

export const methodNotAllowed = (allow: string) =>
  problem(405, 'METHOD_NOT_ALLOWED', `Use ${allow}.`, { Allow: allow });

/** Where a failure goes that the caller must not hear of. */
export type ReportError = (error: unknown) => void;

export const reportToConsole: ReportError = (error) => console.error('[marketplace-session]', error);
