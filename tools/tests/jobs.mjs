// Jobs of a test run, each a process: started once what they need is done, as many at once as keep the processors busy.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { idleMeter } from './idle.mjs';

/** A process that tells nothing for longer than this hangs: a file has its own limit, run-files.mjs. */
const longestSilenceMs = 10 * 60_000;

/** The processes that run now. Each leads a group of its own, so that nothing that it started outlives it. */
const leaders = new Set();
process.on('exit', () => leaders.forEach(killGroup));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/**
 * @typedef {object} Job
 * @property {string} title
 * @property {string[]} args of Node.
 * @property {Job[]} [after] what has to be done before.
 * @property {boolean} [isAlone] whether nothing runs beside it: what it measures is not to be what others cost.
 * @property {number} [share] of one processor that it needs; the whole of it where nothing is said.
 * @property {NodeJS.ProcessEnv} [env] beside this process's own.
 * @property {{ hear(entry: object): void }} [report] hears what the process tells by itself.
 */

/** How often it is looked at whether the processors have time for one more, ms. */
const lookMs = 2000;
/** Of all processors: so much idle time is enough for one more. */
const enoughIdle = 0.2;

/**
 * Runs jobs, those that are named first first.
 * @param {Job[]} jobs
 * @param {(job: Job, outcome: { code: number | null, output: string, ms: number }) => void} onDone
 */
export async function runJobs(jobs, onDone) {
  const processors = Math.max(availableParallelism(), 2);
  // More than there are: they wait for half of their time, for timers, disks and each other.
  const capacity = processors * 2;
  /** Each takes memory, however long it waits. */
  const most = processors * 4;
  const waiting = new Set(jobs);
  const running = new Map();
  const idleShare = idleMeter();
  let hasTime = false;
  const isReady = ({ after = [] }) => after.every((job) => !waiting.has(job) && !running.has(job));
  const load = () => [...running.keys()].reduce((sum, { share = 1 }) => sum + share, 0);
  const fits = (job) =>
    running.size === 0 ||
    (!job.isAlone &&
      ![...running.keys()].some(({ isAlone }) => isAlone) &&
      (load() + (job.share ?? 1) <= capacity || (hasTime && running.size < most)));
  while (waiting.size || running.size) {
    for (const job of waiting) {
      if (!isReady(job) || !fits(job)) continue;
      // One at a time: what it costs shows at the next look.
      hasTime = false;
      waiting.delete(job);
      running.set(
        job,
        perform(job).then((outcome) => {
          running.delete(job);
          onDone(job, outcome);
        }),
      );
    }
    let look;
    const looked = new Promise((resolve) => (look = setTimeout(resolve, lookMs, true)));
    hasTime = (await Promise.race([...running.values(), looked])) === true && idleShare() >= enoughIdle;
    clearTimeout(look);
  }
}

async function perform({ args, env, report }) {
  const startedAt = Date.now();
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
    detached: true,
  });
  leaders.add(child);
  let output = '';
  const silence = setTimeout(() => {
    output += `\nStopped: nothing was heard for ${longestSilenceMs / 60_000} minutes.`;
    killGroup(child);
  }, longestSilenceMs);
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  child.on('message', (entry) => {
    silence.refresh();
    report?.hear(entry);
  });
  const [code] = await once(child, 'exit');
  clearTimeout(silence);
  killGroup(child);
  leaders.delete(child);
  // Its output is read to the end, unless somebody outside the group holds it open.
  if (!child.stdout.readableEnded) await Promise.race([once(child, 'close'), sleep(1000)]);
  return { code, output, ms: Date.now() - startedAt };
}

function killGroup({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}
