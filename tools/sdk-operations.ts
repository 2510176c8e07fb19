import { operations } from '../src/sdk/marketplace.js';
import type { Operation, Operations } from '../src/sdk/resources/resource.js';

/** An operation, as `POST /sessions/:id/end`. */
export const operationName = (method: string, path: string) =>
  `${method.toUpperCase()} ${path.replace('/api/v1', '').replace(/\{\w+\}/g, ':id')}`;

/**
 * The method of the SDK for each operation that a server calls, as `resource.method`; its types are named after it. What
 * is neither here nor in `notInSdk` fails `npm run generate`.
 */
export const sdkMethods: Readonly<Record<string, string>> = Object.fromEntries(methodsOf(operations));

function methodsOf([path, members]: Operations<unknown>, before = ''): [string, string][] {
  return Object.entries<Operation | Operations<unknown>>(members).flatMap(([name, member]) => {
    if (typeof member !== 'string') return methodsOf(member, `${before}${name}.`);
    const [verb, rest = ''] = member.split(' ');
    const method = verb!.replace(/LIST|EVENTS|EXPORT|TEXT/, 'GET').replace('UPLOAD', 'POST');
    return [[operationName(method, `${path}${rest.startsWith('/') ? rest : ''}`), `${before}${name}`]];
  });
}

/** What the SDK has no method for, and why. */
export const notInSdk: Readonly<Record<string, string>> = {
  'PUT /sessions/:id/renew': 'deprecated: sessions.extend',
  'POST /sessions/extend': 'deprecated: sessions.extend',
  'POST /providers/:id/webhooks': 'deprecated: webhookEndpoints.create',
  'GET /providers/:id/webhooks': 'deprecated: webhookEndpoints.list',
  'DELETE /providers/:id/webhooks/:id': 'deprecated: webhookEndpoints.delete',
  'POST /webhooks/test': 'deprecated: webhookEndpoints.test',
  'POST /webhooks/stripe': 'asked by Stripe',
  'GET /files/:id': 'needs no credential: for whoever has the link',
  'GET /keys/public': 'needs no credential: for whoever verifies session tokens',
  'GET /.well-known/jwks.json': 'needs no credential: for whoever verifies session tokens',
  'GET /healthz': 'asked by whoever runs the service',
  'GET /readyz': 'asked by whoever runs the service',
  'GET /metrics': 'asked by whoever runs the service, and is no JSON',
};
