// Node's own server, which opens a stream for everybody, keeps it open, and writes the same to all of them.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './answer.js';
import { usage } from './usage.js';

const open = new Set<ServerResponse>();
const server = createServer((_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write('event: session.snapshot\ndata: {}\n\n');
  open.add(response);
  response.on('close', () => open.delete(response));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
answer({
  url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  openStreams: () => open.size,
  write: (frames: string[]) => {
    for (const frame of frames) for (const response of open) response.write(frame);
  },
  usage,
});
