/** Where the API lives. Every path is also there without it, and below `/api` and `/v1`. */
export const basePath = '/api/v1';

/** What machines ask every few seconds that watch over the service: neither logged nor limited. */
export const probes: readonly string[] = ['/healthz', '/readyz', '/metrics'].map((path) => basePath + path);

/** The figures by day once had a path for each figure; the answer holds all of them. */
const olderAnalytics = /^(\/api\/v1\/providers\/[^/]+\/analytics)\/(?:sessions|revenue|users)$/;

/** The one spelling of a path: with `/api/v1` in front. */
export function canonicalPath(pathname: string): string {
  const path = pathname.replace(/^(?:\/api)?(?:\/v1)?(?=\/)/, basePath);
  return path.replace(olderAnalytics, '$1');
}
