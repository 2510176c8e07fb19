import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the API of a provider behaves. */
export type Behaviour = 'well' | 'hangs' | 'fails' | 'garbage' | 'endless';

export interface ApiCall {
  method: string;
  path: string;
  authorization: string;
  body: Record<string, unknown>;
}

type Answer = (call: ApiCall) => [status: number, body: object];

/** The API of a provider of rooms, which behaves as it is told. */
export class RoomApi {
  behaviour: Behaviour = 'well';
  readonly calls: ApiCall[] = [];
  readonly #server: Server;
  readonly #answer: Answer;

  private constructor(answer: Answer) {
    this.#answer = answer;
    this.#server = createServer((request, response) => void this.#serve(request, response).catch(() => {}));
  }

  static async start(answer: Answer): Promise<RoomApi> {
    const api = new RoomApi(answer);
    await new Promise<void>((resolve) => api.#server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What was asked since the last time. */
  take(): string[] {
    return this.calls.splice(0).map(({ method, path }) => `${method} ${path}`);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { method = '', url: path = '', headers } = request;
    const body = text ? (JSON.parse(text) as ApiCall['body']) : {};
    const call = { method, path, authorization: headers.authorization ?? '', body };
    this.calls.push(call);
    if (this.behaviour === 'hangs') return;
    if (this.behaviour === 'fails') return void response.writeHead(500).end('{"info":"no"}');
    if (this.behaviour === 'garbage') return void response.writeHead(200).end('<p>Welcome</p>');
    if (this.behaviour === 'endless') {
      response.writeHead(200);
      const more = () => void (response.destroyed || response.write('x'.repeat(65_536), more));
      return more();
    }
    const [status, answered] = this.#answer(call);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answered));
  }
}

/** Daily's API, as far as rooms need it (docs.daily.co/reference/rest-api). */
export function startDaily(): Promise<RoomApi> {
  const rooms = new Set<string>();
  return RoomApi.start(({ method, path, body }) => {
    const name = /^\/rooms\/([\w-]+)$/.exec(path)?.[1];
    const answer = (known: string) => ({ name: known, url: `https://team.daily.example/${known}` });
    if (method === 'POST' && path === '/rooms') {
      const made = String(body.name);
      if (rooms.has(made)) return [400, { error: 'invalid-request-error', info: 'it exists already' }];
      rooms.add(made);
      return [200, answer(made)];
    }
    if (name !== undefined && !rooms.has(name)) return [404, { error: 'not-found' }];
    if (name !== undefined && method === 'POST') rooms.delete(name);
    if (name !== undefined) return [200, answer(name)];
    if (path === '/meeting-tokens') return [200, { token: `token-${crypto.randomUUID()}` }];
    return [404, {}];
  });
}

/** The claims of a JWT that was signed with HS256 (RFC 7515), read without any library. @throws where it was signed otherwise. */
export function readHs256(token: string, secret: string): Record<string, unknown> {
  const [header, claims, signature] = token.split('.');
  const right = createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url');
  if (signature !== right) throw new Error('another secret has signed it');
  const read = (part: string) =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  const { alg, typ } = read(header!);
  if (alg !== 'HS256' || typ !== 'JWT') throw new Error(`it is a ${String(typ)} by ${String(alg)}`);
  return read(claims!);
}
