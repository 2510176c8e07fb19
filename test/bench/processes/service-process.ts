import { createSessionService, serve, type Database } from '../../../src/service/index.js';
import { secretKey, webhookSecret } from '../../service/stripe-events.js';
import { answer } from './answer.js';
import { processorMs, usage } from './usage.js';

/**
 * Serves an instance of the service, as it is run, from this process: OPERATOR_KEY, and STRIPE_URL where it
 * sells for money.
 * @param more what it answers beside the usual.
 */
export async function serveFromHere(
  database: Database,
  more: Record<string, (argument: never) => unknown> = {},
): Promise<void> {
  const { OPERATOR_KEY: operatorKey, STRIPE_URL: apiUrl } = process.env;
  const service = createSessionService({
    database,
    operatorKey: operatorKey!,
    ...(apiUrl && { stripe: { secretKey, webhookSecret, apiUrl } }),
    publicUrl: 'http://session.test',
    // All load comes from one address and one application.
    rateLimits: { session: Infinity, application: Infinity, address: Infinity },
    logger: { info() {}, error: (message, fields) => console.error(message, fields) },
  });
  await service.start();
  const server = await serve(service, { port: 0 });
  answer({
    url: () => server.url,
    openStreams: () => service.openStreams,
    usage,
    processorMs,
    ...more,
  });
}
