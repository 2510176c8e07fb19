import type { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpEnvironment } from '../http/environment.js';
import { problemExamples, problemResponses } from './described-problems.js';
import { exampleOf, type JsonSchema } from './example-of.js';

export interface MediaType {
  schema: JsonSchema;
  example?: unknown;
  examples?: Record<string, { $ref: string }>;
}

export interface DescribedParameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: JsonSchema;
}

export interface DescribedResponse {
  description: string;
  content?: Record<string, MediaType>;
}

export interface DescribedOperation {
  operationId?: string;
  summary?: string;
  description?: string;
  deprecated?: boolean;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: DescribedParameter[];
  requestBody?: { required?: boolean; content: Record<string, MediaType> };
  responses: Record<string, DescribedResponse>;
}

/** An OpenAPI 3.1 document, as far as it is read here. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description?: string };
  servers: { url: string }[];
  components: { schemas: Record<string, JsonSchema>; examples: Record<string, unknown> };
  /** By path, then by method in small letters. */
  paths: Record<string, Record<string, DescribedOperation>>;
}

/**
 * The description of all routes, made of their own schemas: with an example of each body, and of each way to be refused.
 * @param publicUrl the address of the service as others see it.
 */
export function describeApi(app: OpenAPIHono<HttpEnvironment>, publicUrl: string): OpenApiDocument {
  const { registerComponent } = app.openAPIRegistry;
  registerComponent.call(app.openAPIRegistry, 'securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'A session token, an application’s secret key or the operator key',
  });
  registerComponent.call(app.openAPIRegistry, 'securitySchemes', 'proof', {
    type: 'http',
    scheme: 'dpop',
    description: 'A session token, with a proof of possession in the header DPoP (RFC 9449)',
  });
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
  return document;
}

function complete(
  document: OpenApiDocument,
  operation: DescribedOperation,
  method: string,
  path: string,
): void {
  const { responses, requestBody } = operation;
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  operation.operationId ??= nameOf(method, path);
  operation.summary ??= success?.description ?? operation.operationId;
  const bodies = [requestBody, ...Object.values(responses)].flatMap((part) =>
    Object.entries(part?.content ?? {}),
  );
  for (const [type, media] of bodies) {
    if (type === 'application/json') media.example ??= exampleOf(media.schema, document.components.schemas);
  }
  operation.responses = { ...responses, ...problemResponses(operation) };
}

/** Such as `postSessionsIdExtend`. */
function nameOf(method: string, path: string): string {
  const words = path.replace('/api/v1', '').split(/\W+/).filter(Boolean);
  return method + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}
