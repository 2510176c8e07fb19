import type { Context } from 'hono';
import { ApiError, type ApiPromise } from '../src/sdk/index.js';

/** Answers a page with what the service has answered, or says why it has not in the service's own words. */
export async function passOn(c: Context, ask: () => ApiPromise<unknown>): Promise<Response> {
  try {
    return c.json((await (await ask().asResponse()).json()) as object);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500) throw error;
    const { code, message, status } = error;
    return c.json({ code, detail: message, status }, status as 400);
  }
}
