import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { SessionService } from './service.js';

export interface ServeOptions {
  /** 0 takes a free one. */
  port: number;
  /** 127.0.0.1 where none is named: only this machine. */
  host?: string;
}

export interface RunningServer {
  /** Such as `http://127.0.0.1:8080`. */
  url: string;
  /** Takes no new requests, lets the running ones finish, then resolves. */
  close(): Promise<void>;
}

/** Serves a session service over HTTP with Node's own server. */
export async function serve(
  service: Pick<SessionService, 'fetch'>,
  { port, host = '127.0.0.1' }: ServeOptions,
): Promise<RunningServer> {
  const server = createServer(getRequestListener((request) => service.fetch(request)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { url: `http://${name}:${address.port}`, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeIdleConnections();
  });
}
