// Sends requests as fast as they are answered. Bare sockets: the load must cost less than what it measures.
import { connect, type Socket } from 'node:net';
import { sum } from '../harness/statistics.js';
import { answer } from './answer.js';

export interface Load {
  /** Where to: `http://127.0.0.1:…`. */
  url: string;
  /** Whole requests. */
  requests: string[];
  /** Whether each is sent once, and not again and again; it is over when one connection has sent all of its own. */
  isOnce: boolean;
  connections: number;
  durationMs: number;
}

export interface Answered {
  count: number;
  withinMs: number;
}

const headEnd = '\r\n\r\n';

/** @throws where an answer was not 200. */
async function load({ url, requests, isOnce, connections, durationMs }: Load): Promise<Answered> {
  const { hostname, port } = new URL(url);
  const encoded = requests.map((request) => Buffer.from(request));
  const startedAt = performance.now();
  const turn: Turn = { endsAt: startedAt + durationMs, isOnce };
  const counts = await Promise.all(
    Array.from({ length: connections }, (_, first) => {
      const own = encoded.filter((_, index) => index % connections === first);
      return sendInTurn(connect(Number(port), hostname), own, turn);
    }),
  );
  return { count: sum(counts), withinMs: performance.now() - startedAt };
}

interface Turn {
  /** As `performance.now()` tells it. */
  endsAt: number;
  isOnce: boolean;
}

function sendInTurn(socket: Socket, requests: readonly Buffer[], turn: Turn): Promise<number> {
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
      // When one has nothing left all stop: what is measured is always as many connections at a time.
      if (turn.isOnce && count === requests.length) turn.endsAt = 0;
      if (performance.now() < turn.endsAt) return void send();
      socket.destroy();
      resolve(count);
    });
  });
}

answer({ load });
