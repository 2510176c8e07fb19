import { isPathSegment } from '../../protocol/path-segment.js';
import { ApiPromise } from '../api-promise.js';
import { readExport } from '../customer-export.js';
import { InvalidAnswerError } from '../errors.js';
import { readEvents } from '../live-events.js';
import type { CallOptions } from '../options.js';
import { PagePromise } from '../pages.js';
import type { StreamOptions } from '../stream-reader.js';
import { readText } from '../streamed-text.js';
import type { Call, Transport } from '../transport.js';

/** A method of HTTP; or a GET that answers a list with pages, events as they happen, an export, a long text; or a POST of a file. */
type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'LIST' | 'EVENTS' | 'EXPORT' | 'TEXT' | 'UPLOAD';

/**
 * One operation: its verb; its path behind that of the resource; `params` where its method takes some; `key` where the
 * service makes the change once for each `Idempotency-Key`, `once` where it does without one, as for a name among the params. A POST without
 * either is not asked for again after a lost answer.
 */
export type Operation = `${Verb}${'' | ` /${string}`}${'' | ' params'}${Once}`;
type Once = '' | ' key' | ' once';

/** The method has ids, params where the operation takes some, and options. */
type OperationOf<Method extends (...args: never[]) => unknown> =
  Required<Parameters<Method>> extends [...ids: string[], options: object]
    ? Operation
    : Operation & `${string} params${Once}`;

/** The path of a resource, and the operation of each of its methods, or of a resource within it. Each `:id` is an argument. */
export type Operations<Resource> = readonly [
  path: string,
  operations: {
    readonly [Name in keyof Resource]: Resource[Name] extends (...args: never[]) => unknown
      ? OperationOf<Resource[Name]>
      : Operations<Resource[Name]>;
  },
];

/** A file that is to be sent. */
export interface FileParams {
  name: string;
  content: Blob | Uint8Array<ArrayBuffer>;
}

/** The methods of a resource. */
export function resource<Resource>(transport: Transport, [path, operations]: Operations<Resource>): Resource {
  const members = Object.entries<Operation | Operations<unknown>>(operations);
  return Object.fromEntries(
    members.map(([name, member]) => [
      name,
      typeof member === 'string' ? methodOf(transport, path, member) : resource(transport, member),
    ]),
  ) as Resource;
}

function methodOf(transport: Transport, base: string, operation: Operation) {
  const [, verb = '', rest = '', takesParams, once] = /^(\w+) ?(\/\S+)?( params)?( key| once)?$/.exec(
    operation,
  )!;
  return (...args: unknown[]) => {
    const path = `${base}${rest}`.replace(/:id/g, () => segmentOf(args.shift()));
    const params = takesParams ? ((args.shift() ?? {}) as object) : undefined;
    const options = args[0] as (CallOptions & StreamOptions) | undefined;
    if (verb === 'EVENTS') return readEvents(transport, path, options);
    if (verb === 'EXPORT') return readExport(transport, path, options);
    if (verb === 'TEXT') return readText(transport, path, params, options);
    if (verb === 'LIST') return pagesOf(transport, { method: 'GET', path, query: params, options });
    const call: Call = { method: verb, path, takesKey: once === ' key', isRepeatable: !!once, options };
    if (verb === 'UPLOAD') {
      const { name, content } = params as FileParams;
      const headers = { 'X-File-Name': encodeURIComponent(name) };
      Object.assign(call, { method: 'POST', content, headers });
    } else call[verb === 'GET' || verb === 'DELETE' ? 'query' : 'body'] = params;
    return new ApiPromise(transport.send(call));
  };
}

function segmentOf(id: unknown): string {
  if (!isPathSegment(id)) throw new TypeError(`An id is missing, or none: ${String(id)}`);
  return encodeURIComponent(id);
}

/** The wire calls the members of a page by the last word of its path. */
function pagesOf(transport: Transport, call: Call) {
  const name = call.path.split(/\W/).pop()!;
  return new PagePromise<unknown>(async (cursor) => {
    const query = { ...call.query, ...(cursor && { cursor }) };
    const { data: answer, response } = await transport.send<Record<string, unknown>>({ ...call, query });
    const { nextCursor, [name]: data } = answer;
    if (!Array.isArray(data))
      throw new InvalidAnswerError(`${response.status} came without ${name}`, response);
    return { data: { data, nextCursor: typeof nextCursor === 'string' ? nextCursor : null }, response };
  });
}
