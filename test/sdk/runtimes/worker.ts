// In a worker: the place is the body of the request.
import { scenario, type Place } from './scenario.js';

export default {
  async fetch(request: Request): Promise<Response> {
    try {
      return new Response((await scenario((await request.json()) as Place)).join(', '));
    } catch (error) {
      return new Response(String((error as Error).stack), { status: 500 });
    }
  },
};
