import { createMiddleware } from 'hono/factory';
import { launchUrlOf } from './catalogue.js';
import type { MarketplaceOptions } from './options.js';

/**
 * What every page of the marketplace carries, and a guard against forms on other sites: a change is only taken from
 * the marketplace's own pages.
 */
export function protectPages({ marketplaceUrl, providerUrl, catalogue }: MarketplaceOptions) {
  const launchOrigins = new Set(catalogue.map((entry) => new URL(launchUrlOf(entry, providerUrl)).origin));
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    // A purchase is a form that leads to the app: its redirect is held against this list too.
    `form-action 'self' ${[...launchOrigins].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

  return createMiddleware(async (c, next) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      if (c.req.header('origin') !== marketplaceUrl)
        return c.text('Only from the marketplace’s own pages.', 403);
    }
    c.header('Content-Security-Policy', policy);
    c.header('Referrer-Policy', 'same-origin');
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Cache-Control', 'no-store');
    return next();
  });
}
