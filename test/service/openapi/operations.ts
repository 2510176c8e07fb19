// What the service says of itself in /openapi.json, operation by operation.
import type { TestService } from '../fixtures.js';

/** A JSON Schema, as far as the service uses it. */
export interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  example?: unknown;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

export interface Media {
  schema: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

export interface Operation {
  /** In capitals. */
  method: string;
  /** As in the document, with `{id}`. */
  path: string;
  operationId: string;
  summary: string;
  tags: string[];
  parameters: Parameter[];
  /** Of a JSON body. */
  body: Schema | undefined;
  /** Whether the body is bytes, of whatever type. */
  takesBytes: boolean;
  /** Names of the security schemes; empty where everybody may ask. */
  schemes: string[];
  requestBody: { content: Record<string, Media> } | undefined;
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
}

type Described = Omit<Operation, 'method' | 'path' | 'body' | 'takesBytes' | 'schemes' | 'parameters'> & {
  parameters?: Parameter[];
  security?: Record<string, unknown>[];
};

/** Every operation of a service, references resolved. */
export async function readOperations({ call }: Pick<TestService, 'call'>): Promise<Operation[]> {
  const { body: document } = await call<{ paths: Record<string, Record<string, Described>> }>(
    'GET',
    '/openapi.json',
    { as: null },
  );
  const { paths } = resolveReferences(document, document) as typeof document;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      operationId: described.operationId,
      summary: described.summary,
      tags: described.tags,
      requestBody: described.requestBody,
      method: method.toUpperCase(),
      path,
      parameters: described.parameters ?? [],
      body: described.requestBody?.content['application/json']?.schema,
      takesBytes: described.requestBody?.content['application/octet-stream'] !== undefined,
      schemes: (described.security ?? []).flatMap((scheme) => Object.keys(scheme)),
      responses: described.responses,
    })),
  );
}

function resolveReferences(node: unknown, document: unknown): unknown {
  if (Array.isArray(node)) return node.map((member) => resolveReferences(member, document));
  if (typeof node !== 'object' || node === null) return node;
  if ('$ref' in node) {
    const steps = String(node.$ref).split('/').slice(1);
    const target = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document);
    return resolveReferences(target, document);
  }
  return Object.fromEntries(
    Object.entries(node).map(([name, member]) => [name, resolveReferences(member, document)]),
  );
}
