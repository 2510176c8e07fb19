import type { Credential, Permission } from '../credentials.js';
import type { Members } from './members.js';

/** A request that has been let in. */
export interface Asked {
  request: Request;
  /** By the names in the path, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** Its JSON; empty where the route takes something else. */
  members: Members;
  credential: Credential;
  key: string | null;
}

/** One operation of the protocol. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API, with `{names}`, as in the OpenAPI document. */
  path: string;
  /** What `requests` calls it. */
  operation: string;
  /** Who may ask; undefined lets everybody, who is not even looked at. */
  allows?: Permission;
  needsKey?: boolean;
  /** Whether its body is no JSON. */
  takesContent?: boolean;
  /** @returns what is answered as JSON, or the whole response */
  answer(asked: Asked): object | Promise<object>;
}

interface Matched {
  route: Route;
  params: Record<string, string>;
}

/** Routes by method and path. */
export class Router {
  readonly #routes: readonly (Route & { form: RegExp; names: string[] })[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({
      ...route,
      form: new RegExp(`^${route.path.replace(/\./g, '\\.').replace(/\{\w+\}/g, '([^/]+)')}$`),
      names: [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!),
    }));
  }

  /** @returns undefined where there is none, `METHOD_NOT_ALLOWED` where only the method is wrong */
  find(method: string, path: string): Matched | 'METHOD_NOT_ALLOWED' | undefined {
    const there = this.#routes.filter(({ form }) => form.test(path));
    // What is spelled out goes before what has a name in its place.
    const route = there
      .filter((one) => one.method === method)
      .sort((one, other) => one.names.length - other.names.length)[0];
    if (!route) return there.length > 0 ? 'METHOD_NOT_ALLOWED' : undefined;
    const values = route.form.exec(path)!.slice(1);
    const params = Object.fromEntries(route.names.map((name, index) => [name, decode(values[index]!)]));
    return { route, params };
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
