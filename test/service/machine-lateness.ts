import { fork } from 'node:child_process';
import { once } from 'node:events';
import { nodeFlags, programOf } from '../programs.js';

/** A moment of sleep and a little work, in a process that has nothing else to do. */
export interface Beat {
  /** Milliseconds since the epoch. */
  endedAt: number;
  /** What it took beyond what it wanted. */
  lateMs: number;
}

export interface MachineWatch {
  /** @returns for how long of a time the machine let nobody work, ms since the epoch and ms. */
  stop(): Promise<(from: number, to: number) => number>;
}

/**
 * Watches how late the machine itself is: in a process of its own, which asks no database and knows nothing of the
 * service. What the service makes its own process or its database wait for is not among it.
 */
export async function watchMachine(): Promise<MachineWatch> {
  const child = fork(programOf('test/service/machine-beat.ts'), { execArgv: nodeFlags });
  await once(child, 'message');
  let stopped: Promise<Beat[]> | undefined;
  const stop = async () => {
    child.send('tell');
    const [beats] = (await once(child, 'message')) as [Beat[]];
    child.disconnect();
    await once(child, 'exit');
    return beats;
  };
  return {
    async stop() {
      const beats = await (stopped ??= stop());
      return (from, to) => {
        // The beat that was under way at the end is told by the next one only: it ends a little later.
        const within = beats.filter(({ endedAt, lateMs }) => endedAt > from && endedAt - lateMs < to);
        return within.reduce((sum, { lateMs }) => sum + lateMs, 0);
      };
    },
  };
}
