// Node's own server: what is posted to it is told on every open stream.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './answer.js';

const open = new Set<ServerResponse>();
const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Access-Control-Allow-Origin': '*' });
    response.write(':\n\n');
    open.add(response);
    response.on('close', () => open.delete(response));
    return;
  }
  let text = '';
  request.on('data', (chunk) => (text += String(chunk)));
  request.on('end', () => {
    for (const stream of open) stream.write(`data: ${text}\n\n`);
    response.writeHead(204).end();
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
answer({
  url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  openStreams: () => open.size,
});
