import type { z } from '@hono/zod-openapi';
import type { JsonSchema } from './example-of.js';

/** The body of each webhook, by the type of its event. */
export type WebhookSchemas = Readonly<Record<string, z.ZodType>>;

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
  /** By the type of the event. */
  webhooks: Record<string, Record<string, DescribedOperation>>;
}
