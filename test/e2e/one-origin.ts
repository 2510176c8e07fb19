import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serve } from '../../src/service/index.js';
import { startTestService, type TestService, type TestServiceOptions } from '../service/fixtures.js';
import { ensureScriptTagFiles } from '../../tools/script-tag-files.mjs';

/** A page, or another file, by its path; null where there is none. */
export type PageAnswer = (
  path: string,
  origin: string,
  request: Request,
) => Response | null | Promise<Response | null>;

/** A host of the same machine that browsers do not take for it, where one is told so. */
export const plainHost = 'plain.example';

/** A real service, the script tag's files and pages of a test, all of one origin. */
export interface OneOrigin {
  origin: string;
  service: TestService;
  /** Lets time pass for the service. */
  pass(seconds: number): void;
  /** Sells a session to a new customer. @returns its session token. */
  sell(durationSeconds: number): Promise<string>;
  close(): Promise<void>;
}

export async function openOneOrigin(
  answer: PageAnswer,
  options: TestServiceOptions = {},
): Promise<OneOrigin> {
  ensureScriptTagFiles();
  let skewMs = 0;
  const site = await serve(
    {
      async fetch(request) {
        const { pathname } = new URL(request.url);
        if (pathname.startsWith('/api/')) return service.service.fetch(request);
        const own = await answer(pathname, origin, request);
        if (own) return own;
        const script = await readFile(join('dist/cdn', pathname), 'utf8').catch(() => null);
        // A frame without an origin is another one.
        const headers = { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' };
        return script === null ? new Response(null, { status: 404 }) : new Response(script, { headers });
      },
    },
    { port: 0 },
  );
  const origin = `http://localhost:${new URL(site.url).port}`;
  const now = () => Date.now() + skewMs;
  const service = await startTestService({ publicUrl: origin, now, ...options });
  const plainOrigin = origin.replace('localhost', plainHost);
  const origins = { allowed_origins: [origin, plainOrigin], return_origins: [origin] };
  const application = await service.createApplication({ ...origins, tokens_per_minute: 1 });
  return {
    origin,
    service,
    pass: (seconds) => void (skewMs += seconds * 1000),
    async sell(duration_seconds) {
      const customer = await service.createCustomer(1000);
      const fields = { duration_seconds, return_url: `${origin}/elsewhere` };
      return (await service.createSession(application, customer, fields)).session_token;
    },
    async close() {
      await service.close();
      await site.close();
    },
  };
}
