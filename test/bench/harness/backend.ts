import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { HeartbeatAnswer, ValidateAnswer } from '../../../src/protocol/api.js';
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
}

/** A backend with one session: speaks `validate` and `heartbeat`, across origins, with a clock of its own. */
export interface Backend extends LocalServer {
  apiEndpoint: string;
  sessionToken: string;
  /** By the backend's clock, ms since the epoch. */
  deadline: number;
}

const sessionId = 'c0ffee00-0000-4000-8000-000000000001';

export async function startBackend(
  lengthSeconds: number,
  { clockAheadMs = 0, oneWayMs = 0, preflightMaxAgeSeconds = 600 }: BackendOptions = {},
): Promise<Backend> {
  const now = () => Date.now() + clockAheadMs;
  const expiresAt = Math.floor(now() / 1000) + lengthSeconds;
  const remaining = () => Math.max(0, Math.ceil(expiresAt - now() / 1000));

  const answers: Record<string, () => object> = {
    '/api/v1/sessions/validate': (): ValidateAnswer => ({
      valid: true,
      session: createSession(lengthSeconds, expiresAt, remaining()),
      remaining_seconds: remaining(),
      server_time: now(),
    }),
    [`/api/v1/sessions/${sessionId}/heartbeat`]: (): HeartbeatAnswer => ({
      acknowledged: true,
      status: 'active',
      remaining_seconds: remaining(),
      expires_at: expiresAt,
      server_time: now(),
    }),
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (oneWayMs) await wait(oneWayMs);
    const answer = answers[request.url!];
    response.setHeader('Access-Control-Allow-Origin', '*');
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
  };
}

function createSession(lengthSeconds: number, expiresAt: number, remainingSeconds: number): Session {
  return {
    id: sessionId,
    status: 'active',
    user_id: 'customer',
    provider_id: 'provider',
    application_id: 'application',
    tokens_allocated: 100,
    duration_limit_seconds: lengthSeconds,
    created_at: expiresAt - lengthSeconds,
    started_at: expiresAt - lengthSeconds,
    expires_at: expiresAt,
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
