import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Question, Reply } from '../processes/answer.js';

/** A process of its own, so that what it does is not measured with what is done here. */
export interface Child {
  /** Calls one of its functions; argument and answer travel as JSON. @throws what it failed with. */
  ask<T>(call: string, argument?: unknown): Promise<T>;
  stop(): Promise<void>;
}

/**
 * Starts a script of `processes/`.
 * @param name without extension.
 * @param environment beside this process's own.
 */
export async function startChild(name: string, environment: Record<string, string> = {}): Promise<Child> {
  const script = fileURLToPath(new URL(`../processes/${name}.ts`, import.meta.url));
  const child = fork(script, {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    env: { ...process.env, ...environment },
  });
  const waiting = new Map<number, (reply: Reply) => void>();
  const isReady = new Promise<Reply>((resolve) => waiting.set(0, resolve));
  child.on('message', (reply: Reply) => waiting.get(reply.id)?.(reply));
  let lastId = 0;
  const exited = once(child, 'exit').then(([code]) => {
    for (const [id, resolve] of waiting) resolve({ id, error: `the process ${name} ended with ${code}` });
  });
  const { error } = await isReady;
  if (error !== undefined) throw new Error(error);
  return {
    async ask<T>(call: string, argument?: unknown) {
      const id = (lastId += 1);
      const reply = await new Promise<Reply>((resolve) => {
        waiting.set(id, resolve);
        child.send({ id, call, argument } satisfies Question);
      });
      waiting.delete(id);
      if (reply.error !== undefined) throw new Error(reply.error);
      return reply.answer as T;
    },
    async stop() {
      child.disconnect();
      await exited;
    },
  };
}
