import { readFile } from 'node:fs/promises';
import { ensureScriptTagFiles } from '../../tools/script-tag-files.mjs';

/** How often each address has been asked for. */
const asked = new Map();

/**
 * What a script tag loads, from a server that fails: `/unsteady/FAULT/ID/FILE`. FAULT is what happens to the first
 * request of each late file (`once-503`, `once-reset`), or to all requests of some (`never-de`).
 */
export async function unsteadyFiles(context, next) {
  const [, fault, id, file] = /^\/unsteady\/([\w-]+)\/([\w-]+)\/([\w.-]+)$/.exec(context.path) ?? [];
  if (!file) return next();
  ensureScriptTagFiles();
  const isLate = /-\d/.test(file);
  const key = `${id} ${file}`;
  const times = (asked.get(key) ?? 0) + 1;
  asked.set(key, times);
  const [when, what] = fault.split('-');
  if (isLate && when === 'once' && times === 1) {
    if (what === 'reset') return context.req.socket.destroy();
    context.status = +what;
  } else if (isLate && when === 'never' && file.startsWith(what)) context.status = 404;
  else {
    // A frame without an origin is another one.
    context.set('Access-Control-Allow-Origin', '*');
    context.type = 'text/javascript';
    context.body = await readFile(`dist/cdn/${file}`, 'utf8');
  }
}
