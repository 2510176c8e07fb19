import type { OpenAPIHono, z } from '@hono/zod-openapi';
import type { DescribedOperation, OpenApiDocument, WebhookSchemas } from './openapi-types.js';
import type { HttpEnvironment } from '../http/environment.js';
import { problemExamples, problemResponses } from './described-problems.js';
import { exampleOf } from './example-of.js';

/**
 * The description of all routes, made of their own schemas: with an example of each body, and of each way to be refused.
 * @param publicUrl the address of the service as others see it.
 * @param webhooks what is sent to receivers, by the type of the event.
 */
export function describeApi(
  app: OpenAPIHono<HttpEnvironment>,
  publicUrl: string,
  webhooks: WebhookSchemas,
): OpenApiDocument {
  const { registerComponent } = app.openAPIRegistry;
  registerComponent.call(app.openAPIRegistry, 'securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'A session token, a person’s access token, an application’s secret key or the operator key',
  });
  registerComponent.call(app.openAPIRegistry, 'securitySchemes', 'proof', {
    type: 'http',
    scheme: 'dpop',
    description: 'A session token, with a proof of possession in the header DPoP (RFC 9449)',
  });
  for (const [type, body] of Object.entries(webhooks))
    app.openAPIRegistry.registerWebhook(describeWebhook(type, body));
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'marketplace-session',
      version: '1',
      description:
        'Sells time in web apps. Every path is also there without /api/v1. What is refused is answered with problem ' +
        'details (RFC 9457) and a stable code; beside the codes named here: what is no HTTP REQUEST_MALFORMED (400), ' +
        'what takes too long REQUEST_TIMED_OUT (408), what has too large headers HEADERS_TOO_LARGE (431).',
      license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
    },
    servers: [{ url: publicUrl }],
  }) as unknown as OpenApiDocument;
  document.components.examples = problemExamples();
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) complete(document, operation, method, path);
  for (const { post } of Object.values(document.webhooks)) giveExamples(document, post!);
  return document;
}

/** What a receiver is sent (Standard Webhooks). */
function describeWebhook(type: string, schema: z.ZodType) {
  const header = (name: string, description: string) => ({
    name,
    in: 'header' as const,
    required: true,
    description,
    schema: { type: 'string' as const },
  });
  return {
    method: 'post' as const,
    path: type,
    operationId: nameOf('receive', type),
    summary: `Hear of ${type}`,
    tags: ['Webhooks'],
    // Who receives it verifies the signature.
    security: [],
    parameters: [
      header('webhook-id', 'The same on each retry: what was seen already is passed over'),
      header('webhook-timestamp', 'When this attempt was signed, seconds since the epoch'),
      header(
        'webhook-signature',
        'v1 and base64 of HMAC-SHA256 over id.timestamp.body; several with a blank between',
      ),
    ],
    request: { body: { required: true, content: { 'application/json': { schema } } } },
    responses: {
      '2XX': { description: 'Taken; anything else is tried again for a day' },
      410: { description: 'Not wanted any more: the endpoint is disabled' },
    },
  };
}

function complete(
  document: OpenApiDocument,
  operation: DescribedOperation,
  method: string,
  path: string,
): void {
  const { responses } = operation;
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  operation.operationId ??= nameOf(method, path);
  // Said, and not left out: who generates clients must know that it needs no credential.
  operation.security ??= [];
  operation.summary ??= success?.description ?? operation.operationId;
  giveExamples(document, operation);
  operation.responses = { ...responses, ...problemResponses(operation) };
}

function giveExamples(document: OpenApiDocument, { requestBody, responses }: DescribedOperation): void {
  const bodies = [requestBody, ...Object.values(responses)].flatMap((part) =>
    Object.entries(part?.content ?? {}),
  );
  for (const [type, media] of bodies) {
    if (type === 'application/json') media.example ??= exampleOf(media.schema, document.components.schemas);
  }
}

/** Such as `postSessionsIdExtend`. */
function nameOf(method: string, path: string): string {
  const words = path.replace('/api/v1', '').split(/\W+/).filter(Boolean);
  return method + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}
