import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { HeartbeatAnswer, SessionAnswer, ValidateAnswer } from '../../../src/protocol/api.js';
import type { Session } from '../../../src/protocol/session.js';
import { listen, type LocalServer } from './local-server.js';
import { createSessionToken } from './session-token.js';

export interface BackendOptions {
  /** How far the service's clock is ahead of this machine's. */
  clockAheadMs?: number;
  /** What every request and every answer takes on its way. */
  oneWayMs?: number;
  /** How long a browser may keep the permission to ask (CORS); the session service's own by default. */
  preflightMaxAgeSeconds?: number;
  /** Whether it offers a stream of live events; nothing is ever told on it. */
  hasEvents?: boolean;
}

/**
 * A backend with one session: speaks `validate`, `heartbeat`, `pause` and `resume`, across origins, with a clock of its
 * own. A pause stops no time here: it is a change to tell.
 */
export interface Backend extends LocalServer {
  apiEndpoint: string;
  sessionToken: string;
  /** By the backend's clock, ms since the epoch. */
  deadline: number;
  /** When each request of that call arrived, by this process's performance.now(), ms. */
  arrivals(call: string): readonly number[];
}

const signOfLifeMs = 15_000;
const sessionId = 'c0ffee00-0000-4000-8000-000000000001';

export async function startBackend(
  lengthSeconds: number,
  { clockAheadMs = 0, oneWayMs = 0, preflightMaxAgeSeconds = 600, hasEvents = false }: BackendOptions = {},
): Promise<Backend> {
  const now = () => Date.now() + clockAheadMs;
  const expiresAt = Math.floor(now() / 1000) + lengthSeconds;
  const remaining = () => Math.max(0, Math.ceil(expiresAt - now() / 1000));

  let status: Session['status'] = 'active';
  const arrived = new Map<string, number[]>();

  const sessionNow = () => createSession(lengthSeconds, expiresAt, remaining(), status);
  const change = (to: Session['status']) => (): SessionAnswer => {
    status = to;
    return { session: sessionNow(), server_time: now() };
  };
  const answers: Record<string, () => object> = {
    validate: (): ValidateAnswer => ({
      valid: true,
      session: sessionNow(),
      remaining_seconds: remaining(),
      server_time: now(),
      capabilities: ['idempotency', ...(hasEvents ? ['events'] : [])],
    }),
    heartbeat: (): HeartbeatAnswer => ({
      acknowledged: true,
      status,
      remaining_seconds: remaining(),
      expires_at: status === 'active' ? expiresAt : null,
      server_time: now(),
    }),
    pause: change('paused'),
    resume: change('active'),
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = /^\/api\/v1\/sessions\/(?:[\w-]+\/)?(\w+)$/.exec(request.url!)?.[1] ?? '';
    if (request.method !== 'OPTIONS') arrived.set(call, [...(arrived.get(call) ?? []), performance.now()]);
    if (oneWayMs) await wait(oneWayMs);
    const answer = answers[call];
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (request.method === 'GET' && call === 'events' && hasEvents) return keepOpen(response);
    // For a page that asks synchronously: it hangs until the backend is closed.
    if (call === 'hang') return;
    if (request.method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type, idempotency-key');
      response.setHeader('Access-Control-Max-Age', preflightMaxAgeSeconds);
    }
    const body = request.method === 'POST' && answer ? JSON.stringify(answer()) : undefined;
    if (oneWayMs) await wait(oneWayMs);
    if (body) response.setHeader('Content-Type', 'application/json');
    response.writeHead(body ? 200 : request.method === 'OPTIONS' ? 204 : 404).end(body);
  }

  const server = await listen((request, response) => void handle(request, response));
  return {
    ...server,
    apiEndpoint: `${server.origin}/api/v1`,
    sessionToken: createSessionToken(sessionId, expiresAt),
    deadline: expiresAt * 1000,
    arrivals: (call) => arrived.get(call) ?? [],
  };
}

/** A stream on which nothing happens but a sign of life, as the service's. */
function keepOpen(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(':\n\n');
  const signs = setInterval(() => response.write(':\n\n'), signOfLifeMs);
  response.on('close', () => clearInterval(signs));
}

function createSession(
  lengthSeconds: number,
  expiresAt: number,
  remainingSeconds: number,
  status: Session['status'],
): Session {
  return {
    id: sessionId,
    status,
    user_id: 'customer',
    provider_id: 'provider',
    application_id: 'application',
    tokens_allocated: 100,
    duration_limit_seconds: lengthSeconds,
    created_at: expiresAt - lengthSeconds,
    started_at: expiresAt - lengthSeconds,
    expires_at: status === 'active' ? expiresAt : null,
    remaining_seconds: remainingSeconds,
    pause_ends_at: null,
    pausable: true,
    pause_seconds_left: 600,
    return_url: null,
    top_up_url: null,
    extension_options: [15, 30, 60].map((minutes) => ({
      additional_seconds: minutes * 60,
      tokens: minutes * 2,
      available: true,
    })),
    ended_at: null,
    used_seconds: null,
    final_cost: null,
    tokens_refunded: null,
  };
}
