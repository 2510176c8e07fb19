import { onChange } from './listen.js';
import { perRun } from './per-run.js';

/** Aborts when a run is over: its session has ended or failed, or its controller was destroyed. */
export const endSignalOf = perRun((run) => {
  const over = new AbortController();
  const { signal } = run;
  signal.addEventListener('abort', () => over.abort());
  onChange(run, ({ state }) => /ended|failed/.test(state) && over.abort(), signal);
  return over.signal;
});
