import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands between a service and its PostgreSQL, and can be the network that fails. */
export class SilentProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #url: URL;

  private constructor(server: Server, databaseUrl: string) {
    this.#server = server;
    this.#url = new URL(databaseUrl);
    this.#url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(databaseUrl: string): Promise<SilentProxy> {
    const { hostname, port } = new URL(databaseUrl);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new SilentProxy(server, databaseUrl);
    server.on('connection', (near) => {
      const far = connect(Number(port || 5432), hostname);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        proxy.#sockets.add(from);
        from.on('error', () => {}).on('close', () => to.destroy());
        from.pipe(to);
      }
    });
    return proxy;
  }

  /** Where the database is found behind it. */
  get databaseUrl(): string {
    return this.#url.href;
  }

  /** Every connection that is open lets nothing through from now on, and nobody is told; new ones work. */
  silence(): void {
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  /** Every connection that is open breaks. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
