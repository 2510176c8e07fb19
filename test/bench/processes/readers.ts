// Readers of event streams: each a bare socket that waits for its first event and then takes what comes.
import { connect, type Socket } from 'node:net';
import { answer } from './answer.js';

export interface Readers {
  /** Where to: `http://127.0.0.1:…`. */
  url: string;
  /** One whole request a reader. */
  requests: string[];
}

/** How many are opened side by side. */
const openAtATime = 50;
/** A port of this machine is free again only some time after its connection: several addresses have several ports. */
const localAddresses = 8;

const sockets = new Set<Socket>();

/** Resolves when each has its first event. */
async function open({ url, requests }: Readers): Promise<void> {
  const { hostname, port } = new URL(url);
  const waiting = [...requests.entries()];
  const openAll = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [index, request] = next;
      const localAddress = `127.0.0.${2 + (index % localAddresses)}`;
      await firstEvent(connect({ port: Number(port), host: hostname, localAddress }), request);
    }
  };
  await Promise.all(Array.from({ length: openAtATime }, openAll));
}

function firstEvent(socket: Socket, request: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = '';
    const onData = (chunk: Buffer) => {
      received += chunk.toString('latin1');
      if (!received.startsWith('HTTP/1.1 200')) return reject(new Error(received));
      if (!/^event: session\.snapshot$/m.test(received)) return;
      socket.off('data', onData).resume();
      resolve();
    };
    sockets.add(socket);
    socket.on('error', reject).on('data', onData);
    socket.on('connect', () => socket.write(request));
  });
}

function close(): void {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
}

answer({ open, close });
