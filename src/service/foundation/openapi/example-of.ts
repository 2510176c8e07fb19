/** A JSON Schema, as far as the routes use it. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  example?: unknown;
  examples?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
}

/** A value that fits a schema: put together from the examples of its fields, or from what the types allow. */
export function exampleOf(schema: JsonSchema, components: Record<string, JsonSchema>): unknown {
  if (schema.$ref !== undefined) return exampleOf(components[schema.$ref.split('/').at(-1)!]!, components);
  const { items, default: usual } = schema;
  const given = [
    schema.example,
    schema.examples?.[0],
    schema.const,
    items ? undefined : usual,
    schema.enum?.[0],
  ];
  const found = given.find((value) => value !== undefined);
  if (found !== undefined) return found;
  const choice = (schema.anyOf ?? schema.oneOf)?.[0];
  if (choice) return exampleOf(choice, components);
  switch ([schema.type ?? 'object'].flat()[0]) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    case 'array':
      return items ? [exampleOf(items, components)] : [];
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, member]) => [
          name,
          exampleOf(member, components),
        ]),
      );
    case 'null':
      return null;
    default:
      return 'text';
  }
}
