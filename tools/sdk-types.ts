// What the SDK takes and answers, as types, made from the service's own OpenAPI document.
import type {
  DescribedOperation,
  MediaType,
  OpenApiDocument,
} from '../src/service/foundation/openapi/openapi-types.js';
import { opaqueMembers, toCamelCase } from '../src/sdk/wire.js';
import { notInSdk, operationName, sdkMethods } from './sdk-operations.js';

const note = '// Made by `npm run generate` from the OpenAPI document. Change the source, not this file.\n';

/** A JSON Schema, as far as the service uses it. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  description?: string;
}

/** The file's text, not formatted. @throws where the SDK has no method for an operation, and `sdk-operations.ts` does not say why. */
export function sdkTypes({ components, paths }: OpenApiDocument): string {
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: operationName(method, path),
      operation,
    })),
  );
  const unknown = described.filter(({ name }) => !(name in sdkMethods) && !(name in notInSdk));
  if (unknown.length)
    throw new Error(`The SDK has no method for ${unknown.map(({ name }) => name).join(', ')}`);
  const ofOperations = described.flatMap(({ name, operation }) =>
    name in sdkMethods ? typesOf(typeName(sdkMethods[name]!), operation) : [],
  );
  // An error is read by the SDK itself.
  const shared = Object.entries(components.schemas as Record<string, Schema>)
    .filter(([name]) => name !== 'Problem')
    .map(([name, schema]) => declaration(name, schema));
  return `${note}\n${[...shared, ...ofOperations].join('\n')}`;
}

/** `sessions.create` is `SessionCreate`. */
export function typeName(method: string): string {
  const words = method.split('.');
  const last = words.pop()!;
  return [...words.map(singular), last].map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}

const singular = (word: string) => word.replace(/ies$/, 'y').replace(/s$/, '');

function typesOf(name: string, { parameters = [], requestBody, responses, summary }: DescribedOperation) {
  const query = parameters.filter((parameter) => parameter.in === 'query');
  const body = requestBody?.content['application/json'] as MediaType | undefined;
  const answer = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1].content?.[
    'application/json'
  ];
  const types: string[] = [];
  const bodySchema = body?.schema as Schema | undefined;
  if (bodySchema?.anyOf || Object.keys(bodySchema?.properties ?? {}).length)
    types.push(declaration(`${name}Params`, { description: summary!, ...bodySchema }));
  if (query.length)
    types.push(
      declaration(`${name}Params`, {
        type: 'object',
        description: summary!,
        properties: Object.fromEntries(
          query.map((parameter) => [
            parameter.name,
            { ...(parameter.schema as Schema), description: parameter.description! },
          ]),
        ),
        required: query.filter(({ required }) => required).map((parameter) => parameter.name),
      }),
    );
  if (!answer) return types;
  const schema = answer.schema as Schema;
  const list = schema.properties?.next_cursor && Object.values(schema.properties).find(({ items }) => items);
  // A page's members have a name, what is around them is the SDK's.
  if (list) {
    if (!list.items!.$ref) types.push(declaration(`${name}Item`, list.items!));
  } else if (!schema.$ref) types.push(declaration(`${name}Response`, schema));
  return types;
}

const comment = (text?: string) => (text ? `/** ${text.replaceAll('*/', '* /')} */\n` : '');

function declaration(name: string, schema: Schema): string {
  const text = typeOf(schema);
  const isObject = schema.type === 'object' && text.startsWith('{');
  return `${comment(schema.description)}export ${isObject ? `interface ${name} ${text}` : `type ${name} = ${text};`}\n`;
}

function typeOf(schema: Schema): string {
  if (schema.$ref) return schema.$ref.split('/').at(-1)!;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(typeOf))].join(' | ');
  return [schema.type ?? 'unknown']
    .flat()
    .map((type) => ofOneType(type, schema))
    .join(' | ');
}

function ofOneType(type: string, schema: Schema): string {
  switch (type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `(${typeOf(schema.items ?? {})})[]`;
    case 'object':
      return objectType(schema);
    default:
      return type;
  }
}

function objectType({ properties, required = [], additionalProperties }: Schema): string {
  if (!properties)
    return `Record<string, ${typeOf(additionalProperties === true ? {} : additionalProperties || {})}>`;
  const members = Object.entries(properties).map(([name, schema]) => {
    if (isRecord(schema) && !opaqueMembers.includes(name))
      throw new Error(`${name} holds names of its own: add it to opaqueMembers of src/sdk/wire.ts`);
    // `fromWire` and `toWire`: each *_at is an instant.
    const type = name.endsWith('_at') ? typeOf(schema).replace('number', 'Date') : typeOf(schema);
    const isRequired = required.includes(name);
    const about = name.endsWith('_at')
      ? schema.description?.replace(/Whole seconds since the epoch;? ?/, '')
      : schema.description;
    return `${comment(about)}${toCamelCase(name)}${isRequired ? '' : '?'}: ${type}${isRequired ? '' : ' | undefined'};\n`;
  });
  return `{\n${members.join('')}}`;
}

const isRecord = ({ properties, additionalProperties }: Schema) =>
  !properties && typeof additionalProperties === 'object';
