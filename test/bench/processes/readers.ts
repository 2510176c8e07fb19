// Readers of event streams: each a bare socket that waits for its first event and then takes what comes, or writes down when.
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
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
      if (!/^event: \w+\.snapshot$/m.test(received)) return;
      socket.off('data', onData).resume();
      resolve();
    };
    sockets.add(socket);
    socket.on('error', reject).on('data', onData);
    socket.on('connect', () => socket.write(request));
  });
}

/** What a reader has had since it was told to write it down. */
interface Notes {
  text: string;
  /** How long the text was, and when. */
  marks: [length: number, at: number][];
}

const notes = new Map<Socket, Notes>();

/** From now on it is written down when what comes. */
function listen(): void {
  for (const socket of sockets) {
    if (!notes.has(socket)) socket.on('data', (chunk: Buffer) => note(notes.get(socket)!, chunk));
    notes.set(socket, { text: '', marks: [] });
  }
}

function note(one: Notes, chunk: Buffer): void {
  one.text += chunk.toString('latin1');
  one.marks.push([one.text.length, Date.now()]);
}

export interface Heard {
  /** How many of all readers and words are missing. */
  missing: number;
  /** When the last one came, ms since the epoch. */
  lastAt: number;
}

/** Resolves when every reader has had every word, or none of them will any more. */
async function heard({ words, withinMs }: { words: string[]; withinMs: number }): Promise<Heard> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const times = [...notes.values()].flatMap((one) => words.map((word) => timeOf(one, word)));
    const missing = times.filter((at) => at === undefined).length;
    if (missing === 0 || Date.now() > giveUpAt)
      return { missing, lastAt: times.reduce<number>((last, at = 0) => Math.max(last, at), 0) };
    await wait(20);
  }
}

function timeOf({ text, marks }: Notes, word: string): number | undefined {
  const end = text.indexOf(word) + word.length;
  return end < word.length ? undefined : marks.find(([length]) => length >= end)?.[1];
}

/** The frame with a word, as the first reader has had it. */
function frameWith(word: string): string {
  const [{ text } = { text: '' }] = notes.values();
  return text.split('\n\n').find((frame) => frame.includes(word)) ?? '';
}

function close(): void {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  notes.clear();
}

answer({ open, close, listen, heard, frameWith });
