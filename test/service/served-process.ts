// `marketplace-session serve`, in a process of its own, as an operator runs it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { nodeFlags, programOf } from '../programs.js';
import { until } from './fixtures.js';

export interface ServedProcess {
  child: ChildProcess;
  /** Everything that it has written so far. */
  output: () => string;
}

export interface ServeSettings {
  options?: string[];
  variables?: Record<string, string>;
  /** Loaded before the service, such as a fault that is to happen in its process. */
  preload?: string;
}

/** Starts it on a free port, on the embedded database unless `DATABASE_URL` is among the variables. */
export function spawnServe(
  dataDirectory: string,
  { options = [], variables = {}, preload }: ServeSettings = {},
): ServedProcess {
  const loaders = preload ? ['--import', pathToFileURL(programOf(preload)).href] : [];
  const command = [...nodeFlags, ...loaders, programOf('src/cli.ts'), 'serve'];
  const args = [...command, '--port', '0', '--data-dir', dataDirectory, ...options];
  const env = { ...process.env, DATABASE_URL: undefined, MARKETPLACE_OPERATOR_KEY: undefined, ...variables };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  return { child, output: () => text };
}

/** Waits until it has started. @returns its address. */
export async function addressOf({ child, output }: ServedProcess): Promise<string> {
  await until(() => {
    if (child.exitCode !== null) throw new Error(`the service ended: ${output()}`);
    return output().includes('runs at');
  });
  return /runs at (\S+)/.exec(output())![1]!;
}

/** Sends a signal and waits for the end. @returns the code that it exits with; null where the signal killed it. */
export async function endWith({ child }: ServedProcess, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}
