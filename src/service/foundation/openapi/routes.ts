import { createHash } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../context.js';
import type { HttpEnvironment } from '../http/environment.js';
import { basePath } from '../http/paths.js';
import { describeApi } from './document.js';
import type { WebhookSchemas } from './openapi-types.js';
import { descriptionPage } from './page.js';
import { pageStyles } from './page-styles.js';

const contentSecurityPolicy = [
  `default-src 'none'`,
  `style-src 'sha256-${createHash('sha256').update(pageStyles).digest('base64')}'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** `/openapi.json` and `/docs`: what the service says of itself, for programs and for people. */
export function descriptionRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  webhooks: WebhookSchemas,
): void {
  let text: { json: string; page: string } | undefined;
  // The routes are all there by the time somebody asks, and never change.
  const read = () => {
    if (!text) {
      const document = describeApi(app, context.publicUrl, webhooks);
      text = { json: JSON.stringify(document), page: descriptionPage(document) };
    }
    return text;
  };

  app.get(`${basePath}/openapi.json`, (c) =>
    c.body(read().json, 200, { 'Content-Type': 'application/json' }),
  );
  app.get(`${basePath}/docs`, (c) =>
    c.html(read().page, 200, {
      'Content-Security-Policy': contentSecurityPolicy,
      'Referrer-Policy': 'no-referrer',
    }),
  );
}
