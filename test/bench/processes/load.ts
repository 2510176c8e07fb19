// Sends requests as fast as they are answered. Bare sockets: the load must cost less than what it measures.
import { connect, type Socket } from 'node:net';
import { sum } from '../harness/statistics.js';
import { answer } from './answer.js';

export interface Load {
  /** Where to: `http://127.0.0.1:…`. */
  url: string;
  /** Whole requests, each sent again and again. */
  requests: string[];
  connections: number;
  durationMs: number;
}

export interface Answered {
  count: number;
  withinMs: number;
}

const headEnd = '\r\n\r\n';

/** @throws where an answer was not 200. */
async function load({ url, requests, connections, durationMs }: Load): Promise<Answered> {
  const { hostname, port } = new URL(url);
  const encoded = requests.map((request) => Buffer.from(request));
  const startedAt = performance.now();
  const counts = await Promise.all(
    Array.from({ length: connections }, (_, first) => {
      const own = encoded.filter((_, index) => index % connections === first);
      return sendInTurn(connect(Number(port), hostname), own, startedAt + durationMs);
    }),
  );
  return { count: sum(counts), withinMs: performance.now() - startedAt };
}

function sendInTurn(socket: Socket, requests: readonly Buffer[], until: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    let received = '';
    const send = () => socket.write(requests[count % requests.length]!);
    socket.setNoDelay().setEncoding('latin1').on('error', reject).on('connect', send);
    socket.on('data', (chunk: string) => {
      received += chunk;
      const bodyAt = received.indexOf(headEnd) + headEnd.length;
      if (bodyAt < headEnd.length) return;
      const head = received.slice(0, bodyAt);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
      if (received.length < bodyAt + length) return;
      if (!head.startsWith('HTTP/1.1 200') || Number.isNaN(length)) {
        socket.destroy();
        return reject(new Error(received));
      }
      received = '';
      count += 1;
      if (performance.now() < until) return void send();
      socket.destroy();
      resolve(count);
    });
  });
}

answer({ load });
