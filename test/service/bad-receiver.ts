import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { until } from './fixtures.js';

/** What a receiver does once a request has come, in place of answering it. */
export type BadManners = (socket: Socket) => void;

/** Receivers that never finish, each in its own way. */
export const badManners = {
  'switches protocols, and says no more': (socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
  'sends a byte now and then': (socket) => {
    let sent = 0;
    const answer = `HTTP/1.1 200 OK\r\nX-Padding: ${'x'.repeat(5_000)}`;
    const dripping = setInterval(() => socket.write(answer[sent++ % answer.length]!), 100);
    socket.once('close', () => clearInterval(dripping));
  },
  'promises an answer again and again': (socket) => {
    const promising = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 100);
    socket.once('close', () => clearInterval(promising));
  },
  'closes without an answer': (socket) => socket.end(),
  'closes in the middle of its answer': (socket) => socket.end('HTTP/1.1 200 OK\r\nX-Half: '),
  'breaks the connection': (socket) => socket.resetAndDestroy(),
  'answers what is no HTTP': (socket) => socket.write('220 mail.example ESMTP\r\n'),
  'never answers': () => {},
} satisfies Record<string, BadManners>;

/** A receiver that takes webhooks and has bad manners, on a free port of this machine. */
export class BadReceiver {
  /** Connections that are open. */
  readonly open = new Set<Socket>();
  /** How many requests have come. */
  taken = 0;
  readonly #server: Server;

  private constructor(manners: BadManners) {
    this.#server = createServer((socket) => {
      this.open.add(socket);
      socket.once('close', () => this.open.delete(socket)).on('error', () => {});
      socket.once('data', () => {
        this.taken += 1;
        manners(socket);
      });
    });
  }

  static async start(manners: BadManners): Promise<BadReceiver> {
    const receiver = new BadReceiver(manners);
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}/hooks`;
  }

  async atLeast(count: number): Promise<void> {
    await until(() => this.taken >= count);
  }

  async stop(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
