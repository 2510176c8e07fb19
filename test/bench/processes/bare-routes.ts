// A bare Hono server with the routes of the heartbeat and the validation, as the service describes them, and nothing else:
// no credential, no origin, no limits, no measurements. Below `/read` a request costs the database what it costs that of
// the service; below `/ready` the answer is there.
import { serve } from '@hono/node-server';
import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { HeartbeatAnswer, ValidateAnswer } from '../../../src/protocol/api.js';
import type { ServiceContext } from '../../../src/service/foundation/context.js';
import { systemTimer } from '../../../src/service/foundation/jobs/timer.js';
import { body, idParameters } from '../../../src/service/foundation/http/route-shapes.js';
import {
  heartbeatAnswerSchema,
  heartbeatSchema,
  validateAnswerSchema,
  validateSchema,
} from '../../../src/service/features/sessions/http/session-schemas.js';
import { openDatabase } from '../../../src/service/index.js';
import { heartbeatRecorder } from '../../../src/service/features/sessions/heartbeat.js';
import { toSession } from '../../../src/protocol/rules/session-view.js';
import { selectSessionViews } from '../../../src/service/features/sessions/session-view.js';
import { answer } from './answer.js';
import { processorMs } from './usage.js';

interface Answers {
  heartbeat(id: string): Promise<HeartbeatAnswer>;
  validation(id: string): Promise<ValidateAnswer>;
}

const { kysely } = await openDatabase({ databaseUrl: process.env.DATABASE_URL! });
const parts: Partial<ServiceContext> = { kysely, takesMoney: false, now: Date.now, timer: systemTimer };
const context = parts as ServiceContext;
const recorder = heartbeatRecorder(context);
const app = new OpenAPIHono();

async function readSession(id: string) {
  const view = await selectSessionViews(context).where('sessions.id', '=', id).executeTakeFirstOrThrow();
  return { session: toSession(view), server_time: view.read_at };
}

const reading: Answers = {
  async heartbeat(id) {
    const { session, server_time } = await readSession(id);
    recorder.record(id, { sessionId: id, heardAt: server_time });
    const { status, remaining_seconds, expires_at } = session;
    return { acknowledged: true, status, remaining_seconds, expires_at, server_time, session };
  },
  async validation(id) {
    const { session, server_time } = await readSession(id);
    return { valid: true, session, remaining_seconds: session.remaining_seconds, server_time };
  },
};

function addRoutes(prefix: string, answers: Answers): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: `${prefix}/api/v1/sessions/{id}/heartbeat`,
      request: { params: idParameters, body: body(heartbeatSchema) },
      responses: {
        200: { description: '', content: { 'application/json': { schema: heartbeatAnswerSchema } } },
      },
    }),
    async (c) => c.json(await answers.heartbeat(c.req.valid('param').id), 200),
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: `${prefix}/api/v1/sessions/validate`,
      request: { body: body(validateSchema) },
      responses: {
        200: { description: '', content: { 'application/json': { schema: validateAnswerSchema } } },
      },
    }),
    async (c) => c.json(await answers.validation((c.req.valid('json') as { jti: string }).jti), 200),
  );
}

addRoutes('/read', reading);
const port = await new Promise<number>((resolve) => {
  serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (address) => resolve(address.port));
});

answer({
  url: () => `http://127.0.0.1:${port}`,
  prepare: async (id: string) => {
    const [heartbeat, validation] = [await reading.heartbeat(id), await reading.validation(id)];
    addRoutes('/ready', { heartbeat: async () => heartbeat, validation: async () => validation });
  },
  processorMs,
});
