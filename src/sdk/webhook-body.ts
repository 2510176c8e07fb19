/** What the service sends at most, and much more than that. */
const maxBodyBytes = 1_048_576;

const parsedBefore =
  'The body was read before it came to the webhook route, and what is signed are its bytes. Mount the route before ' +
  'anything that parses bodies. Next.js App Router: export const POST = createWebhookRoute(...), and where you read the ' +
  'body yourself, read that of request.clone(). Hono: in no middleware call c.req.json(), or pass new Request(c.req.url, { method: ' +
  "'POST', headers: c.req.raw.headers, body: await c.req.arrayBuffer() }).";

/**
 * The whole body of a webhook, as it came; undefined where it is too long, whatever it said of its length.
 * @throws {TypeError} where the body was read already: says what to change.
 */
export async function readWebhookBody(request: Request): Promise<Uint8Array | undefined> {
  if (request.bodyUsed) throw new TypeError(parsedBefore);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader!.read()) {
    length += read.value.length;
    if (length > maxBodyBytes) {
      await reader!.cancel();
      return undefined;
    }
    chunks.push(read.value);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}
