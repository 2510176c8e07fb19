// Blocks the main thread for 100 ms again and again, at moments that nobody can foresee, and writes them down.

/** By the page's performance.now(), ms. */
export interface LongTask {
  start: number;
  end: number;
}

const taskMs = 100;
const longestPauseMs = 400;
const tasks: LongTask[] = [];

function block(): void {
  const start = performance.now();
  while (performance.now() - start < taskMs);
  tasks.push({ start, end: performance.now() });
  next();
}

function next(): void {
  setTimeout(block, Math.random() * longestPauseMs);
}

window.longTasks = { tasks, start: next };

declare global {
  interface Window {
    longTasks: { tasks: readonly LongTask[]; start: () => void };
  }
}
