import { errorCodes, type ErrorCode } from '../../../protocol/error-codes.js';
import type { DescribedOperation, MediaType, OpenApiDocument } from './openapi-types.js';
import type { JsonSchema } from './example-of.js';
import { pageStyles } from './page-styles.js';

interface Entry {
  method: string;
  path: string;
  operation: DescribedOperation;
}

/** The document as a page to read: whole as it comes, without a script and without a request to anywhere. */
export function descriptionPage(document: OpenApiDocument): string {
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  const tags = [...new Set(entries.map(({ operation }) => tagOf(operation)))];
  const ofTag = (tag: string) => entries.filter(({ operation }) => tagOf(operation) === tag);
  const links = tags.map(
    (tag) =>
      `<h2>${text(tag)}</h2><ul>${ofTag(tag)
        .map(
          ({ operation }) => `<li><a href="#${text(operation.operationId!)}">${text(operation.summary!)}</a>`,
        )
        .join('')}</ul>`,
  );
  const sections = tags.map(
    (tag) =>
      `<section><h2>${text(tag)}</h2>${ofTag(tag)
        .map((entry) => article(entry, document.components.schemas))
        .join('')}</section>`,
  );
  const { title, description = '' } = document.info;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${text(title)}: the API</title><style>${pageStyles}</style></head><body>
<header><h1>${text(title)}</h1><p>${text(description)}</p>
<p class="note">At <code>${text(document.servers[0]?.url ?? '')}</code>. For programs: <a href="openapi.json">openapi.json</a>, OpenAPI ${text(document.openapi)}.</p></header>
<nav aria-label="Routes">${links.join('')}</nav>
<main>${sections.join('')}</main></body></html>`;
}

const tagOf = ({ tags }: DescribedOperation) => tags?.[0] ?? 'Others';

function article({ method, path, operation }: Entry, components: Record<string, JsonSchema>): string {
  const { operationId, summary, description, deprecated, security, parameters = [], requestBody } = operation;
  const schemes = [...new Set((security ?? []).flatMap((scheme) => Object.keys(scheme)))];
  const who = schemes.length > 0 ? 'Needs a credential.' : 'For everybody.';
  return `<article id="${text(operationId!)}"><h3>${text(summary!)}</h3>
<p class="route"><code><span class="method">${text(method.toUpperCase())}</span> ${text(path)}</code></p>
<p class="note">${deprecated ? 'Older spelling. ' : ''}${who}${description ? ` ${text(description)}` : ''}</p>
${table(
  'Parameters',
  parameters.map(({ name, in: place, required, description: what, schema }) => [
    `<code>${text(name)}</code>`,
    `${text(place)}${required ? ', required' : ''}`,
    text([what ?? schema.description, limitsOf(schema)].filter(Boolean).join('. ')),
  ]),
)}${requestBody ? bodyOf('Body', requestBody.content, components) : ''}${Object.entries(operation.responses)
    .filter(([status]) => status.startsWith('2'))
    .map(
      ([status, { description: what, content }]) =>
        `<h4>${status}</h4><p class="note">${text(what)}</p>${bodyOf('', content ?? {}, components)}`,
    )
    .join('')}${table('Refused with', problemRows(operation))}</article>`;
}

function bodyOf(
  title: string,
  content: Record<string, MediaType>,
  components: Record<string, JsonSchema>,
): string {
  return Object.entries(content)
    .map(([type, { schema, example }]) => {
      const shown = example === undefined ? text(type) : text(JSON.stringify(example, null, 2));
      return `${table(title, fieldRows(schema, components))}<pre><code>${shown}</code></pre>`;
    })
    .join('');
}

function fieldRows(schema: JsonSchema, components: Record<string, JsonSchema>): string[][] {
  if (schema.$ref !== undefined) return fieldRows(components[schema.$ref.split('/').at(-1)!]!, components);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.flatMap((choice) => fieldRows(choice, components));
  return Object.entries(schema.properties ?? {}).map(([name, member]) => [
    `<code>${text(name)}</code>`,
    `${text(typeOf(member))}${schema.required?.includes(name) ? '' : ', may be left out'}`,
    text([member.description, limitsOf(member)].filter(Boolean).join('. ')),
  ]);
}

function typeOf({ $ref, type, anyOf, oneOf, items, enum: values }: JsonSchema): string {
  if ($ref !== undefined) return $ref.split('/').at(-1)!;
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ');
  const choices = anyOf ?? oneOf;
  if (choices) return [...new Set(choices.map(typeOf))].join(' | ');
  if (items) return `list of ${typeOf(items)}`;
  return [type ?? 'any'].flat().join(' | ');
}

function limitsOf({ minimum, maximum, maxLength, default: usual }: JsonSchema): string {
  // The largest whole number of JavaScript is no limit that anybody chose.
  const top = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  const bottom = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  return [
    bottom !== undefined && `From ${bottom}`,
    top !== undefined && `up to ${top}`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    usual !== undefined && `${JSON.stringify(usual)} where it is left out`,
  ]
    .filter(Boolean)
    .join(', ');
}

function problemRows({ responses }: DescribedOperation): string[][] {
  return Object.entries(responses).flatMap(([status, { content }]) =>
    /^[45]\d\d$/.test(status)
      ? Object.keys(content?.['application/problem+json']?.examples ?? {}).map((code) => {
          const { title, action } = errorCodes[code as ErrorCode];
          return [status, `<code>${text(code)}</code>`, text(`${title} ${action}`)];
        })
      : [],
  );
}

/** Rows of three cells that are markup already; what many routes have in common is folded away. */
function table(title: string, rows: string[][]): string {
  if (rows.length === 0) return '';
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('');
  const whole = `<table><tbody>${body}</tbody></table>`;
  if (rows.length > 12)
    return `<details><summary>${text(title || 'Fields')} (${rows.length})</summary>${whole}</details>`;
  return `${title && `<h4>${text(title)}</h4>`}${whole}`;
}

const text = (plain: string) => plain.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
