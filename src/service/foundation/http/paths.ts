/** Where the API lives. Every path is also there without it. */
export const basePath = '/api/v1';

/** What machines ask every few seconds that watch over the service: neither logged nor limited. */
export const probes: readonly string[] = ['/healthz', '/readyz', '/metrics'].map((path) => basePath + path);

/** The one spelling of a path: with `/api/v1` in front. */
export const canonicalPath = (pathname: string): string =>
  pathname.startsWith(`${basePath}/`) ? pathname : `${basePath}${pathname}`;
