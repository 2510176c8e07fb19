import { createHash } from 'node:crypto';

/**
 * Takes what is uploaded, and answers what came: `/upload-sink?status=201`. Whoever says more than 100 kB is refused at once, as
 * a service does that looks at Content-Length.
 */
export async function uploadSink(context, next) {
  if (context.path !== '/upload-sink') return next();
  const { headers } = context.req;
  context.set('Retry-After', '7');
  if (Number(headers['content-length']) > 100_000) {
    context.status = 413;
    context.body = { code: 'FILE_TOO_LARGE' };
    return;
  }
  const hash = createHash('sha256');
  for await (const chunk of context.req) hash.update(chunk);
  const status = Number(context.query.status ?? 201);
  if (status > 599) {
    // No status of HTTP, which Koa would refuse.
    context.respond = false;
    context.res.writeHead(status).end('{}');
    return;
  }
  context.status = status;
  context.body = { sha256: hash.digest('hex'), name: headers['x-file-name'], type: headers['content-type'] };
}
