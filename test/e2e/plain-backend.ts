import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { goodClaims, goodHeader, makeToken } from '../protocol/tokens.js';
import { AppServer } from './app-server.js';
import { SessionLine } from './session-line.js';

interface PlainSession {
  deadline: number;
  spent: number;
  status: 'active' | 'completed';
}

/**
 * A marketplace's own backend that speaks the smaller, older set of calls: validate, heartbeat, renew and complete. It
 * tells no time, names no capability, knows no idempotency key and has no live events.
 */
export class PlainBackend {
  readonly line = new SessionLine();
  readonly #sessions = new Map<string, PlainSession>();
  #app: AppServer | undefined;
  readonly #server = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type, idempotency-key');
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PUT');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    void readJson(request).then((body) => {
      const [status, answer] = this.#answer(request, body);
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    });
  });

  static async open(): Promise<PlainBackend> {
    const backend = new PlainBackend();
    await new Promise<void>((resolve) => backend.#server.listen(0, '127.0.0.1', resolve));
    await backend.line.open();
    backend.line.lead(`http://127.0.0.1:${(backend.#server.address() as AddressInfo).port}`);
    backend.#app = await AppServer.open(backend.line.url);
    return backend;
  }

  close(): void {
    this.line.close();
    this.#app!.close();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Sells a session. @param attributes of the tag, as a query. */
  sell(seconds = 600, attributes = ''): { id: string; address: string; bareAddress: string } {
    const id = `plain-${this.#sessions.size + 1}`;
    const now = Date.now();
    this.#sessions.set(id, { deadline: now + seconds * 1000, spent: seconds / 60, status: 'active' });
    const iat = Math.floor(now / 1000);
    const token = makeToken(goodHeader, { ...goodClaims, jti: id, iat, exp: iat + 36_000 });
    const bareAddress = this.#app!.addressOf(goodClaims.aud, `heartbeat-seconds=1&${attributes}`);
    return { id, bareAddress, address: `${bareAddress}&session=${token}` };
  }

  session(id: string): PlainSession {
    return this.#sessions.get(id)!;
  }

  #answer({ method, url }: IncomingMessage, body: Record<string, unknown>): [number, object] {
    const [, id = idOf(body), call] =
      /^\/api\/v1\/sessions\/(?:([^/]+)\/)?([^/]+)$/.exec(url!.split('?')[0]!) ?? [];
    const session = this.#sessions.get(id);
    if (!session) return [404, { error: 'unknown' }];
    const remaining_seconds = Math.max(0, Math.round((session.deadline - Date.now()) / 1000));
    const expires_at = Math.round(session.deadline / 1000);
    if (call === 'complete' && method === 'POST') {
      session.status = 'completed';
      return [200, { status: 'completed', final_cost: session.spent, tokens_refunded: 0 }];
    }
    if (session.status !== 'active') return [410, { valid: false, error: 'ended' }];
    switch (`${method} ${call}`) {
      case 'POST validate':
        return [
          200,
          {
            valid: true,
            remaining_seconds,
            session: {
              id,
              user_id: goodClaims.sub,
              application_id: goodClaims.aud,
              status: 'active',
              expires_at,
              extension_options: [{ additional_seconds: 900, tokens: 15, available: true }],
            },
          },
        ];
      case 'POST heartbeat':
        return [200, { acknowledged: true, remaining_seconds, expires_at }];
      case 'PUT renew':
        session.deadline += (body.additional_minutes as number) * 60_000;
        session.spent += body.additional_minutes as number;
        return [
          200,
          { new_expires_at: Math.round(session.deadline / 1000), additional_cost: body.additional_minutes },
        ];
      default:
        return [404, { error: 'no such route' }];
    }
  }
}

const idOf = ({ session_jwt }: { session_jwt?: unknown }): string =>
  typeof session_jwt === 'string'
    ? (
        JSON.parse(Buffer.from(session_jwt.split('.')[1] ?? '', 'base64url').toString() || '{}') as {
          jti: string;
        }
      ).jti
    : '';

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>;
}
